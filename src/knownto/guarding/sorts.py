"""The sorts of seal, as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

OURS = Path(__file__).parent / "sorts.toml"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort. `hides`: "person" or "place". `split`: they had another identity, which nobody may join to this one."""

    code: str
    name: str
    hides: str
    says: str
    split: bool = False

    @property
    def hides_person(self) -> bool:
        return self.hides == "person"


@cache
def sorts() -> dict[str, Sort]:
    """Every sort by its code. Raises ValueError for one that hides something there is not."""
    path = Path(settings.SORTS_OF_SEAL or OURS)
    found = {code: Sort(code, **said) for code, said in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    if wrong := [sort.code for sort in found.values() if sort.hides not in ("person", "place")]:
        raise ValueError(f"A seal hides a person or a place: {wrong}")
    return found
