"""The `knownto` command. What each part does, in words a stranger can follow; the doing is in `commands/`."""

import argparse
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import django

from knownto.keyring.master import NoKeyFile, StillNeeded
from knownto.keyring.service import ARGUMENTS as KEY_SERVICE
from knownto.keyring.service import drop_in_file, new_in_file
from knownto.keyring.service import serve as serve_keys
from knownto.site.embedded import PROJECT
from knownto.site.linkage_actions import ACTIONS as LINKAGE
from knownto.site.linkage_actions import Argument

DESCRIPTION = """Knownto: who is this person known to?

A tracker for safeguarding partnerships. Start with `knownto demo`, which builds a fictional borough and serves it.
Everything it makes is under one folder (--var, or KNOWNTO_VAR; ./var if neither is given)."""

# Each command: its name, one line of help, a longer description, and its arguments as (flags, settings), or its actions
# by name, each with a line of help and arguments of its own.
PARTNERSHIP = ["show", "plan", "apply", "endpoint", "secret", "close"]
LEDGER = ["verify", "export", "head", "key", "witness", "witness-gone", "witnesses", "declare"]
KEYS = ["serve", "status", "new", "wrap-anew", "drop", "rotate"]

COMMANDS = {
    "demo": (
        "build the fictional borough and serve it, with one-click sign-in",
        "Generates a borough, pushes a year of its agencies' daily files through the real intake into a real "
        "PostgreSQL, and serves the product on it. Nothing in it is about a real person. A second run starts at "
        "once on what the first one built; --fresh builds it again.",
        [
            (("--port",), {"type": int, "default": 8000, "help": "port to serve on (default 8000)"}),
            (("--size",), {"choices": ["small", "borough"], "default": "small", "help": "3,000 people, or 285,000"}),
            (("--seed",), {"type": int, "default": 2026, "help": "another number gives another borough"}),
            (("--fresh",), {"action": "store_true", "help": "throw the built borough away and build it again"}),
            (("--build-only",), {"action": "store_true", "help": "build, and stop before serving"}),
        ],
    ),
    "serve": (
        "serve the product on the databases that the settings name",
        "Brings the databases' tables up to date, then runs the web server and the background worker until Ctrl-C. "
        "Without DATABASE_URL it starts an embedded PostgreSQL of its own.",
        [(("--port",), {"type": int, "default": 8000, "help": "port to serve on (default 8000)"})],
    ),
    "partnership": (
        "found a partnership from a file, change it, and say where agencies take their copies",
        "show: prints the agencies, their teams and when files are expected, as the file that would make them. plan: "
        "says what a file (--file) would change. apply: changes it; nothing is taken away by leaving it out. "
        "endpoint: where an agency's record system takes its copies (--agency, and --at or --folder). secret: a new "
        "one to sign them with. close: sends nothing there any more.",
        [
            (("what",), {"choices": PARTNERSHIP, "help": "what to do"}),
            (("--file",), {"type": Path, "help": "plan, apply: the partnership, as docs/partnership.md shows"}),
            (("--agency",), {"default": "", "help": "code of the agency"}),
            (("--at",), {"default": "", "help": "endpoint: an https address"}),
            (("--folder",), {"default": "", "help": "endpoint: the name of a folder in KNOWNTO_OUT"}),
        ],
    ),
    "load": (
        "take in one agency's file, as if it had come by the usual way",
        "Checks the file against the published contract, loads its good rows and prints the report. The same file "
        "twice changes nothing.",
        [
            (("file",), {"type": Path, "help": "a CSV or XLSX file"}),
            (("--agency",), {"required": True, "help": "the code of the agency that it is from"}),
            (("--mode",), {"choices": ["snapshot", "delta"], "required": True, "help": "everything, or what changed"}),
            (("--as-of",), {"required": True, "help": "the day it describes, as 2026-11-21"}),
            (("--rows",), {"type": int, "help": "how many rows it should have, if you know"}),
        ],
    ),
    "search": (
        "ask who somebody is known to, from the command line",
        "The same question as the page asks: it needs a worker's sign-in name and password, a purpose and the work "
        "it is for, and is recorded in the ledger. Answers on the terminal.",
        [
            (("--as",), {"dest": "sign_in", "required": True, "help": "your sign-in name; asks for password and code"}),
            (("--purpose",), {"required": True, "help": "code of the purpose, such as child-concern"}),
            (("--work",), {"required": True, "help": "reference of the work it is for"}),
            (("--given",), {"default": "", "help": "given names"}),
            (("--family",), {"default": "", "help": "family name"}),
            (("--born",), {"default": "", "help": "date of birth, as 2014-05-31"}),
            (("--postcode",), {"default": "", "help": "postcode"}),
            (("--nhs-number",), {"default": "", "help": "NHS number"}),
        ],
    ),
    "ledger": (
        "check that nobody has changed the record of who looked",
        "verify: recomputes the whole log from its entries and compares it with every signed head. "
        "export: writes it as a file that a partner can check with the stand-alone verifier. "
        "head: prints the newest signed head, for a partner to keep. key: prints the public key, for witnesses. "
        "witness: takes on a partner's witness (--agency, --at, --key). witness-gone: lets one go whose key or "
        "machine is lost (--key). witnesses: how they stand; asks each for the last head that it saw. "
        "declare: says that a backup was put back, and why (--because); until then nothing leaves.",
        [
            (("what",), {"choices": LEDGER, "help": "what to do"}),
            (("--head",), {"type": Path, "help": "a head kept earlier, to verify against"}),
            (("--to",), {"type": Path, "help": "file to export to"}),
            (("--agency",), {"default": "", "help": "witness: code of the agency that runs it"}),
            (("--at",), {"default": "", "help": "witness: its https address"}),
            (("--key",), {"default": "", "help": "witness: its public key, as its people gave it to you"}),
            (("--because",), {"default": "", "help": "declare: why, in a sentence about nobody; partners read it"}),
        ],
    ),
    "bench": (
        "measure speed and memory, and write bench/results.json",
        "Runs the benchmarks, each beside its peer where there is one, on this machine and in one run. The large "
        "borough is built once and kept.",
        [
            (("--size",), {"choices": ["small", "borough"], "default": "small", "help": "size of data"}),
            (("--only",), {"default": "", "help": "run only the benchmarks whose name contains this"}),
        ],
    ),
    "linkage": (
        "learn the weights of matching from records, measure them, and sign them off",
        "Each action has its own options: `knownto linkage ACTION --help`. What learns or compares with other matchers "
        "needs what `bin/setup train` installs. See docs/linkage.md, and docs/sizing.md for loads and sizes.",
        LINKAGE,
    ),
    "keys": (
        "hold the master keys in a process of their own, and put new keys in the place of old ones",
        "serve: the key service (--socket, --file, --domain, --allow USER:PART, --log). status: which keys there are, "
        "how much is still sealed with each, and how the service is. rotate: a new key of that kind, everything sealed "
        "with it, and the old ones dropped; new, wrap-anew and drop are its three parts, for where the key file is "
        "with another user. All can be broken off and begun again, while the product runs. See docs/keys.md.",
        [
            (("what",), {"choices": KEYS, "help": "what to do"}),
            (
                ("kind",),
                {"nargs": "?", "default": "", "help": "seal, index, guards, guards-index, small, sign or cookies"},
            ),
            *KEY_SERVICE,
        ],
    ),
    "backup": (
        "copy both databases; with --follow, write down everything that is committed from then on",
        "One copy of each database (data and keys apart), into KNOWNTO_ARCHIVE and KNOWNTO_KEYS_ARCHIVE, or beside the "
        "embedded databases. --follow receives the write-ahead log of both until it is stopped: run it beside the "
        "product, all the time. Together they let `knownto restore` go back to any second since the oldest copy.",
        [
            (("--follow",), {"action": "store_true", "help": "go on writing down what is committed, until stopped"}),
            (("--keep-days",), {"type": int, "default": 35, "help": "how long copies are kept (default 35)"}),
        ],
    ),
    "restore": (
        "put both databases back to a moment",
        "Stop the product first. The data goes back to that moment; the keys go to the end of their archive, so that "
        "whatever was erased since stays erased. Says what was lost, and whom to ask for it again. Nothing leaves the "
        "product until `knownto ledger declare` says in the log that this was done, and why.",
        [
            (("--to",), {"required": True, "help": "the moment, as 2026-11-22T14:03:00 (UTC), or latest"}),
            (("--keys-to",), {"default": "latest", "help": "only if the end of the keys' archive is lost too"}),
        ],
    ),
    "upgrade": (
        "bring the databases and page assets of an installation up to this release",
        "Brings both databases' tables up to date as their owner, who is named by OWNER_DATABASE_URL, and collects the "
        "page assets. The installer runs it while nothing else runs; docs/production.md says what comes before and "
        "after.",
        [],
    ),
    "administrator": (
        "open the first account, on an installation that has no administrator",
        "Prints a first password, once. Whoever holds it opens every other account on the page Accounts. Refuses where "
        "there is an administrator already.",
        [
            (("--sign-in",), {"required": True, "help": "sign-in name"}),
            (("--name",), {"required": True, "help": "full name"}),
            (("--agency",), {"required": True, "help": "code of the agency, such as council; made if it is not there"}),
            (("--agency-name",), {"default": "", "help": "what that agency is called"}),
        ],
    ),
    "stop": (
        "stop an embedded database that a crash has left running",
        "Stops the embedded PostgreSQL of the folder that --var names, if one runs. `knownto demo` and `knownto serve` "
        "stop their own; this is for after a power cut or a kill. The demonstration's folder is var/demo-small.",
        [],
    ),
}


