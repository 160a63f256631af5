"""What partners would send: every row keeps the contract, and what is wrong is wrong on purpose."""

import csv
import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import pytest

from knownto.town import build, write
from knownto.town.tests.conftest import ENDS
from knownto.town.tests.contract import FILE, day, read, wrong


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "feeds").rglob("*") if path.suffix in (".csv", ".xlsx"))


@pytest.fixture(scope="module")
def spoiled(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """File -> line -> fault, as the truth lists them."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for fault in table(folder, "faults"):
        found.setdefault(fault["file"], {})[fault["line"]] = fault
    return found


def test_it_sends_only_rows_that_keep_the_contract_save_those_listed_as_faults(folder, spoiled):
    broken = []
    for path in files(folder):
        about = FILE.fullmatch(path.name)
        planted = spoiled.get(path.name, {})
        columns, rows = read(path)
        if any(f["fault"] == "truncated" for f in planted.values()):
            rows = rows[:-1]
        for line, row in enumerate(rows, start=2):
            faults = wrong(row, columns, about["agency"], date.fromisoformat(about["day"]))
            if bool(faults) is not (str(line) in planted):
                broken.append((path.name, line, faults))
    assert broken == []


def test_it_names_each_fault_in_the_truth_by_file_line_and_field(folder, spoiled):
    seen = Counter()
    for name, planted in spoiled.items():
        about = FILE.fullmatch(name)
        _, rows = read(folder / "feeds" / about["agency"] / name)
        for line, fault in planted.items():
            seen[fault["fault"]] += 1
            if line:
                assert rows[int(line) - 2][fault["field"]] == fault["value"]
                assert wrong(rows[int(line) - 2], [], about["agency"], date.fromisoformat(about["day"]))
    kinds = {"not agreed": 7, "bad row": 6, "late": 1, "twice": 1, "out of order": 1, "truncated": 1}
    assert seen == kinds


def test_it_sends_a_manifest_that_fits_each_file_but_the_truncated_one(folder, spoiled):
    for path in files(folder):
        manifest = path.with_name(path.name + ".manifest.json")
        cut = any(f["fault"] == "truncated" for f in spoiled.get(path.name, {}).values())
        if path.suffix == ".xlsx":
            assert not manifest.exists()  # schools send none
            continue
        said = json.loads(manifest.read_text())
        fits = said["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert fits is not cut
        assert cut or said["rows"] == len(read(path)[1])


def test_it_opens_with_a_snapshot_of_every_agency_that_reaches_thirty_months_back(folder, town):
    opening = {path.name.split("_")[0] for path in files(folder) if town.first.isoformat() in path.name}
    assert opening == {"police", "childrens-social-care", "hospital", "school"}
    _, rows = read(folder / "feeds/police" / f"police_snapshot_{town.first.isoformat()}.csv")
    oldest = min(day(row["started_on"]) for row in rows)
    assert timedelta(days=820) < town.first - oldest < timedelta(days=920)


def test_it_sends_police_and_hospital_files_daily_and_social_care_on_working_days(folder):
    days: dict[str, set[date]] = {}
    for about in (FILE.fullmatch(path.name) for path in files(folder)):
        if about["mode"] == "delta":
            days.setdefault(about["agency"], set()).add(date.fromisoformat(about["day"]))
    assert len(days["police"]) == len(days["hospital"]) == 364
    assert {when.weekday() for when in days["childrens-social-care"]} == {0, 1, 2, 3, 4}
    assert {when.weekday() for when in days["school"]} == {4}
    assert not any(when.month == 8 for when in days["school"])


def test_it_delivers_every_file_once_in_an_order_that_has_the_planted_disorder(folder):
    arrivals = table(folder, "deliveries")
    assert sorted(a["file"] for a in arrivals) == [path.name for path in sorted(files(folder), key=lambda p: p.name)]
    order = {a["file"]: int(a["order"]) for a in arrivals}
    assert order["police_delta_2026-07-03.csv"] > order["police_delta_2026-07-04.csv"]
    late = ["police_delta_2026-04-14.csv", "police_delta_2026-04-15.csv", "police_delta_2026-04-16.csv"]
    assert [order[name] for name in late] == sorted(order[name] for name in late)
    assert {a["delivered_on"] for a in arrivals if a["file"] in late} == {"2026-04-17"}


def replayed(folder: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    """The rows that stand after every good file was read in the order of its days."""
    held: dict[tuple[str, str, str], dict[str, str]] = {}
    good = [p for p in files(folder) if "_2." not in p.name and p.name != "hospital_delta_2026-08-02.csv"]
    good.append(folder / "feeds/hospital/hospital_delta_2026-08-02_2.csv")
    for path in sorted(good, key=lambda p: FILE.fullmatch(p.name)["day"]):
        about = FILE.fullmatch(path.name)
        _, rows = read(path)
        if about["mode"] == "snapshot":
            held = {key: row for key, row in held.items() if key[0] != about["agency"]}
        for row in rows:
            key = (about["agency"], row["record_id"], row["contact_id"])
            if row.get("change") != "remove":
                held[key] = row
                continue
            held = {k: v for k, v in held.items() if k[:2] != key[:2] or (key[2] and k != key)}
    return held


def test_it_leaves_exactly_the_true_contacts_standing_after_a_year_of_files(folder, town):
    held = {key for key in replayed(folder) if not key[2].startswith(("BAD", "NOT-AGREED")) and key[2]}
    merged = {(r["agency"], r["record_id"]): r for r in table(folder, "records") if r["merged_into"]}
    expected = set()
    for contact in table(folder, "contacts"):
        key = (contact["agency"], contact["record_id"])
        if contact["removed_on"] and contact["removed_on"] <= ENDS.isoformat():
            continue
        if key in merged:
            key = (key[0], merged[key]["merged_into"])
        expected.add((*key, contact["contact_id"]))
    # What was keyed in after an agency's last file of the year has not been told yet.
    recent = {(c["agency"], c["contact_id"]) for c in table(folder, "contacts") if c["started_on"] > "2026-10-15"}
    unexplained = {(a, c) for a, _, c in held ^ expected} - recent
    assert held - expected - {k for k in held if (k[0], k[2]) in recent} == set()
    assert len(unexplained) <= 5


def test_it_knows_the_true_person_of_every_record_it_sends(folder):
    true = {(row["agency"], row["record_id"]) for row in table(folder, "records")}
    people = {row["person_id"] for row in table(folder, "people")}
    assert {row["person_id"] for row in table(folder, "records")} <= people
    for path in files(folder):
        agency = FILE.fullmatch(path.name)["agency"]
        cut = path.name == "hospital_delta_2026-08-02.csv"
        sent = {row["record_id"] for row in read(path)[1][: -1 if cut else None]}
        assert all((agency, record) in true for record in sent)


def test_it_says_nothing_of_a_person_when_it_takes_a_contact_back(folder):
    removals = [row for path in files(folder) for row in read(path)[1] if row.get("change") == "remove"]
    assert removals
    assert {column for row in removals for column, cell in row.items() if cell} <= {"record_id", "contact_id", "change"}


def test_it_writes_the_same_bytes_for_the_same_seed_and_others_for_another(folder, tmp_path):
    again, other = tmp_path / "again", tmp_path / "other"
    start = process_time()
    write(build("small", seed=7, ends=ENDS), again)
    assert process_time() - start < 8  # seconds of one core: others wait for a small town
    write(build("small", seed=8, ends=ENDS), other)
    name = Path("feeds/hospital/hospital_snapshot_2025-11-01.csv")
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        assert path.read_bytes() == (again / path.relative_to(folder)).read_bytes(), path.name
    assert (other / name).read_bytes() != (folder / name).read_bytes()


def test_it_gives_a_child_who_was_unborn_a_name_once_born(folder):
    rows = [row for path in files(folder) if "social-care" in path.name for row in read(path)[1]]
    unborn = {row["record_id"]: row["expected_birth_date"] for row in rows if row.get("expected_birth_date")}
    named = [row for row in rows if row["record_id"] in unborn and row["date_of_birth"]]
    assert named
    assert not any(row["given_names"] == "Unborn" for row in named)
    for row in rows:
        if row.get("expected_birth_date") and row["status"] == "open":
            assert day(row["last_contact_on"] or row["started_on"]) <= day(row["expected_birth_date"]) + timedelta(
                days=21
            )
