"""How one field is shown: what Django's own fields have no place for."""

from dataclasses import dataclass

from django import forms


@dataclass(frozen=True, slots=True)
class Look:
    """How a field is shown.

    `width` is in characters and one of 2, 3, 4, 5, 10, 20 or 30 (0 fills the column); `heading` makes the
    label the page's h1, for a page that asks one thing; `size` is the label's, one of "", "s", "m", "l",
    "xl".
    """

    width: int = 0
    heading: bool = False
    size: str = ""
    prefix: str = ""
    suffix: str = ""
    count: bool = False
    inline: bool = False
    small: bool = False
    hide_label: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice. `reveals` names the fields that only matter when it is chosen.

    `exclusive` is for "None of these" among checkboxes; `divider` is a word such as "or" shown above the
    option.
    """

    value: str
    text: str
    hint: str = ""
    reveals: tuple[str, ...] = ()
    exclusive: bool = False
    divider: str = ""


PLAIN = Look()


def look_of(field: forms.Field) -> Look:
    """Return how the field asked to be shown; a stock Django field asks for nothing."""
    look = getattr(field, "look", PLAIN)
    return look if isinstance(look, Look) else PLAIN


def options_of(field: forms.Field) -> dict[str, Option]:
    """Return the field's options by value, when it has any that say more than a value and a text."""
    return {option.value: option for option in getattr(field, "options", ())}
