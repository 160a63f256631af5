"""Accounts: for the administrator, who sees workers and nobody else."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from knownto.access import acts as access
from knownto.access.pages import page
from knownto.face import forms
from knownto.face.parts import Column, Link, Row, Table, Tag
from knownto.ledger.acts import record
from knownto.partners import acts, reads
from knownto.partners.reads import Account
from knownto.policy import ROLES, Permission
from knownto.site import sessions
from knownto.site.first_password import generated


class NewAccount(forms.Form):
    name = forms.Text(label="Full name", max_length=100, look=forms.Look(width=30))
    sign_in_name = forms.Text(
        label="Sign-in name",
        hint="For example, first.last. It is never shown to other workers.",
        max_length=60,
        look=forms.Look(width=20),
    )
    agency = forms.Pick(label="Agency", options=[])
    roles = forms.Choices(label="Roles", hint="Give the least that their work needs.", options=[])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].offer([(a.code, a.name) for a in reads.agencies()])
        self.fields["roles"].offer(_roles())


class Roles(forms.Form):
    roles = forms.Choices(label="Roles", hint="Give the least that their work needs.", options=[])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].offer(_roles())


def _roles() -> list[forms.Option]:
    return [forms.Option(role.code, role.name, hint=role.description) for role in ROLES.values()]


@page(Permission.WORKERS)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    rows = [_line(account) for account in reads.accounts()]
    columns = [Column("Name"), Column("Agency"), Column("Roles", wide=True), Column("State")]
    table = Table("Accounts", columns, rows, hide_caption=True, dense=True, empty="There are no accounts.")
    return render(request, "site/accounts.html", {"heading": "Accounts", "table": table})


def _line(account: Account) -> tuple:
    state = Tag("Open", "green") if account.open else Tag("Closed", "grey")
    return Link(account.name, reverse("worker", args=[account.id])), account.agency_name, _names(account), state


def _names(account: Account) -> str:
    return ", ".join(ROLES[code].name for code in account.roles)


@page(Permission.WORKERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = NewAccount(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = generated()
        try:
            made = acts.open_account(
                by=request.viewer.actor, now=request.now, password=password, first_password=True, **form.cleaned_data
            )
        except acts.NameTaken as taken:
            form.add_error("sign_in_name", str(taken))
        else:
            return _show(request, made.pk, "The account is open", password)
    here = {"heading": "Open an account", "form": form, "button_text": "Open the account", "back": reverse("workers")}
    return render(request, "site/form.html", here)


@page(Permission.WORKERS)
@require_safe
def one(request: HttpRequest, worker: UUID) -> HttpResponse:
    account = _account(worker)
    own = account.id == request.viewer.worker_id
    here = {"heading": "Account", "account": account, "rows": _rows(account), "own": own, "back": reverse("workers")}
    return render(request, "site/account.html", here)


def _rows(account: Account) -> list[Row]:
    set_up = Authenticator.objects.filter(user_id=account.id, type=Authenticator.Type.TOTP).exists()
    return [
        Row("Name", account.name),
        Row("Sign-in name", account.sign_in_name),
        Row("Agency", account.agency_name),
        Row("Team", account.team or "None"),
        Row("Roles", _names(account)),
        Row("Second factor", "Set up" if set_up else "Not set up yet"),
        Row("State", "Open" if account.open else "Closed"),
    ]


@page(Permission.WORKERS)
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest, worker: UUID) -> HttpResponse:
    account = _not_own(request, worker)
    form = Roles(request.POST or None, initial={"roles": list(account.roles)})
    if request.method == "POST" and form.is_valid():
        acts.change_roles(by=request.viewer.actor, now=request.now, worker=worker, roles=form.cleaned_data["roles"])
        return _done(request, worker, "The roles have been changed.")
    return _ask(request, worker, form, "Change roles", "Save")


@page(Permission.WORKERS)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, worker: UUID) -> HttpResponse:
    _not_own(request, worker)
    if request.method == "POST":
        acts.close_account(by=request.viewer.actor, now=request.now, worker=worker)
        return _done(request, worker, "The account is closed.")
    why = "They are signed out at once and cannot sign in again. What they did stays in the ledger."
    return _ask(request, worker, None, "Close this account", "Close the account", why)


@page(Permission.WORKERS)
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest, worker: UUID) -> HttpResponse:
    _not_own(request, worker)
    if request.method == "POST":
        password = generated()
        acts.give_first_password(by=request.viewer.actor, now=request.now, worker=worker, password=password)
        return _show(request, worker, "They have a new first password", password)
    why = "Make sure that you know who is asking. They must choose another password when they sign in."
    return _ask(request, worker, None, "Give a new first password", "Give a new password", why)


@page(Permission.WORKERS)
@require_http_methods(["GET", "POST"])
def reset_second_factor(request: HttpRequest, worker: UUID) -> HttpResponse:
    _not_own(request, worker)
    if request.method == "POST":
        Authenticator.objects.filter(user_id=worker).delete()
        sessions.take_seat(worker)  # whoever sits there now may be who has the phone
        record(kind="second-factor", by=request.viewer.actor, about=[str(worker)], because="reset", now=request.now)
        return _done(request, worker, "Their second factor has been removed. They set up another when they sign in.")
    why = "For somebody who lost their phone and their recovery codes. Make sure that you know who is asking."
    return _ask(request, worker, None, "Remove their second factor", "Remove it", why)


def _account(worker: UUID) -> Account:
    account = reads.account(worker)
    if account is None:
        raise Http404
    return account


def _not_own(request: HttpRequest, worker: UUID) -> Account:
    """The account, when it is open and somebody else's: policy refuses one's own."""
    own = worker == request.viewer.worker_id
    access.check(request.viewer, access.Request(Permission.WORKERS, about_self=own))
    account = _account(worker)
    if not account.open:
        raise Http404
    return account


def _ask(
    request: HttpRequest, worker: UUID, form: forms.Form | None, heading: str, button: str, why: str = ""
) -> HttpResponse:
    back = reverse("worker", args=[worker])
    here = {"heading": heading, "form": form, "button_text": button, "why": why, "back": back, "cancel": back}
    return render(request, "site/form.html", here | {"account": reads.account(worker)})


def _show(request: HttpRequest, worker: UUID, heading: str, password: str) -> HttpResponse:
    """The password is shown this once and kept nowhere."""
    here = {"heading": heading, "account": reads.account(worker), "password": password, "back": reverse("workers")}
    return render(request, "site/first_password.html", here)


def _done(request: HttpRequest, worker: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("worker", worker=worker)
