"""The 12-month strip: the same rows, drawn. Says no more than the rows do."""

from collections.abc import Sequence
from datetime import date

from knownto.face.charts import FootprintStrip, Lane, Month
from knownto.face.times import long_date
from knownto.footprint.answers import Looked
from knownto.footprint.picture import AgencyRow, Held, Says, Window

UNCHECKED = "Could not check"
NOT_SHARED = "Not shared for this purpose: ask"
RESTRICTED = "Restricted: ring them"


def strip(rows: Sequence[AgencyRow], today: date) -> FootprintStrip:
    """A lane for each agency that is connected, oldest month first."""
    window = Window(today)
    lanes = [_lane(row, window) for row in rows if row.says is not Says.NOT_CONNECTED]
    return FootprintStrip(window.months, lanes)


def _lane(row: AgencyRow, window: Window) -> Lane:
    if row.says is Says.COULD_NOT_CHECK:
        return Lane(row.name, note="unchecked", words=UNCHECKED)
    if row.says is Says.NOT_SHARED:
        return Lane(row.name, note="ask", words=NOT_SHARED)
    if row.restricted and not row.held:
        return Lane(row.name, note="ask", words=RESTRICTED)
    return Lane(_named(row), [_month(month, row.held, window) for month in window.months])


def _named(row: AgencyRow) -> str:
    """A lane that is not up to date says so: its last months are empty because nobody could look."""
    if row.looked is Looked.SEARCHED or row.up_to is None:
        return row.name
    return f"{row.name}, up to {long_date(row.up_to)} only"


def _month(month: date, held: Sequence[Held], window: Window) -> Month:
    counted = sum(_shown_in(contact, window) == month for contact in held)
    return Month(counted, any(_open_in(contact, month, window) for contact in held))


def _shown_in(contact: Held, window: Window) -> date:
    """The month it is counted in: when it began, or the strip's first for what was going on already."""
    return max(contact.started.replace(day=1), window.months[0])


def _open_in(contact: Held, month: date, window: Window) -> bool:
    """Was it going on in that month? What opened and closed within one month is a mark, not a stretch."""
    first = contact.started.replace(day=1)
    last = (window.today if contact.open else contact.touched(window.today)).replace(day=1)
    return first <= month <= last and (contact.open or first < last)
