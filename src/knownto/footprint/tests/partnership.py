"""A small partnership whose feeds really land: agencies, teams, workers and people, all through acts."""

import csv
import io
from datetime import date, datetime, timedelta

from django.test import Client
from django.utils.timezone import localdate

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.access.viewer import Viewer, viewer_of
from knownto.feeds import acts as feeds
from knownto.identity import acts as identity
from knownto.ledger.acts import Actor
from knownto.partners import acts as partners
from knownto.partners.models import Worker

BY = Actor(None, "", "system")
AGENCIES = (
    ("police", "Police", True),
    ("childrens-social-care", "Children's social care", True),
    ("hospital", "Hospital", True),
    ("school", "School", True),
    ("adult-social-care", "Adult social care", False),
    ("fire", "Fire service", False),
)
TEAMS = (
    ("police", "response", "Response", "01632 960101", "24 hours", ""),
    ("police", "missing-persons", "Missing persons", "01632 960104", "24 hours", ""),
    ("police", "domestic-abuse", "Domestic abuse", "01632 960103", "8am to 10pm", "Ring Response"),
    ("childrens-social-care", "mash", "Safeguarding hub", "01632 960201", "9am to 5pm", "Ring emergency duty"),
    ("childrens-social-care", "family-safeguarding", "Family safeguarding", "01632 960203", "9am to 5pm", ""),
    ("hospital", "emergency-department", "Emergency department", "01632 960301", "24 hours", ""),
    ("hospital", "maternity", "Maternity", "01632 960303", "24 hours", ""),
    ("school", "school-01", "Mill Lane Primary", "01632 960501", "School days", "Ring the hub"),
    ("fire", "vulnerable-people", "Vulnerable people", "01632 960402", "9am to 5pm", ""),
)

# Amy is known to three; Joe is her brother; the Quills live apart from each other in one shared house.
AMY = {
    "family_name": "Okafor-Lunt",
    "given_names": "Amelia",
    "date_of_birth": "2016-02-03",
    "sex": "F",
    "address_line_1": "12 Millrace Lane",
    "town": "Hallowbridge",
    "postcode": "QK1 2AB",
}
AMYS_NUMBER = {"nhs_number": "9990000018", "phone": "07700 900123"}
JOE = AMY | {"given_names": "Joseph", "date_of_birth": "2018-07-21", "sex": "M"}
EARLIER = {
    "family_name": "Tranterwick",
    "given_names": "Dorothea",
    "date_of_birth": "1988-11-30",
    "sex": "F",
    "address_line_1": "3 Saddler Row",
    "postcode": "QK4 7XY",
}
SHARED = {"address_line_1": "40 Station Parade", "town": "Hallowbridge", "postcode": "QK9 1ZZ"}
LODGERS = [
    SHARED | {"family_name": family, "given_names": given, "date_of_birth": born}
    for family, given, born in (
        ("Quillfeather", "Basil", "1971-04-05"),
        ("Varnishka", "Oleg", "1985-09-17"),
        ("Penhallow", "Ruth", "1993-01-28"),
        ("Abernetty", "Sol", "1966-12-12"),
    )
]


class Partnership:
    """Its feeds are up to date as of yesterday; `late` says which one has not come."""

    def __init__(self, now: datetime, late: tuple[str, ...] = ()) -> None:
        self.now, self.today, self.late = now, localdate(now), late
        self.contacts = 0
        for order, (code, name, connected) in enumerate(AGENCIES):
            partners.add_agency(by=BY, now=now, code=code, name=name, connected=connected, order=order)
        for agency, code, name, phone, hours, closed in TEAMS:
            partners.add_team(
                by=BY, now=now, agency=agency, code=code, name=name, phone=phone, hours=hours, out_of_hours=closed
            )
        self.rows: dict[str, list[dict]] = {code: [] for code, _, connected in AGENCIES if connected}

    def knows(self, agency: str, record: str, who: dict, category: str, team: str, days: int, **more) -> None:
        """That agency had contact with `who`, so many days ago."""
        self.contacts += 1
        started = self.today - timedelta(days=days)
        contact = {"category": category, "team": team, "started_on": started, "status": "closed"}
        self.rows[agency].append(who | contact | {"record_id": record, "contact_id": f"C{self.contacts:05d}"} | more)

    def tell(self) -> None:
        """Everybody sends their files, and every record is matched."""
        for agency, rows in self.rows.items():
            as_of = self.today - timedelta(days=20 if agency in self.late else 1)
            feeds.set_up(agency=agency, by=BY, now=self.now)
            taken = feeds.take_in(
                _csv(rows or [_somebody_else(agency, as_of)]),
                agency=agency,
                mode="snapshot",
                as_of=as_of,
                by=BY,
                now=self.now,
                name=f"{agency}_snapshot_{as_of}.csv",
            )
            assert taken.state == "landed", (agency, taken.state, taken.faults, taken.codes)
        with system("late"):
            feeds.raise_alarms(now=self.now)
        identity.catch_up(now=self.now)

    def worker(self, role: str, agency: str = "childrens-social-care", name: str = "Test Worker") -> Worker:
        return partners.open_account(
            by=BY,
            now=self.now,
            sign_in_name=f"{role}.{agency}.{name}",
            name=name,
            agency=agency,
            roles=[role],
            password="three words apart",
        )

    def viewer(self, role: str, agency: str = "childrens-social-care", name: str = "Test Worker") -> Viewer:
        return viewer_of(self.worker(role, agency, name), second_factor=True)


def _csv(rows: list[dict]) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _somebody_else(agency: str, day: date) -> dict:
    """A feed always has somebody in it."""
    team = {
        "police": "response",
        "hospital": "maternity",
        "school": "school-01",
        "childrens-social-care": "mash",
    }
    kind = {
        "police": "custody",
        "hospital": "maternity",
        "school": "bullying",
        "childrens-social-care": "contact",
    }
    return {
        "record_id": "Z1",
        "contact_id": "Z1",
        "family_name": "Zzyzzyx",
        "given_names": agency.title(),
        "date_of_birth": "1950-01-02",
        "category": kind[agency],
        "team": team[agency],
        "started_on": day - timedelta(days=5),
        "status": "closed",
    }


def borough(now: datetime, late: tuple[str, ...] = ()) -> Partnership:
    """The partnership that most tests ask about."""
    found = Partnership(now, late)
    know = found.knows
    know("police", "P1", AMY, "missing", "missing-persons", 10)
    know("police", "P1", AMY, "missing", "missing-persons", 200)
    know("police", "P1", AMY, "exploitation", "response", 30)
    know(
        "childrens-social-care",
        "M1",
        AMY | AMYS_NUMBER | {"household_id": "H1"},
        "child_protection_plan",
        "family-safeguarding",
        60,
        status="open",
        last_contact_on=found.today - timedelta(days=4),
    )
    know(
        "childrens-social-care",
        "M2",
        JOE | {"household_id": "H1"},
        "child_in_need",
        "family-safeguarding",
        60,
        status="open",
    )
    know("hospital", "R1", AMY | AMYS_NUMBER, "emergency_attendance", "emergency-department", 12)
    know("hospital", "R2", EARLIER, "maternity", "maternity", 500, ended_on=found.today - timedelta(days=420))
    for number, lodger in enumerate(LODGERS):
        know("police", f"P{number + 2}", lodger, "neighbour_dispute", "response", 40)
    return found


def sign_in(client: Client, worker: Worker) -> None:
    """A session as the product begins one, for a persona that several people may use."""
    client.force_login(worker, backend="knownto.site.sign_in.BySealedName")
    session, at = client.session, clock.now().timestamp()
    session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
    session.save()
