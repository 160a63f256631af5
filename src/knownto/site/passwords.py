"""A password is not made of the words that everybody here would try first."""

from typing import Any

from django.core.exceptions import ValidationError

from knownto.partners import reads as partners

# The product's and the work's own; the names of the agencies come on top. Described in docs/security.md.
WORDS = ("knownto", "footprint", "safeguarding", "children", "child", "adults", "adult", "password", "passphrase",
         "welcome", "letmein", "council", "borough", "county", "district", "mash", "frontdoor", "social", "worker",
         "police", "hospital", "health", "school", "education", "probation", "housing", "service", "services", "team",
         "qwertyuiop", "qwerty", "summer", "autumn", "winter", "spring")  # fmt: skip
LEFT = 8  # characters that must remain once those words are taken out


class NotOfLocalWords:
    """One of Django's validators of passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError, which repeats nothing of what was typed."""
        if left(password, (*WORDS, *_agencies())) < LEFT:
            raise ValidationError("Words of this place and this work make up most of it. Choose others.", code="local")

    def get_help_text(self) -> str:
        return "It must not be made of the words of this place and this work."


def left(password: str, words: tuple[str, ...]) -> int:
    """How many characters remain without those words, the longest taken out first."""
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest)


def _agencies() -> list[str]:
    said = " ".join(partners.agency_names().values()).casefold().replace("'", " ").split()
    return [word for word in said if len(word) > 3]
