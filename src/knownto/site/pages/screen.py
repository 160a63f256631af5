"""Locking and unlocking the screen: the session stays, and only its own worker can go on with it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods, require_POST

from knownto.access import fresh
from knownto.access.pages import page
from knownto.face import forms
from knownto.policy import Permission
from knownto.site import drafts, idle, proving, sessions

MOST_TRIES = 5


class Unlock(forms.Form):
    proof = forms.Password(label="Your password, or the code from your authenticator app", look=forms.Look(width=20))


@page(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Lock the screen, if it is not locked yet, and ask for the password or a code to go on."""
    going_to = _safe(request)
    idle.lock(request)
    form = Unlock(request.POST or None)
    if request.method == "POST" and _proved(request, form):
        idle.unlock(request)
        return redirect(reverse("resume") if request.session.get(idle.HELD) else going_to)
    if request.session.get("wrong_unlocks", 0) >= MOST_TRIES:
        sessions.end(request, why="wrong-unlocks")
        return redirect(f"{reverse('account_login')}?{urlencode({'ended': 'wrong-unlocks'})}")
    here = {"heading": "Your screen is locked", "form": form, "button_text": "Unlock", "going_to": going_to}
    return render(request, "site/locked.html", here | {"anybody": proving.anybody(request), "who": request.viewer})


def _proved(request: HttpRequest, form: Unlock) -> bool:
    """Password or code. In the demonstration, whose personas are anybody's, the button alone."""
    if proving.anybody(request) and "anybody" in request.POST:
        return True
    if not form.is_valid():
        return False
    if _right(request, form.cleaned_data["proof"], form):
        return True
    request.session["wrong_unlocks"] = request.session.get("wrong_unlocks", 0) + 1
    if not form.errors:
        form.add_error("proof", "That is not right. Nothing has been lost: try again.")
    return False


def _right(request: HttpRequest, proof: str, form: Unlock) -> bool:
    """It counts as proof for what asks again, too: nobody is asked twice within a minute."""
    try:
        way = proving.right_by(request, proof)
    except ValidationError as too_many:
        form.add_error("proof", too_many)
        return False
    if way:
        fresh.proved(request, way)
    return bool(way)


def _safe(request: HttpRequest) -> str:
    to = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return to if ours else "/"


@page(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """What was being sent when the screen locked: send it now, or let it go."""
    held = request.session.pop(idle.HELD, None)
    if held is None or request.method == "POST":
        return redirect("/")
    fields = [(k, v) for k, values in QueryDict(held["fields"]).lists() for v in values if k != "csrfmiddlewaretoken"]
    here = {"heading": "You were sending something when the screen locked", "to": held["to"], "fields": fields}
    return render(request, "site/resume.html", here)


@page(Permission.OWN_ACCOUNT)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """What was half written on a page that locks."""
    drafts.keep(request)
    return HttpResponse(status=204)


@page(Permission.OWN_ACCOUNT)
@require_POST
def still_here(request: HttpRequest) -> HttpResponse:
    """Somebody is typing at this page. The middleware has noted it."""
    return HttpResponse(status=204)
