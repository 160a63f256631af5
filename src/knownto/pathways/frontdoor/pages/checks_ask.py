"""Ask partners: those that a footprint shows are ticked, everybody else only with a reason. One act asks them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from knownto.access.acts import Viewer, record_refusal
from knownto.access.pages import page
from knownto.access.refusals import NoLawfulReason, NotPossibleNow
from knownto.casework import reads
from knownto.casework.entering import entering
from knownto.casework.models import Ask as Asked
from knownto.casework.models import Episode
from knownto.casework.pathway import limit_for
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.partners import reads as partners_reads
from knownto.partners.models import Team
from knownto.pathways.frontdoor import asked_of, checking, gate, targeting
from knownto.pathways.frontdoor.checking import MayNotBeTold, Pick, Round
from knownto.pathways.frontdoor.gate import Footing, NothingSaid
from knownto.pathways.frontdoor.known import CHECKS
from knownto.pathways.frontdoor.pages.checks import overtaken, to_checks
from knownto.pathways.frontdoor.pages.people import ROLES
from knownto.pathways.frontdoor.targeting import Ground, Partner, Shown
from knownto.policy import PURPOSES, Permission
from knownto.worktime import describe

A_FOOTPRINT_COUNTS_FOR = 8 * 60 * 60  # seconds: one seen yesterday says nothing of today
AWAITED = "Asked already: its answer is awaited"
URGENCIES = (("red", "Red"), ("amber", "Amber"), ("green", "Green"))


@dataclass(frozen=True)
class Work:
    """The piece of work as this page needs it, read inside the open rows."""

    id: UUID
    reference: str
    pathway: str
    urgency: str
    decided: int
    people: tuple[tuple[UUID, str, str], ...]  # (participation, name, role)
    here: Footing
    asked: frozenset[int]  # teams that are asked and have not answered

    @property
    def open_for(self) -> tuple[str, ...]:
        return gate.may_ask_for(self.here)


class AskPartners(forms.Form):
    """One round of checks."""

    purpose = forms.Choice(label="For what purpose?", missing="Select for what purpose", look=forms.Look(small=True))
    worry = forms.Words(
        label="What are partners told of why they are asked?",
        called="what partners are told",
        missing="Enter what partners are told of why they are asked",
        hint="In two or three sentences: no more than they need to know what to look for. It goes to everybody ticked.",
        max_length=1000,
        rows=4,
        look=forms.Look(count=True),
    )
    about = forms.Choices(
        label="About whom?",
        missing="Select about whom partners are asked",
        hint="Each partner is told only of those whom it needs: a school is not told of the adults.",
        look=forms.Look(small=True),
    )
    partners = forms.Choices(label="Whom do you ask?", missing="Select whom you ask")
    urgency = forms.Choice(
        label="How soon?", missing="Select how soon an answer is needed", look=forms.Look(small=True)
    )

    def __init__(
        self, data: Any = None, *, work: Work, viewer: Viewer, partners: Sequence[Partner], teams: Sequence[Team]
    ) -> None:
        self.found = {each.sheet.agency: each for each in partners}
        self.teams = {str(team.pk): team for team in teams}
        purposes = [code for code in work.open_for if code in checking.purposes_of(viewer)]
        self.awaited = frozenset(each.sheet.agency for each in partners if _is_awaited(each, work))
        super().__init__(data, initial=_initial(work, purposes, partners, self.awaited))
        self.fields["purpose"].offer(_purpose(code) for code in purposes)
        self.fields["about"].offer((str(i), f"{name}, {ROLES.get(as_, as_).lower()}") for i, name, as_ in work.people)
        names = partners_reads.agency_names()
        self.fields["partners"].offer(self._partner(each, names) for each in partners if each.sheet.agency in names)
        self.fields["urgency"].offer(_urgency(work, code, name) for code, name in URGENCIES)

    def _partner(self, partner: Partner, names: Mapping[str, str]) -> forms.Option:
        agency, reveals = partner.sheet.agency, []
        if partner.sheet.chosen:
            reveals.append(self._team(agency, partner))
        if partner.ground is Ground.REASON:
            reveals.append(self._reason(agency))
        says = [f"{each}." for each in (AWAITED if agency in self.awaited else "", partner.says) if each]
        return forms.Option(agency, names[agency], hint=" ".join(says), reveals=tuple(reveals))

    def _team(self, agency: str, partner: Partner) -> str:
        options = [(key, team.name) for key, team in self.teams.items() if team.agency_id == agency]
        noun = "school" if agency == "school" else "practice" if agency == "gp" else "team"
        field = forms.Pick(label=f"Which {noun}?", options=options, missing=f"Select which {noun}")
        known = [key for key, team in self.teams.items() if team.agency_id == agency and team.code in partner.teams]
        field.initial = known[0] if known else (options[0][0] if len(options) == 1 else None)
        self.fields[f"team_{agency}"] = field
        return f"team_{agency}"

    def _reason(self, agency: str) -> str:
        self.fields[f"why_{agency}"] = forms.Text(
            label="Why this agency?",
            called="why this agency is asked",
            missing="Enter why this agency is asked: no footprint shows contact",
            hint="They read this.",
            max_length=300,
        )
        return f"why_{agency}"

    def round(self, shown: Shown) -> Round:
        """What was asked, from what was typed. Raises NoSuchOffice."""
        said = self.cleaned_data
        return Round(
            said["purpose"],
            tuple(self._pick(agency) for agency in said["partners"]),
            frozenset(UUID(each) for each in said["about"]),
            said["worry"],
            said["urgency"],
            shown,
        )

    def _pick(self, agency: str) -> Pick:
        sheet = self.found[agency].sheet
        team = self.teams[self.cleaned_data[f"team_{agency}"]] if sheet.chosen else sheet.team()
        return Pick(team, self.cleaned_data.get(f"why_{agency}") or "")

    def refuse(self, refused: NoLawfulReason | NothingSaid) -> None:
        """Put a refusal of the act beside what it is about."""
        if isinstance(refused, MayNotBeTold):
            name = partners_reads.agency_names().get(refused.agency, refused.agency)
            self.add_error("partners", f"{name} may not be told of this work. {refused.because}")
        elif isinstance(refused, NoLawfulReason):
            self.add_error("purpose", refused.because)
        elif refused.name.startswith("about_"):
            self.add_error("about", "Select somebody whom each agency that you ask may be told of")
        else:
            self.add_error(refused.name if refused.name in self.fields else None, "Enter what is missing here")


def _is_awaited(partner: Partner, work: Work) -> bool:
    return not partner.sheet.chosen and partner.sheet.team().pk in work.asked


def _initial(
    work: Work, purposes: Sequence[str], partners: Sequence[Partner], awaited: frozenset[str]
) -> dict[str, Any]:
    return {
        "purpose": purposes[0] if len(purposes) == 1 else None,
        "about": [str(identity) for identity, _, _ in work.people],
        "partners": [each.sheet.agency for each in partners if each.ticked and each.sheet.agency not in awaited],
        "urgency": work.urgency or "green",
    }


def _purpose(code: str) -> forms.Option:
    law = PURPOSES[code].basis.rpartition("; ")[2]
    return forms.Option(code, PURPOSES[code].name, hint=f"{law}.")


def _urgency(work: Work, code: str, name: str) -> forms.Option:
    path = pathway(work.pathway)
    limit = path.limit(limit_for(path.ask("check").limits, code))
    return forms.Option(code, name, hint=f"{describe(limit.rule)}.")


@page(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, episode: UUID) -> HttpResponse:
    work = _work(request, episode)
    if not any(code in checking.purposes_of(request.viewer) for code in work.open_for):
        return _shut(request, work)
    shown = _shown(request, work)
    form = _form(request, work, shown)
    if request.method == "POST" and form.is_valid() and _asked(request, work, form, shown):
        return redirect("frontdoor:checks", episode)
    return _page(request, work, form, shown)


def _work(request: HttpRequest, episode: UUID) -> Work:
    with entering(
        request.viewer, episode, Permission.DECIDE, powers=gate.ASKS, kind="checks-seen", now=request.now
    ) as entered:
        row = entered.episode
        people = reads.people([row]).get(row.id, [])
        return Work(
            row.id,
            row.reference,
            row.pathway,
            row.urgency,
            row.decided,
            tuple((each.id, each.name, each.role) for each in people),
            gate.footing(row),
            _waiting(row),
        )


def _waiting(row: Episode) -> frozenset[int]:
    waiting = Asked.objects.filter(episode=row, kind__in=CHECKS, answered_at=None)
    return frozenset(waiting.values_list("to_team", flat=True))


def _shut(request: HttpRequest, work: Work) -> HttpResponse:
    """The gate is shut: say why, offer the form that opens it, and write the refusal down."""
    usual = next(iter(asked_of.purposes(work.pathway)), "")
    code = gate.gate(work.here, usual) or "no-lawful-purpose"
    record_refusal(request.viewer, code=code, what="frontdoor:checks-ask", now=request.now)
    because = gate.SHUT.get(code, "Choose a purpose that your role may ask for.")
    values = {"heading": "Partners may not be asked yet", "because": because, "work": work}
    return render(request, "frontdoor/checks_shut.html", values | to_checks(work.id), status=403)


def _salt(request: HttpRequest, work: Work) -> str:
    return f"checks:{work.id}:{request.viewer.worker_id}"


def _shown(request: HttpRequest, work: Work) -> Shown:
    """What the footprint said that this page was opened with, carried along under our signature; or one used now."""
    if request.method == "POST":
        try:
            carried = signing.loads(
                request.POST.get("shown", ""), salt=_salt(request, work), max_age=A_FOOTPRINT_COUNTS_FOR
            )
        except signing.BadSignature:
            return Shown()
        return Shown.from_json(carried)
    uses = request.GET.getlist("use")
    if not uses:
        return Shown()
    return targeting.shown(by=request.viewer, reference=work.reference, uses=uses, now=request.now)


def _form(request: HttpRequest, work: Work, shown: Shown) -> AskPartners:
    """`only`: one agency's sheet, for a request to one practice."""
    only = request.POST.get("only") or request.GET.get("only", "")
    partners = [each for each in targeting.partners(shown) if only in ("", each.sheet.agency)]
    data = request.POST if request.method == "POST" else None
    teams = [team for team in partners_reads.teams() if team.pk not in work.asked]
    return AskPartners(data, work=work, viewer=request.viewer, partners=partners, teams=teams)


