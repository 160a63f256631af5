"""Put new keys in the place of old ones, while the product runs; say which there are, and what still needs them."""

import argparse
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from knownto.access import clock
from knownto.access.acts import SYSTEM
from knownto.identity import rekeying
from knownto.keyring import acts, guard, rotating
from knownto.keyring.asking import Service
from knownto.keyring.domain import Domain
from knownto.keyring.master import read_key_file, replace_key_file
from knownto.ledger import acts as ledger
from knownto.ledger.tree import publics
from knownto.site import blind_keys, small_secrets
from knownto.site.command import CommandError
from knownto.site.embedded import keep_cookie_secrets
from knownto.site.running import databases

COOKIES = "cookies"
Counts = dict[int, int]


@dataclass(frozen=True)
class Kind:
    """A kind of key: where it is, and what is to be done with everything that it sealed."""

    file: str  # the setting that names it
    within: str  # its name in that file
    domain: Domain
    sealed_by: Callable[[], Counts]
    anew: Callable[[rotating.Tell], int]


def _index(domain: Domain, file: str) -> Kind:
    made_by, anew = partial(blind_keys.made_by, domain), partial(blind_keys.turn_anew, domain)
    return Kind(file, "index", domain, made_by, anew)


def _wrapped(domain: Domain, file: str) -> Kind:
    return Kind(
        file, "seal", domain, lambda: rotating.wrapped_by(domain), lambda tell: rotating.wrap_anew(domain, tell)
    )


def _announce(_: rotating.Tell) -> int:
    """Say in the log which keys will sign it, before they do."""
    told = [f"signing-key:{key.id.hex()}" for key in publics()]
    with transaction.atomic():
        ledger.record(kind="grant", by=SYSTEM, about=told, because="signing-keys", now=clock.now())
    print("Give every witness and partner these, the one that signs first. A witness takes each with --log:")
    print("\n".join(key.text() for key in publics()))
    return 0


KINDS = {
    "seal": _wrapped(acts.ORDINARY, "KEY_FILE"),
    "guards": _wrapped(guard.GUARDED, "GUARD_KEY_FILE"),
    "index": _index(acts.ORDINARY, "KEY_FILE"),
    "guards-index": _index(guard.GUARDED, "GUARD_KEY_FILE"),
    "small": Kind("KEY_FILE", "small", acts.ORDINARY, small_secrets.sealed_by, small_secrets.seal_anew),
    "sign": Kind("KEY_FILE", "sign", acts.ORDINARY, Counts, _announce),
}


def run(args: argparse.Namespace) -> int:
    if args.kind == COOKIES and args.what in COOKIES_DO:
        return COOKIES_DO[args.what](settings.VAR / "cookie-secret")
    if args.what == "status":
        with databases(args.var):
            return status()
    if args.kind not in KINDS:
        raise CommandError(f"say which kind of key: {', '.join([*KINDS, COOKIES])}")
    with databases(args.var):
        return DO[args.what](args.kind)


def status() -> int:
    """Exit status 1 while a key service refuses somebody."""
    refusing = False
    for name, kind in KINDS.items():
        there, sealed = rotating.numbers(kind.domain.asked(), kind.within), kind.sealed_by()
        said = ", ".join(f"{n} ({sealed.get(n, 0):,} sealed with it)" if sealed else str(n) for n in there)
        print(f"{name}: {said}")
    if so_far := rekeying.so_far():
        print(f"records' {so_far} records. Go on with: knownto keys rotate index")
    for name, domain in (("key service", acts.ORDINARY), ("guards' key service", guard.GUARDED)):
        service = domain.asked()
        how = service.do("health", [])[0].decode() if isinstance(service, Service) else "none: the file is read here"
        refusing = refusing or how == "refusing"
        print(f"{name}: {how}")
    return 1 if refusing else 0


def new(name: str) -> int:
    kind, file = KINDS[name], _file(name)
    replace_key_file(file, read_key_file(file).with_new(kind.within))
    print(f"There is a new key of the kind {name}. Next: knownto keys wrap-anew {name}")
    return 0


def wrap_anew(name: str) -> int:
    _tell_the_log("keys-anew-begun", name)
    done = KINDS[name].anew(lambda so_far: print(f"\r{so_far:,} sealed anew", end="", flush=True))
    _tell_the_log("keys-anew-ended", name)
    print(f"\r{done:,} sealed anew. Next: knownto keys drop {name}, once every copy of the key file has the new key.")
    return 0


def _tell_the_log(what: str, name: str) -> None:
    because = f"{name}:{rotating.numbers(KINDS[name].domain.asked(), KINDS[name].within)[-1]}"
    with transaction.atomic():
        ledger.record(kind=what, by=SYSTEM, because=because, now=clock.now())


def drop(name: str) -> int:
    """Drop the older ones, unless something still needs them."""
    kind, file = KINDS[name], _file(name)
    held, sealed = read_key_file(file), kind.sealed_by()
    *older, newest = sorted(held.keys[kind.within])
    if needed := {n: count for n, count in sealed.items() if n != newest and count}:
        raise CommandError(
            f"{sum(needed.values()):,} are still sealed with an older key: knownto keys wrap-anew {name}"
        )
    replace_key_file(file, held.without(kind.within, older))
    print(f"{len(older)} dropped: what they sealed, in any copy, opens no more.")
    return 0


def rotate(name: str) -> int:
    """All three, or what was left of them when the last time was broken off."""
    if name == "sign":
        raise CommandError("witnesses must learn of the new key before it signs: see docs/keys.md for the three steps")
    if len(read_key_file(_file(name)).keys[KINDS[name].within]) == 1:
        new(name)
    wrap_anew(name)
    return drop(name)


def _file(name: str) -> Path:
    """The key file. Where it is another user's, that user has `new` and `drop` with --file."""
    kind = KINDS[name]
    if isinstance(kind.domain.asked(), Service) and not Path(getattr(settings, kind.file)).exists():
        raise CommandError("the key file is with the key service: as its user, give --file (docs/keys.md)")
    return Path(getattr(settings, kind.file))


def _new_cookies(path: Path) -> int:
    keep_cookie_secrets(path, [*path.read_text().split(), secrets.token_urlsafe(50)])
    print("Start web and worker anew: they accept the new secret then. Next: knownto keys wrap-anew cookies")
    return 0


def _use_cookies(path: Path) -> int:
    *older, newest = path.read_text().split()
    keep_cookie_secrets(path, [newest, *older])
    print("Start web and worker anew: the new secret signs then. Ten hours later: knownto keys drop cookies")
    return 0


def _drop_cookies(path: Path) -> int:
    keep_cookie_secrets(path, path.read_text().split()[:1])
    print("Start web and worker anew: what older secrets signed counts no more.")
    return 0


DO = {"new": new, "wrap-anew": wrap_anew, "drop": drop, "rotate": rotate}
COOKIES_DO = {"new": _new_cookies, "wrap-anew": _use_cookies, "drop": _drop_cookies}
