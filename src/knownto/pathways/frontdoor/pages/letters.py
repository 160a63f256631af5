"""A referral as it was written, for whoever reads it: one of an older form is shown all the same."""

from typing import Any

from knownto.face.parts import Row
from knownto.firewall import checks
from knownto.firewall.audiences import Audience
from knownto.pathways.frontdoor.kept_back import letter_for
from knownto.pathways.frontdoor.pages.people import words
from knownto.pathways.frontdoor.pages.shown import Block, blocks
from knownto.pathways.frontdoor.referral import Referral


def blocks_of(plain: dict[str, Any], reader: Audience) -> list[Block]:
    """Block by block, in the words of the form; answer by answer where the form was another."""
    try:
        return blocks_for(Referral.from_json(plain), reader)
    except (TypeError, ValueError):
        return [Block("What was written", words(checks.document(plain, reader)))]


def blocks_for(referral: Referral, reader: Audience) -> list[Block]:
    """The same of a referral that could be read; first of all whom it must not reach."""
    letter = letter_for(referral, reader)
    warned = [Block("Take care", [Row("Whom", each) for each in letter.warnings])] if letter.warnings else []
    return [*warned, *blocks(letter.referral)]
