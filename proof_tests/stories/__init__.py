"""The front door lived through, act by act: each is broken off wherever it can be before it is done.

Together the stories do every act that there is; `test_every_statement` finds out which they are, so that a new one
cannot be forgotten.
"""

from collections.abc import Callable

from proof_tests.stories.closing import adult, clocks, mailing, night, reading, sharing_copies, standing_still, telling
from proof_tests.stories.contacts import asking, searching, sending, writing
from proof_tests.stories.protection import elsewhere, protecting
from proof_tests.stories.scene import Scene

STORIES: tuple[Callable[[Scene], None], ...] = (
    writing, sending, asking, protecting, elsewhere, telling, night, adult, clocks, mailing, sharing_copies,
    standing_still, reading, searching,
)  # fmt: skip

__all__ = ["STORIES", "Scene", "searching"]
