"""Set a protection: whose, what would lead to them, whom it must not reach, and why."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.face import forms
from knownto.firewall import acts
from knownto.firewall.acts import NothingProtected, Setting
from knownto.firewall.contents import Protected, Subject
from knownto.firewall.models import Reach, What
from knownto.linkage import Address, Evidence
from knownto.linkage.places import postcode
from knownto.partners import reads as partners
from knownto.partners.models import Team

ONE_A_LINE = "One on each line."
LEADS = ("homes", "schools", "surgeries", "places", "phones")


def _text(label: str, **more: Any) -> forms.Text:
    return forms.Text(label=label, max_length=200, **({"required": False} | more))


def _many(label: str, hint: str = ONE_A_LINE, rows: int = 2) -> forms.Words:
    return forms.Words(label=label, hint=hint, required=False, max_length=2000, rows=rows)


class Leads(forms.Form):
    """Somebody, and everything that would lead to them."""

    given = _text("Given names", missing="Enter their given names", required=True)
    family = _text("Family name", missing="Enter their family name", required=True)
    born = forms.Date(label="Date of birth", required=False)
    homes = _many("Addresses", "One on each line, with the postcode at its end: where they live now first, then where "
                  "they lived before. An old address can lead to the new one.", 4)  # fmt: skip
    schools = _many("Schools and nurseries", "One on each line: theirs, and those of every child who lives with them.")
    surgeries = _many("GP practices and clinics")
    places = _many("Other places that lead to them", "A refuge, a place of work, a relation's house. One on each line.")
    phones = _many("Telephone numbers and e-mail addresses")

    def subject(self) -> Subject:
        return _subject(self.cleaned_data)


class Protect(Leads):
    """A protection, by direct entry."""

    groups = (
        forms.Group("Whose", ("given", "family", "born")),
        forms.Group("What would lead to them", (*LEADS, "what")),
        forms.Group("Whom it must not reach", ("reach", "agency", "team", "from_given", "from_family", "from_born")),
        forms.Group("Why", ("authority", "why", "since", "until")),
    )

    what = forms.Choices(
        label="What is kept back?",
        missing="Select what is kept back",
        hint="All of it, unless you are sure: each leads to the others.",
        options=list(What.choices),
        initial=list(What.values),
        look=forms.Look(small=True),
    )
    reach = forms.Choice(
        label="How far must it be kept from them?",
        missing="Select how far it must be kept from them",
        options=[
            forms.Option(Reach.ANYBODY, Reach.ANYBODY.label),
            forms.Option(Reach.PERSON, Reach.PERSON.label),
            forms.Option(Reach.AGENCY, Reach.AGENCY.label, reveals=("agency",)),
            forms.Option(Reach.TEAM, Reach.TEAM.label, reveals=("team",)),
        ],
    )
    agency = forms.Pick(label="Which agency?", missing="Select which agency")
    team = forms.Pick(label="Which team?", missing="Select which team")
    from_given = _text("Given names of the person it is kept from", hint="Where it is a person.")
    from_family = _text("Family name of the person it is kept from")
    from_born = forms.Date(label="Their date of birth", required=False)
    authority = _text("Order or authority", hint="The order, its court and number; or the decision and who made it.")
    why = forms.Words(label="Why?", called="why", missing="Enter why", max_length=2000, rows=4)
    since = forms.Date(label="In force from", called="the first day")
    until = forms.Date(
        label="To be looked at again on", required=False,
        hint="The last day of an order, or a day of your choice. Nothing is lifted on that day: two people lift it.",
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agency"].offer(partners.agency_names().items())
        teams = Team.objects.select_related("agency").order_by("agency", "name")
        self.fields["team"].offer((str(row.pk), f"{row.agency.name}: {row.name}") for row in teams)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("reach") == Reach.PERSON and not (said.get("from_given") and said.get("from_family")):
            self.add_error("from_family", "Enter the names of the person it is kept from")
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", "The day to look again must not be before the first")
        return self.cleaned_data

    def setting(self) -> Setting:
        said = self.cleaned_data
        return Setting(
            Protected((self.subject(),), frozenset(said["what"]), _whom(said), said["why"], said["authority"]),
            Reach(said["reach"]),
            said["since"],
            said["until"],
            agency=said.get("agency") or "",
            team=int(said["team"]) if said.get("team") else None,
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def address(line: str) -> Address:
    """An address written on one line, its postcode taken from its end."""
    words = line.replace(",", " , ").split()
    for take in (2, 1):
        if code := postcode("".join(words[-take:])):
            return Address(_parts(words[:-take]), code)
    return Address(_parts(words))


def _parts(words: list[str]) -> tuple[str, ...]:
    return tuple(part.strip() for part in " ".join(words).split(",") if part.strip())


def _subject(said: dict[str, Any]) -> Subject:
    reached = _lines(said["phones"])
    evidence = Evidence(
        given_names=said["given"],
        family_name=said["family"],
        birth_date=said["born"],
        addresses=tuple(map(address, _lines(said["homes"]))),
        phones=tuple(each for each in reached if "@" not in each),
        emails=tuple(each for each in reached if "@" in each),
    )
    return Subject(evidence, _lines(said["schools"]), _lines(said["surgeries"]), _lines(said["places"]))


def _whom(said: dict[str, Any]) -> tuple[Evidence, ...]:
    given, family, born = said["from_given"], said["from_family"], said["from_born"]
    return (Evidence(given_names=given, family_name=family, birth_date=born),) if given or family else ()


@page(Permission.WHEREABOUTS)
def protect(request: HttpRequest) -> HttpResponse:
    """Nothing is prefilled and nothing remembered: what is typed here is what must not lie about."""
    today: date = localdate(request.now)
    form = Protect(request.POST if request.method == "POST" else None, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.protect(by=request.viewer, setting=form.setting(), now=request.now)
            messages.success(request, "It is protected from now on, everywhere.")
            return redirect("firewall:protection", made.pk)
        except NothingProtected:
            form.add_error("homes", "Enter what would lead to them: an address, a school, a number")
    values = {"heading": "Protect where somebody can be found", "form": form, "button_text": "Protect it"}
    return render(request, "firewall/protect.html", values | {"cancel": reverse("firewall:protections")})