def _asked(request: HttpRequest, work: Work, form: AskPartners, shown: Shown) -> bool:
    seen = request.POST.get("seen", "")
    try:
        made = checking.ask_partners(
            by=request.viewer,
            episode=work.id,
            round=form.round(shown),
            seen=int(seen) if seen.isdecimal() else work.decided,
            now=request.now,
        )
    except (NoLawfulReason, NothingSaid) as refused:
        form.refuse(refused)
        _write_down(request, refused)
        return False
    except NotPossibleNow as refused:
        form.add_error(None, overtaken(refused, work.id, request))
        return False
    messages.success(request, f"{len(made)} {'partner has' if len(made) == 1 else 'partners have'} been asked.")
    return True


def _write_down(request: HttpRequest, refused: NoLawfulReason | NothingSaid) -> None:
    if isinstance(refused, NoLawfulReason):
        record_refusal(request.viewer, code=refused.code, what="frontdoor:checks-ask", now=request.now)


def _page(request: HttpRequest, work: Work, form: AskPartners, shown: Shown) -> HttpResponse:
    values = {
        "heading": "Ask partners",
        "button_text": "Ask them",
        "form": form,
        "work": work,
        "episode_url": reverse("frontdoor:episode", args=[work.id]),
        "shown": shown,
        "carried": signing.dumps(shown.to_json(), salt=_salt(request, work)),
        "only": request.POST.get("only") or request.GET.get("only", ""),
        "offered": targeting.offered(request.viewer, work.reference, request.now),
    }
    return render(request, "frontdoor/checks_ask.html", values | to_checks(work.id))
