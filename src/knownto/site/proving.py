"""How a worker proves again who they are: the password, and a code where they hold a second factor.

The demonstration's personas, whom anybody may be, have neither to give: there the button stands for it, and says so.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access import clock
from knownto.access.fresh import ASKED, lately, proved
from knownto.face import forms
from knownto.ledger.acts import record
from knownto.site import sessions
from knownto.site.sign_in import failed, has_second_factor

MOST_TRIES = 5
TRIES = "wrong_proofs"
PERSONA = "persona"  # what a persona's button proves: nothing, which is all that is asked of them
ANYBODY, OF_A_GET = f"{ASKED}-anybody", f"{ASKED}-get"
WRONG = "That is not right. Nothing has been lost: try again"
EITHER_WAY = "either"
EITHER = "Your password, or the code from your authenticator app"


class Proof(forms.Form):
    """What is asked. `either`: one field for whichever is nearer to hand."""

    use_required_attribute = False
    prefix = ASKED

    def __init__(self, data: Any = None, *, either: bool, ways: frozenset[str]) -> None:
        super().__init__(data, prefix=ASKED)
        look = forms.Look(width=20)
        if either:
            self.fields[EITHER_WAY] = forms.Password(label=EITHER if "code" in ways else "Your password", look=look)
            return
        if "password" in ways:
            self.fields["password"] = forms.Password(label="Your password", look=look)
        if "code" in ways:
            self.fields["code"] = forms.Code(label="The code from your authenticator app", look=forms.Look(width=10))


def held(request: HttpRequest) -> frozenset[str]:
    """The factors that this worker holds."""
    ways = {"password": request.user.has_usable_password(), "code": has_second_factor(request.user)}
    return frozenset(way for way, there in ways.items() if there)


def anybody(request: HttpRequest) -> bool:
    """A persona of the demonstration."""
    return settings.DEMO and bool(request.session.get(sessions.SHARED))


def is_fresh(request: HttpRequest, *, once: bool) -> bool:
    """Was enough of it proved lately?"""
    there = lately(request)
    return bool(there) and (once or PERSONA in there or held(request) <= there)


def inline(request: HttpRequest) -> dict[str, Any]:
    """The question to put into a form of one's own: one factor is enough, and none while it was proved lately."""
    need = not is_fresh(request, once=True)
    persona = anybody(request)
    proof = Proof(either=True, ways=held(request)) if need and not persona else None
    return {"proof": proof, "persona": ANYBODY if need and persona else ""}


def ask(request: HttpRequest, once: bool) -> HttpResponse | None:
    """The page that asks again; None when it need not, or when the answer has just come and is right."""
    if is_fresh(request, once=once):
        return _go_on(request)
    form = Proof(request.POST if _answered(request) else None, either=once, ways=held(request))
    if _answered(request) and _right(request, form):
        return _go_on(request)
    if request.session.get(TRIES, 0) >= MOST_TRIES:
        sessions.end(request, why="wrong-proofs")
        return redirect(f"{reverse('account_login')}?{urlencode({'ended': 'wrong-proofs'})}")
    return _page(request, form)


def _answered(request: HttpRequest) -> bool:
    return request.method == "POST" and any(name.startswith(ASKED) for name in request.POST)


def _right(request: HttpRequest, form: Proof) -> bool:
    if anybody(request) and ANYBODY in request.POST:
        return _proved(request, PERSONA)
    if not form.is_valid():
        return False
    said = {name: value for name, value in form.cleaned_data.items() if value}
    try:
        right = [way for name, value in said.items() if (way := right_by(request, value, name))]
    except ValidationError as too_many:
        form.add_error(next(iter(form.fields)), too_many)
        return False
    if len(right) == len(form.fields):
        return _proved(request, *right)
    request.session[TRIES] = request.session.get(TRIES, 0) + 1
    form.add_error(next(iter(form.fields)), WRONG)
    return False


def right_by(request: HttpRequest, value: str, name: str = EITHER_WAY) -> str:
    """In which way that is right: "password", "code" or "" for neither. Raises ValidationError after too many tries."""
    if name != "password" and value.replace(" ", "").isdigit():
        app = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).first()
        if app and app.wrap().validate_code(value.replace(" ", "")):
            return "code"
    if name == "code":
        failed(request, request.user, "code again")
        return ""
    return "password" if get_adapter(request).reauthenticate(request.user, value) else ""


def _proved(request: HttpRequest, *ways: str) -> bool:
    proved(request, *ways)
    request.session.pop(TRIES, None)
    match = request.resolver_match
    because = f"{' and '.join(ways)}, for {match.view_name if match else ''}"
    record(kind="proved-again", by=sessions.actor(request.user), because=because, now=clock.now())
    return True


def _go_on(request: HttpRequest) -> HttpResponse | None:
    """On to exactly what was asked for: a page that was got is got again, what was sent goes on as it was sent."""
    if OF_A_GET in request.POST:
        return redirect(request.get_full_path())
    return _without_the_proof(request)


def _without_the_proof(request: HttpRequest) -> None:
    """No view is ever handed a password that was not meant for it."""
    if _answered(request):
        request.POST = _kept(request)


def _kept(request: HttpRequest) -> QueryDict:
    sent = request.POST.copy()
    for name in [name for name in sent if name.startswith(ASKED)]:
        del sent[name]
    sent._mutable = False
    return sent


def _page(request: HttpRequest, form: Proof) -> HttpResponse:
    of_a_get = request.method in ("GET", "HEAD") or OF_A_GET in request.POST
    fields = [] if of_a_get else [(name, value) for name, values in _kept(request).lists() for value in values]
    values = {
        "heading": "Prove again that it is you",
        "form": form,
        "action": request.get_full_path(),
        "fields": [each for each in fields if each[0] != "csrfmiddlewaretoken"],
        "of_a_get": OF_A_GET if of_a_get else "",
        "anybody": ANYBODY if anybody(request) else "",
        "minutes": settings.FRESH_MINUTES,
        "lost_files": bool(request.FILES),
    }
    return render(request, "site/prove.html", values)


__all__ = ["Proof", "anybody", "ask", "held", "inline", "is_fresh", "right_by"]