class CommandError(Exception):
    """Something the person at the keyboard can put right."""


EXPLAINED = {"CommandError", "PortTaken", "NotReady", "NoKeyFile", "BadAgreement"}  # their sentence says it all


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        "knownto", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whole.add_argument("--var", type=Path, help="folder for databases, keys, received files and logs")
    parts = whole.add_subparsers(dest="command", metavar="command")
    for name, (line, description, arguments) in COMMANDS.items():
        part = parts.add_parser(name, help=line, description=description)
        if isinstance(arguments, dict):
            actions = part.add_subparsers(dest="what", metavar="action", required=True)
            for action, (line, own) in arguments.items():
                _add(actions.add_parser(action, help=line, description=f"{line[0].upper()}{line[1:]}."), own)
        else:
            _add(part, arguments)
    return whole


def _add(part: argparse.ArgumentParser, arguments: Iterable[Argument]) -> None:
    for flags, said in arguments:
        part.add_argument(*flags, **said)


def main(words: list[str] | None = None) -> int:
    """Run one command. Returns its exit status; an interrupt is a way to stop, not an error."""
    args = parser().parse_args(words)
    if args.command is None:
        print(parser().format_help(), file=sys.stderr)
        return 2
    if args.command == "keys" and (args.what == "serve" or args.file):
        return _keys(args)  # under a user of its own, who has neither settings nor a database
    args.var = (args.var or Path(os.environ.get("KNOWNTO_VAR", PROJECT / "var"))).resolve()
    if args.command in ("demo", "bench"):
        args.var = args.var / f"demo-{args.size}"
        os.environ["KNOWNTO_DEMO"] = "1"
    os.environ["KNOWNTO_VAR"] = str(args.var)
    os.environ["DJANGO_SETTINGS_MODULE"] = "knownto.site.settings"
    django.setup()
    try:
        return import_module(f"knownto.site.commands.{args.command}").run(args) or 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if type(error).__name__ not in EXPLAINED:
            raise
        print(f"knownto: {error}", file=sys.stderr)
        return 2


def _keys(args: argparse.Namespace) -> int:
    """What needs the key file and nothing else."""
    does = {"serve": serve_keys, "new": new_in_file, "drop": drop_in_file}.get(args.what)
    if does is None or not args.file or (args.what == "serve" and not args.socket):
        print("knownto: with --file there are serve (which needs --socket), new and drop", file=sys.stderr)
        return 2
    try:
        return does(args)
    except (NoKeyFile, StillNeeded) as error:
        print(f"knownto: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
