"""What the ledger's kinds mean, in words; and the lists that are made of them."""

from dataclasses import dataclass

from django.db.models import Q

KINDS = {
    "search": "Searched",
    "answer": "Saw who it may be",
    "view": "Opened a footprint",
    "household": "Saw them as one of a household",
    "print": "Printed a footprint",
    "query": "Said that something is wrong",
    "queries": "Read what is said to be wrong",
    "refusal": "Was refused",
    "who-looked": "Looked at who looked",
    "export": "Downloaded a list",
    "sign-in": "Signed in",
    "sign-in-failed": "Tried to sign in and failed",
    "sign-out": "Signed out",
    "second-factor": "Second factor changed",
    "password-changed": "Changed their password",
    "grant": "Gave or took away a right",
    "link": "Joined two records",
    "unlink": "Parted two records",
    "forbid": "Forbade a join",
    "view-work": "Saw a list of work, with names",
    "view-asked": "Saw what they and their team wait for",
    "ask-them": "Asked another team about them",
    "ask-them-about": "Was about to ask another team about them",
    "ask-opened": "Opened what a team was asked",
    "answer-given": "Answered what their team was asked",
    "answer-read": "Read an answer",
    "clock-turned": "A time limit came close, or ran out",
    "mailed": "Sent notices by mail, with references alone",
    "copy-sent": "Sent a copy to an agency's own record system",
    "copy-acknowledged": "An agency's record system acknowledged a copy",
    "copy-withdrawn": "Took back a copy that had not arrived",
    "own-receipt": "Took the proof of a receipt of their own",
    "witness-silent": "A witness of the log has signed nothing for too long",
    "witness-refuses": "A witness refuses the log",
    "witness-signs-again": "A witness signs the log again",
    "restored": "A backup was put back, and declared",
    "copies-stuck": "Copies to an agency have not arrived for hours",
    "copies-arrive-again": "Copies to an agency arrive again",
    "copies-seen": "Looked at how copies are getting on",
    "copy-again": "Had a copy sent again",
    "document-seen": "Opened a referral, an outcome or minutes to print",
    "document-taken": "Took a referral, an outcome or minutes as a PDF",
    "export-looked-at": "Looked at what an export would hold",
    "exported": "Exported contacts for their agency's own system",
    "their-references": "Said what their own system calls contacts",
    "meeting-prepared": "Opened the form of a discussion",
    "meeting-called": "Called a discussion or conference",
    "meeting-changed": "Changed a discussion, or whom it is for",
    "meeting-cancelled": "Called off a discussion",
    "meeting-held": "Wrote down a discussion",
    "meeting-seen": "Opened a discussion",
    "meeting-invited": "Invited somebody to a discussion",
    "meeting-moved": "Moved a discussion to another time",
    "invitation-answered": "Answered an invitation",
    "information-sent": "Sent information to a discussion",
    "minutes-sent": "Sent minutes out",
    "action-agreed": "Wrote down an agreed action",
    "protection-decided": "Decided on child protection",
    "power-used": "Recorded an emergency power",
    "power-ended": "Recorded that an emergency power ended",
    "powers-seen": "Looked at emergency powers",
    "discussions-listed": "Listed their discussions",
    "glass-search": "Searched, to open somebody because a life depended on it",
    "glass-answer": "Saw who it may be, because a life depended on it",
    "glass-broken": "Opened somebody because a life depended on it",
    "glass-view": "Saw everything of them, because a life depended on it",
    "glass-seen": "Was shown, because a life depended on it",
    "glass-closed": "What was opened because a life depended on it was closed",
    "glass-outcome": "Said what came of opening somebody in an emergency",
    "glass-outcome-read": "Read that they owe what came of an emergency",
    "glass-verdict": "Said whether opening somebody was right",
    "glass-reviewed": "Read what was opened in an emergency",
    "glasses": "Listed what was opened in emergencies",
    "glass-suspended": "May not open anybody in an emergency for now",
    "glass-suspension-lifted": "May open somebody in an emergency again",
    "proved-again": "Proved again that it is them",
    "inspected": "Answered an inspectors' question",
}
SIGNING_IN = ("sign-in", "sign-in-failed", "sign-out")
RIGHTS = ("grant", "second-factor", "password-changed")
LOOKS_AT_THE_LOG = ("who-looked", "export")
ABOUT_PEOPLE = (
    "search", "answer", "view", "household", "print", "query", "queries",
    "glass-search", "glass-answer", "glass-broken", "glass-view", "glass-seen",
)  # fmt: skip
# What guardians of sealed people do is read by the other agency's desk, and by nobody here: that a guardian did
# something a minute after a search would tell whom it was for. Their sessions and their rights are read as everybody's.
GUARDS = Q(kind__startswith="guard-") | Q(role="guardian") & ~Q(kind__in=(*SIGNING_IN, *RIGHTS, "refusal"))


@dataclass(frozen=True)
class Chosen:
    """A list of entries: its address, its heading, what it is for, and which entries belong to it."""

    code: str
    heading: str
    hint: str
    which: Q


SAID = (
    ("danger", "Use of 'somebody is in danger now'", "The purpose that asks least. Every use is here."),
    ("refusals", "Refusals", "What somebody asked for and did not get."),
    ("looks", "Every look", "Searches, answers, footprints and packs."),
    ("feeds", "Files and feeds", "What partners sent, and what became of it."),
    ("rights", "Accounts and rights", "Accounts opened and closed, roles and second factors."),
    ("signing-in", "Signing in", "Who signed in, who failed to, and who signed out."),
    ("assurance", "Looks at this log", "Your own use, and other officers'."),
)
WHICH = {
    "danger": Q(purpose="immediate-danger"),
    "refusals": Q(kind="refusal"),
    "looks": Q(kind__in=ABOUT_PEOPLE),
    "feeds": Q(kind__startswith="file") | Q(kind__startswith="feed") | Q(kind="contacts-purged"),
    "rights": Q(kind__in=RIGHTS),
    "signing-in": Q(kind__in=SIGNING_IN),
    "assurance": Q(kind__in=LOOKS_AT_THE_LOG),
}
LISTS = {code: Chosen(code, heading, hint, WHICH[code]) for code, heading, hint in SAID}


def kind(code: str) -> str:
    """What that kind of entry is called; a newer kind is shown by its code."""
    return KINDS.get(code, code.replace("-", " ").capitalize())
