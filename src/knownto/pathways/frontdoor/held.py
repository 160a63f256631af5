"""What must have been held, or begun, before a decision on child protection: for each code, what is missing, or ""."""

from knownto.casework.models import Decision, Episode, Meeting
from knownto.casework.register import Finder

NO_DISCUSSION = "No strategy discussion has been held and written down."
REVIEWED = ("plan", "reviewed", "reviewed-again")


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
    last = Decision.objects.filter(episode=episode, kind__in=REVIEWED).order_by("number").last()
    held = Meeting.objects.filter(episode=episode, kind="review", held_at__isnull=False)
    since = held.filter(held_at__gt=last.at) if last else held
    return "" if since.exists() else "No review conference has been held and written down."


def begun(episode: Episode) -> str:
    """Section 47 was begun at an earlier discussion."""
    return "" if _began(episode) else "No section 47 enquiry has been begun that could go on."


def not_begun(episode: Episode) -> str:
    """Section 47 is begun once: the conference counts from the discussion at which it was."""
    return "Section 47 was begun at an earlier discussion: record that the enquiry goes on." if _began(episode) else ""


def _began(episode: Episode) -> bool:
    return Decision.objects.filter(episode=episode, kind="enquire").exists()


FINDERS: dict[str, Finder] = {
    "discussion-held": discussion_held,
    "conference-held": conference_held,
    "review-held": review_held,
    "begun": begun,
    "not-begun": not_begun,
}
