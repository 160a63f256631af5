"""What whoever decides on a referral would miss, said before it is sent. Pure; the rules are `quality.toml`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knownto.pathways.frontdoor.referral import Referral

FILE = Path(__file__).with_name("quality.toml")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that would be missed. `wanting` finds where; what the fields mean is said in the file."""

    code: str
    of: str
    says: str
    page: str
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    when: str = ""
    being: tuple[str, ...] = ()
    least: int = 1
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    needed: bool = False

    def for_whom(self, kind: str, agency: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (not self.agencies or agency in self.agencies)

    def wanting(self, thing: Any) -> bool:
        """Is it missing there?"""
        if self.when and not self._applies(_at(thing, self.when)):
            return False
        if any(_at(thing, path) for path in self.none):
            return True
        return bool(self.any) and not any(_length(_at(thing, path)) >= self.least for path in self.any)

    def _applies(self, found: Any) -> bool:
        return found in self.being if self.being else bool(found)


@dataclass(frozen=True, slots=True)
class Missed:
    """One thing that is missing: `number` of the child or adult (from 1), 0 where it is of the whole; `who` their name.

    `of` is "child", "adult" or "".
    """

    rule: Rule
    of: str = ""
    number: int = 0
    who: str = ""


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(_rule(said) for said in tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"])


def _rule(said: dict[str, Any]) -> Rule:
    named = {"being" if name == "is" else name: value for name, value in said.items()}
    return Rule(**{name: tuple(value) if isinstance(value, list) else value for name, value in named.items()})


def missed(referral: Referral, agency: str) -> list[Missed]:
    """Everything that would be missed, what is needed first."""
    found = [
        miss for rule in rules() if rule.for_whom(referral.kind, agency) for miss in _looked(rule, referral)
    ]  # fmt: skip
    return sorted(found, key=lambda miss: not miss.rule.needed)


def needed(referral: Referral, agency: str) -> list[Missed]:
    """What must be there before it can be sent at all: whom it is about, and what happened."""
    return [miss for miss in missed(referral, agency) if miss.rule.needed]


def _looked(rule: Rule, referral: Referral) -> Iterator[Missed]:
    for of, number, who, thing in _things(rule.of, referral):
        if rule.wanting(thing):
            yield Missed(rule, of, number, who)


def _things(of: str, referral: Referral) -> Iterator[tuple[str, int, str, Any]]:
    if of == "referral":
        yield "", 0, "", referral
    elif of == "children":
        yield from (("child", n, child.name, child) for n, child in enumerate(referral.children, 1))
    else:
        for number, adult in enumerate(referral.adults, 1):
            things = adult.factors if of == "factors" else (adult,)
            yield from (("adult", number, adult.name, thing) for thing in things)


def _at(thing: Any, path: str) -> Any:
    for name in path.split("."):
        thing = getattr(thing, name) if thing is not None else None
    return thing


def _length(found: Any) -> int:
    """How much there is: of words their characters, of anything else whether it is there (long enough, then)."""
    if isinstance(found, str):
        return len(found.strip())
    return 10_000 if found else 0
