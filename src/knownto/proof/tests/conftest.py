"""A partner with the one file, and a ledger that nobody touched."""

from pathlib import Path

import pytest

from knownto.proof import verifier

from .ledgers import honest


class Partner:
    """Somebody with an export, and a folder of heads that they kept."""

    def __init__(self, folder: Path, capsys) -> None:
        self.folder, self.capsys = folder, capsys

    def write(self, name: str, *lines: str) -> str:
        path = self.folder / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    def runs(self, *arguments: str) -> tuple[int, str]:
        code = verifier.main(arguments)
        return code, self.capsys.readouterr().out


@pytest.fixture
def partner(tmp_path, capsys):
    return Partner(tmp_path, capsys)


@pytest.fixture
def ledger():
    return honest(3)
