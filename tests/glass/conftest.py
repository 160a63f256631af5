"""The glass as the whole product shows it: signed in through the product's own beginning of a session."""

from knownto.glass.tests.conftest import _quick_passwords, broken, town  # noqa: F401 (fixtures)
