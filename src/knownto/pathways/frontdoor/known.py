"""What must be known before a decision: for each code that a pathway names, what is still missing, or ""."""

from datetime import datetime
from uuid import UUID

from knownto.casework import reads
from knownto.casework.models import Answer, Ask, Episode, Statement
from knownto.casework.register import Finder
from knownto.pathways.frontdoor import held

HEALTH_CHECK, GP_REQUEST = "health-check", "gp-request"
CHECKS = ("check", HEALTH_CHECK, GP_REQUEST)
NOT_WAITED_FOR = "not-waited-for"


def not_waited_for(episode: Episode) -> frozenset[UUID]:
    """The asks that somebody noted, with a reason, will not be waited for. A note that names none means all so far."""
    found: set[UUID] = set()
    for row, plain in reads.statements(episode, NOT_WAITED_FOR):
        named = plain.get("asks")
        found |= {UUID(each) for each in named} if named else set(_asked_until(episode, row.at))
    return frozenset(found)


def _asked_until(episode: Episode, at: datetime) -> list[UUID]:
    return list(Ask.objects.filter(episode=episode, asked_at__lte=at).values_list("pk", flat=True))


def checks_back(episode: Episode) -> str:
    """Every check has come back, or somebody noted that it will not be waited for, and why."""
    waiting = Ask.objects.filter(episode=episode, kind__in=CHECKS, answered_at=None).exclude(
        pk__in=not_waited_for(episode)
    )
    if not waiting.exists():
        return ""
    return "Partners have not all answered. Say why you do not wait for them, or wait."


def health_signed(episode: Episode) -> str:
    """What health was asked is answered, analysed, and signed by a named practitioner after the last of it came in.

    A health check that is withdrawn or, with a reason, not waited for does not hold the decision up.
    """
    asked = Ask.objects.filter(episode=episode, kind=HEALTH_CHECK).exclude(answer=Answer.WITHDRAWN)
    asked = asked.exclude(pk__in=not_waited_for(episode))
    if asked.filter(answered_at=None).exists():
        return "Health has been asked and has not answered."
    answered = asked.exclude(answer=Answer.DECLINED).order_by("answered_at").last()
    if answered is None:
        return ""
    return _not_signed_since(episode, answered.answered_at)


def _not_signed_since(episode: Episode, answered_at: datetime | None) -> str:
    """A signature stands until it is corrected, or something is added that it did not cover."""
    signed = Statement.objects.filter(episode=episode, kind="health-analysis", corrected_by=None).order_by("at").last()
    if signed is None or (answered_at and signed.at < answered_at):
        return "Health's information has not been analysed and signed."
    added = Statement.objects.filter(episode=episode, kind="health-source", at__gt=signed.at).exists()
    return "Health has added something since its analysis was signed." if added else ""


def gp_used(episode: Episode) -> str:
    """What a GP practice answered is not left lying: whoever decides says how it was used."""
    answered = Ask.objects.filter(episode=episode, kind=GP_REQUEST, answer=Answer.ANSWERED)
    said = {plain.get("ask") for _, plain in reads.statements(episode, "gp-used")}
    missing = [ask for ask in answered.values_list("pk", flat=True) if str(ask) not in said]
    return "A GP practice has answered. Say how its answer was used." if missing else ""


def three_limbs(episode: Episode) -> str:
    """Each limb of section 42(1) has been answered, with what it is answered from."""
    said = Statement.objects.filter(episode=episode, kind="three-limbs").exists()
    return "" if said else "The three limbs of section 42(1) have not been answered."


FINDERS: dict[str, Finder] = {
    "checks-back": checks_back,
    "health-signed": health_signed,
    "gp-used": gp_used,
    "three-limbs": three_limbs,
    **held.FINDERS,
}
