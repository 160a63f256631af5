"""The one file, as a partner runs it: nothing installed, an export, and a head that was kept."""

import ast
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from knownto.proof import Entry, export_head, export_header, export_line, verifier

from .ledgers import OWNER, TAMPERINGS, THIEF, honest

FILE = Path(verifier.__file__)


def exported(ledger, withheld=()) -> list[str]:
    entries = [row.entry() for row in ledger.rows]
    entries = [Entry(entry.place, None, entry.leaf) if entry.place in withheld else entry for entry in entries]
    return [export_header([OWNER.public], len(entries), len(ledger.heads)), *map(export_head, ledger.heads),
            *map(export_line, entries)]


def test_it_runs_alone_with_nothing_installed(partner, ledger):
    export = partner.write("export.jsonl", *exported(ledger))
    head = partner.write("head.txt", ledger.heads[-1].note)
    ran = subprocess.run([sys.executable, "-I", "-S", FILE, export, "--head", head], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"SOUND. {ledger.signed()} entries are exactly those that head")


def test_it_imports_nothing_but_the_standard_library():
    imports = [node for node in ast.walk(ast.parse(FILE.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_it_vouches_for_an_honest_ledger_that_grew(partner, ledger):
    export = partner.write("export.jsonl", *exported(ledger))
    new, old = (partner.write(f"{n}.txt", ledger.heads[n].note) for n in (-1, 2))
    code, said = partner.runs(export, "--head", new, "--since", old, "--key", OWNER.public.text())
    assert code == 0, said
    code, said = partner.runs(export, "--head", old)
    assert code == 0, said


def test_it_says_what_it_cannot_vouch_for(partner, ledger):
    tail = len(ledger.rows) - ledger.signed()
    export = partner.write("export.jsonl", *exported(ledger, withheld={1, 2, 3}))
    code, said = partner.runs(export, "--head", partner.write("head.txt", ledger.heads[-1].note))
    assert code == 0
    assert "3 entries are shown as fingerprints only" in said
    assert (f"nothing can be said: {tail}." in said) == (tail > 0)


def test_it_forgives_what_mail_does_to_a_head(partner, ledger):
    export = partner.write("export.jsonl", *exported(ledger))
    path = partner.folder / "head.txt"
    path.write_bytes(b"\xef\xbb\xbf" + ledger.heads[-1].note.replace("\n", " \r\n").encode() + b"\r\n\r\n")
    assert partner.runs(export, "--head", str(path))[0] == 0


# Receipts are not in an export, and a payload that is gone from one is one that is not shared.
NOT_IN_AN_EXPORT = {"unsigned_entry_with_a_receipt_removed", "payload_removed"}


@pytest.mark.parametrize("kind", sorted(set(TAMPERINGS) - NOT_IN_AN_EXPORT))
def test_it_finds_every_kind_of_tampering_in_an_export(partner, kind):
    ledger = honest(4)
    kept = [partner.write(f"{n}-{m}.txt", head.note)
            for n, heads in enumerate(ledger.published) for m, head in enumerate(heads)]
    before = [list(heads) for heads in ledger.published]
    TAMPERINGS[kind](ledger, random.Random(kind))
    if ledger.published != before:  # a witness was told another story
        kept = [partner.write("other.txt", ledger.published[1][-1].note)]
    export = partner.write("export.jsonl", *exported(ledger))
    code, said = partner.runs(export, *(part for path in kept for part in ("--head", path)))
    assert code == 1, said
    assert said.startswith("TAMPERING FOUND")
    assert "Keep the export and your head" in said


def test_one_kept_head_convicts_a_ledger_rewritten_with_the_stolen_key(partner, ledger):
    kept = partner.write("head.txt", ledger.heads[-1].note)
    TAMPERINGS["signed_again_with_the_stolen_key"](ledger, random.Random(1))
    code, said = partner.runs(partner.write("export.jsonl", *exported(ledger)), "--head", kept)
    assert code == 1
    assert "was published, but" in said


def test_a_ledger_that_is_someone_elses_altogether_is_found_out(partner, ledger):
    """The export brings its own key along: the head that was kept does not fit that key."""
    kept = partner.write("head.txt", ledger.heads[-1].note)
    lines = [line.replace(OWNER.public.text(), THIEF.public.text()) for line in exported(ledger)]
    code, said = partner.runs(partner.write("export.jsonl", *lines), "--head", kept)
    assert code == 1
    assert "signed with a key that is not this ledger's" in said


@pytest.mark.parametrize(("line", "text"), [
    (0, "{}"), (0, "not json"), (-1, '{"index": 0}'), (-1, '{"index": 0, "leaf": "zz"}'),
    (-1, '{"index": 0, "leaf": "00", "fields": {"a": 1.5}}'), (-1, '{"index": 0, "leaf": "00", "fields": {"a": null}}'),
    (-1, '{"index": 0, "leaf": "00", "fields": {"a": 1, "a": 2}}'), (-1, '{"index": "0", "leaf": "00"}'),
    (-1, '{"index": 0, "leaf": "00", "fields": {"a": {"hex": "00", "text": "x"}}}'), (-1, '["index"]'), (-1, "7"),
    (-1, '{"index": 0, "leaf": "00", "sealed": "?"}'), (0, ""),
    (0, '{"knownto_ledger_export": 1, "keys": ["rubbish"]}'), (-1, '{"head": 7}'),
])
def test_a_file_that_it_cannot_read_is_no_verdict(partner, ledger, line, text):
    lines = exported(ledger)
    lines[line] = text
    head = partner.write("head.txt", ledger.heads[-1].note)
    code, said = partner.runs(partner.write("export.jsonl", *lines), "--head", head)
    assert code == 2
    assert said.startswith("COULD NOT CHECK")


def test_a_head_that_is_missing_or_no_head_is_no_verdict(partner, ledger):
    export = partner.write("export.jsonl", *exported(ledger))
    assert partner.runs(export, "--head", str(partner.folder / "nowhere.txt"))[0] == 2
    assert partner.runs(export, "--head", partner.write("head.txt", "rubbish"))[0] == 2
    assert partner.runs(export)[0] == 2


def test_an_export_holds_each_entry_as_it_was_hashed(ledger):
    for row in ledger.rows[:20]:
        line = json.loads(export_line(row.entry()))
        written = verifier.canonical({name: verifier._thawed(value) for name, value in line["fields"].items()})
        assert verifier.leaf_hash(written).hex() == line["leaf"]
