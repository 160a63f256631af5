"""A page with every component on it, about nobody: what the browser tests look at."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Engine

from knownto.face import forms
from knownto.face.charts import Bar, Bars, FootprintStrip, Lane, Month
from knownto.face.parts import (
    Column,
    IdleLock,
    Line,
    Link,
    Pages,
    Phone,
    Progress,
    Row,
    SignedIn,
    Table,
    Tag,
    Task,
)

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
TEMPLATES = Path(__file__).resolve().parent / "templates"


class Question(forms.Form):
    """Every kind of question."""

    groups = (forms.Group("The person", ("family_name", "born", "age"), hint="Give what you have."),)

    family_name = forms.Text(label="Family name", max_length=100, look=forms.Look(width=20))
    born = forms.Date(label="Date of birth", hint="For example, 27 3 2014")
    age = forms.Number(
        label="Age, if you can only guess",
        called="age",
        min_value=0,
        max_value=120,
        required=False,
        look=forms.Look(width=3, suffix="years"),
    )
    purpose = forms.Choice(
        label="Why do you need to know?",
        missing="Select why you need to know",
        options=[
            forms.Option("worry", "A child may be at risk", hint="Children Act 1989, section 47"),
            forms.Option("crime", "To prevent a crime", reveals=("reference",)),
            forms.Option("other", "Something else", divider="or"),
        ],
    )
    reference = forms.Text(label="Incident reference", look=forms.Look(width=10))
    areas = forms.Choices(
        label="What have you seen?",
        called="what you have seen",
        required=False,
        options=[
            forms.Option("hurt", "Injury"),
            forms.Option("hungry", "Hunger", hint="Also: stealing food"),
            forms.Option("none", "None of these", exclusive=True, divider="or"),
        ],
    )
    team = forms.Pick(label="Team", options=[("mash", "Front door"), ("duty", "Emergency duty")])
    story = forms.Words(label="What happened?", called="what happened", max_length=200, look=forms.Look(count=True))
    email = forms.Email(label="Your email", autocomplete="email", look=forms.Look(width=30))
    phone = forms.Phone(label="Your phone", autocomplete="tel", look=forms.Look(width=20), required=False)
    file = forms.File(label="The file", accept=".csv,.xlsx")
    password = forms.Password(label="Password", look=forms.Look(width=20))
    code = forms.Code(label="Code", look=forms.Look(width=5))
    sure = forms.Tick(label="I have a lawful reason to ask", missing="Confirm that you have a lawful reason")


WRONG = {
    "born_day": "31",
    "born_month": "2",
    "born_year": "2014",
    "age": "200",
    "email": "x",
    "areas": ["hurt", "none"],
    "purpose": "crime",
    "csrfmiddlewaretoken": "x",
}


def strip() -> FootprintStrip:
    """Return a strip with each kind of lane."""
    months = [date(2025 + (11 + n) // 12, (11 + n) % 12 + 1, 1) for n in range(12)]
    busy = [
        Month(2),
        Month(),
        Month(1, open=True),
        Month(open=True),
        Month(12, open=True),
        *[Month()] * 5,
        Month(1),
        Month(3, True),
    ]
    return FootprintStrip(
        months,
        [
            Lane("Police", busy),
            Lane("Children's social care", [Month()] * 11 + [Month(1, open=True)]),
            Lane("Hospital", [Month()] * 12),
            Lane("School", note="unchecked", words="Could not check: last file 9 days ago"),
            Lane("Substance misuse service", note="ask"),
        ],
    )


def context(*, wrong: bool = False) -> dict[str, Any]:
    """Return everything the sample page shows; `wrong` sends the form with faults."""
    late = Table(
        "Open checks",
        [
            Column("Reference"),
            Column("Agency"),
            Column("Ring"),
            Column("Asked", numeric=True),
            Column("State"),
        ],
        [
            Line(
                [Link("CK-104", "/a"), "Police", Phone("01632 960 101"), 3, Tag("Overdue", "red")],
                mark="late",
            ),
            Line(
                [Link("CK-105", "/b"), "Hospital", Phone("01632 960 102"), 1, Tag("Due soon", "orange")],
                mark="soon",
            ),
            [Link("CK-106", "/c"), "School", Phone("01632 960 103"), 12, Tag("Open", "")],
        ],
        dense=True,
    )
    return {
        "form": Question(WRONG, {"file": SimpleUploadedFile("a.csv", b"")}) if wrong else Question(),
        "heading": "Every component",
        "product": "Knownto",
        "now": NOW,
        "today": NOW.date(),
        "signed_in": SignedIn("Sam Okafor", "Hallowbridge Council", "/out", role="screener"),
        "navigation": [
            Link("Search", "/search", current=True),
            Link("My work", "/work"),
            Link("Feeds", "/feeds"),
        ],
        "footer_links": [Link("Accessibility", "/accessibility"), Link("Who sees what you do", "/audit")],
        "breadcrumb_links": [Link("Start", "/"), Link("Components", "")],
        "idle_lock": IdleLock(after=900, lock="/lock", still_here="/still"),
        "table": late,
        "wide": Table(
            "Wide figures",
            [Column("Month"), *[Column(f"Column {n}", numeric=True) for n in range(9)]],
            [["March", *range(9)]],
            scroll=True,
        ),
        "nothing": Table("Nothing", [Column("A")], [], empty="No open checks."),
        "rows": [
            Row("Team", "Front door", [Link("Change", "/c", about="team")]),
            Row("Ring", Phone("01632 960 100")),
            Row("State", Tag("Open")),
        ],
        "tasks": [
            Task("Check the file", Tag("Done", "green"), "/t1"),
            Task("Send it", "Cannot start yet", hint="Check it first"),
        ],
        "pages": Pages("/p?before=x", "/p?after=y"),
        "progress": Progress("Loading the file", 4200, 10000),
        "sections": [
            Link("Footprint", "/f", current=True),
            Link("Household", "/h"),
            Link("Addresses", "/ad"),
        ],
        "late": NOW - timedelta(hours=3),
        "near": NOW + timedelta(hours=2),
        "far": NOW + timedelta(days=9),
        "strip": strip(),
        "bars": Bars("Files by agency", [Bar("Police", 31), Bar("Hospital", 12), Bar("School", 0)], "Agency", "Files"),
        "provenance": [Row("Made", "22 November 2026 at 14:30"), Row("Sources", "4 agencies")],
    }


def render(name: str, values: dict[str, Any], nonce: str = "") -> str:
    """Render a sample template with the components' own engine."""
    engine = Engine(
        dirs=[str(TEMPLATES), str(TEMPLATES.parents[1] / "templates")],
        libraries={
            "face": "knownto.face.templatetags.face",
            "face_forms": "knownto.face.templatetags.face_forms",
            "static": "django.templatetags.static",
        },
    )
    return engine.get_template(name).render(Context({**values, "csp_nonce": nonce}))
