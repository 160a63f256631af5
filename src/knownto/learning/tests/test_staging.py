"""What lies in the folder that a cluster reads: sealed, bound to its place, and gone when it is destroyed."""

import pytest
from cryptography.exceptions import InvalidTag

from knownto.learning import staging
from knownto.learning.staging import Manifest, Staged

RECORDS = [Staged(n, -n, [n, -(2**63)], '{"g": ["ÓRLAITH"]}') for n in range(1, 8)]


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "A_PART", 3)
    key = staging.make_key(tmp_path / "key")
    assert staging.write(iter(RECORDS), tmp_path / "out", key) == 7
    staging.put_manifest(tmp_path / "out", Manifest("7:1", 7, "abc", 100, 60))
    return tmp_path


def parts(stage):
    return sorted((stage / "out").glob("*.sealed"))


def test_what_is_written_is_read_again_part_by_part(stage):
    key = (stage / "key").read_bytes()
    found = [r for part in parts(stage) for r in staging.unseal(part.read_bytes(), part.name, key)]
    assert found == RECORDS and len(parts(stage)) == 3
    assert staging.manifest(stage / "out").best == 60


def test_nothing_of_it_can_be_read_without_the_key(stage):
    assert not any("ÓRLAITH".encode() in part.read_bytes() for part in parts(stage))
    with pytest.raises(InvalidTag):
        list(staging.unseal(parts(stage)[0].read_bytes(), parts(stage)[0].name, b"0" * 32))


def test_a_part_in_anothers_place_is_not_opened(stage):
    first, second, _ = parts(stage)
    with pytest.raises(InvalidTag):
        list(staging.unseal(second.read_bytes(), first.name, (stage / "key").read_bytes()))


def test_the_key_is_for_its_owner_alone_and_never_made_twice(stage):
    assert (stage / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        staging.make_key(stage / "key")
    with pytest.raises(FileExistsError):
        staging.write(RECORDS, stage / "out", b"0" * 32)


def test_what_is_destroyed_is_gone(stage):
    staging.destroy(stage / "out", stage / "key")
    assert not (stage / "key").exists() and not list((stage / "out").iterdir())
