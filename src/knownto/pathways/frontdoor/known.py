"""What must be known before a decision: for each code that a pathway names, what is still missing, or ""."""

from knownto.casework.models import Answer, Ask, Episode, Meeting, Statement
from knownto.casework.register import Finder

CHECKS = ("check", "health-check", "gp-request")


def checks_back(episode: Episode) -> str:
    """Every check has come back, or somebody noted that it will not be waited for, and why."""
    waiting = Ask.objects.filter(episode=episode, kind__in=CHECKS, answered_at=None).count()
    if not waiting:
        return ""
    noted = Statement.objects.filter(episode=episode, kind="not-waited-for").count()
    return "" if noted else "Partners have not all answered. Say why you do not wait for them, or wait."


def health_signed(episode: Episode) -> str:
    """What health said was put together, analysed and signed by a named practitioner."""
    asked = Ask.objects.filter(episode=episode, kind="health-check", answer=Answer.ANSWERED).exists()
    signed = Statement.objects.filter(episode=episode, kind="health-analysis").exists()
    return "" if signed or not asked else "Health's information has not been analysed and signed."


def discussion_held(episode: Episode) -> str:
    held = Meeting.objects.filter(episode=episode, kind="strategy", held_at__isnull=False).exists()
    return "" if held else "No strategy discussion has been held and written down."


def conference_held(episode: Episode) -> str:
    held = Meeting.objects.filter(episode=episode, kind="conference", held_at__isnull=False).exists()
    return "" if held else "No conference has been held and written down."


def three_limbs(episode: Episode) -> str:
    """Each limb of section 42(1) has been answered, with what it is answered from."""
    said = Statement.objects.filter(episode=episode, kind="three-limbs").exists()
    return "" if said else "The three limbs of section 42(1) have not been answered."


FINDERS: dict[str, Finder] = {
    "checks-back": checks_back,
    "health-signed": health_signed,
    "discussion-held": discussion_held,
    "conference-held": conference_held,
    "three-limbs": three_limbs,
}
