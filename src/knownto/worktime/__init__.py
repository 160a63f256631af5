"""When is it due?

Working days and hours, England's bank holidays, pauses, and the nights on which the clocks change. A due time is
worked out from its start, its rule, the calendar and the pauses, and never counted down, so that it can be worked
out again and explained years later. Pure: tables come with the code, `now` is passed in, answers are in UTC
(two London times on the night in October cannot be compared).

- `Rule`, `Unit`, `describe`: a time limit, and the law or local setting that it comes from, in words
- `Pause`, `due`: when it is due; `ClockStopped` while a pause lasts
- `distance`, `spoken`: "in 2 hours", "3 working days late", "16:30 today, in 2 hours"
- `Calendar`, `Term`, `england`: working days, opening hours, school terms; `BeyondCalendar` outside the table
- `Cadence`, `Every`, `expected_by`: by when the next of something regular should have come
"""

from .cadence import Cadence, Every, expected_by
from .calendar import LONDON, BeyondCalendar, Calendar, Term, england
from .limits import ClockStopped, Pause, due
from .rules import Rule, Unit, describe
from .words import distance, spoken

__all__ = [
    "LONDON", "BeyondCalendar", "Cadence", "Calendar", "ClockStopped", "Every", "Pause", "Rule", "Term", "Unit",
    "describe", "distance", "due", "england", "expected_by", "spoken",
]
