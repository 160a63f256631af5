"""What must be known before a decision: for each code that a pathway names, what is still missing, or ""."""

from knownto.casework.models import Answer, Ask, Decision, Episode, Meeting, Statement
from knownto.casework.register import Finder

NO_DISCUSSION = "No strategy discussion has been held and written down."
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
    """A discussion was held since one was last found to be due: what is decided rests on this one, not an older one."""
    due = Decision.objects.filter(episode=episode, to="strategy-due").order_by("number").last()
    held = Meeting.objects.filter(episode=episode, kind="strategy", called_at__gte=due.at if due else episode.opened_at)
    return "" if held.filter(held_at__isnull=False).exists() else NO_DISCUSSION


def conference_held(episode: Episode) -> str:
    held = Meeting.objects.filter(episode=episode, kind="conference", held_at__isnull=False).exists()
    return "" if held else "No conference has been held and written down."


def review_held(episode: Episode) -> str:
    """A review conference was held since the plan was made or last reviewed."""
    last = Decision.objects.filter(episode=episode, kind__in=("plan", "reviewed", "reviewed-again")).order_by("number")
    since = Meeting.objects.filter(episode=episode, kind="review", held_at__isnull=False)
    held = since.filter(called_at__gte=last.last().at) if last else since
    return "" if held.exists() else "No review conference has been held and written down."


def begun(episode: Episode) -> str:
    """Section 47 was begun at an earlier discussion."""
    return "" if _began(episode) else "No section 47 enquiry has been begun that could go on."


def not_begun(episode: Episode) -> str:
    """Section 47 is begun once: the conference counts from the discussion at which it was."""
    return "Section 47 was begun at an earlier discussion: record that the enquiry goes on." if _began(episode) else ""


def _began(episode: Episode) -> bool:
    return Decision.objects.filter(episode=episode, kind="enquire").exists()


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
    "review-held": review_held,
    "begun": begun,
    "not-begun": not_begun,
}
