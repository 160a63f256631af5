"""A referral as it was written, for whoever works on it: one of an older form is shown all the same."""

from typing import Any

from knownto.pathways.frontdoor.pages.people import words
from knownto.pathways.frontdoor.pages.shown import Block, blocks
from knownto.pathways.frontdoor.referral import Referral


def blocks_of(plain: dict[str, Any]) -> list[Block]:
    """Block by block, in the words of the form; answer by answer where the form was another."""
    try:
        return blocks(Referral.from_json(plain))
    except (TypeError, ValueError):
        return [Block("What was written", words(plain))]
