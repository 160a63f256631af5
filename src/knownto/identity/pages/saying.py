"""What a reviewer fills in beside an answer, and how what came of it is told."""

from django.contrib import messages
from django.http import HttpRequest

from knownto.face import forms
from knownto.identity.agreeing import Next
from knownto.identity.reviewing import ANSWERS, SHORT, NeedsReason, Outcome, Overtaken, Word

CAME_OF_IT = {
    Next.IN_FORCE: "Recorded: {answer}.",
    Next.ASK: "Recorded. Another reviewer is asked, who does not see what you said.",
    Next.LEAD: "Recorded. You do not agree with one another: the lead reviewer settles it.",
}


class Say(forms.Form):
    """Why: a short reason, words, or neither where the evidence speaks for itself."""

    say_optional = False  # which answers want a reason is said beside each of them
    short = forms.Pick(
        label="Why?",
        options=list(SHORT.items()),
        required=False,
        look=forms.Look(),
    )
    words = forms.Words(
        label="In your own words",
        hint="Sealed. Name nobody.",
        rows=2,
        max_length=500,
        required=False,
    )


def word_of(request: HttpRequest, form: Say) -> Word:
    """What was sent. An answer there is not is refused by the act."""
    seen = request.POST.get("seen", "")
    return Word(
        request.POST.get("answer", ""),
        int(seen) if seen.isdigit() else -1,
        form.cleaned_data.get("short") or "",
        form.cleaned_data.get("words") or "",
    )


def tell(request: HttpRequest, outcome: Outcome) -> None:
    """Say what came of it, in the banner of the next page."""
    said = CAME_OF_IT[outcome.next].format(answer=ANSWERS[outcome.answer].lower())
    messages.success(request, said)


__all__ = ["NeedsReason", "Overtaken", "Say", "tell", "word_of"]
