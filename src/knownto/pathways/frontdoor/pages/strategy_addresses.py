"""Where discussions, conferences, emergency powers and inspectors' questions hang under the front door."""

from django.urls import path

from knownto.pathways.frontdoor.pages import (
    discussions,
    inspect,
    meeting,
    meeting_act,
    meeting_answer,
    meeting_call,
    meeting_hold,
    protection,
    strategy_decide,
)
from knownto.policy import Permission

NAVIGATION: list[tuple[str, str, Permission, str]] = [
    ("Discussions", "frontdoor:discussions", Permission.WORK, "Discussions and conferences you are invited to."),
    ("Inspect", "frontdoor:inspect", Permission.INSPECT, "What inspectors ask, answered for any stretch of time."),
]

urlpatterns = [
    path("discussions/", discussions.discussions, name="discussions"),
    path("discussions/list.csv", discussions.as_csv, name="discussions-csv"),
    path("inspect/", inspect.inspect, name="inspect"),
    path("inspect/<slug:question>/", inspect.one, name="inspect-one"),
    path("inspect/<slug:question>.csv", inspect.as_csv, name="inspect-csv"),
    path("<uuid:episode>/meetings/call/<slug:kind>/", meeting_call.call, name="meeting-call"),
    path("<uuid:episode>/meetings/now/", meeting_call.at_once, name="meeting-at-once"),
    path("<uuid:episode>/meetings/<uuid:meeting>/", meeting.meeting, name="meeting"),
    path("<uuid:episode>/meetings/<uuid:meeting>/hold/", meeting_hold.hold, name="meeting-hold"),
    path("<uuid:episode>/meetings/<uuid:meeting>/move/", meeting_act.move, name="meeting-move"),
    path("<uuid:episode>/meetings/<uuid:meeting>/cancel/", meeting_act.cancel, name="meeting-cancel"),
    path("<uuid:episode>/meetings/<uuid:meeting>/invite/", meeting_act.invite, name="meeting-invite"),
    path("<uuid:episode>/meetings/<uuid:meeting>/action/", meeting_act.action, name="meeting-action"),
    path("<uuid:episode>/meetings/<uuid:meeting>/minutes/", meeting_act.send_minutes, name="meeting-minutes"),
    path("<uuid:episode>/meetings/<uuid:meeting>/answer/", meeting_answer.answer, name="meeting-answer"),
    path("<uuid:episode>/meetings/<uuid:meeting>/information/", meeting_answer.information, name="meeting-information"),
    path("<uuid:episode>/meetings/<uuid:meeting>/calendar.ics", meeting_answer.calendar, name="meeting-calendar"),
    path("<uuid:episode>/protection/", protection.protection, name="protection"),
    path("<uuid:episode>/protection/decide/<slug:move>/", strategy_decide.decide, name="protection-decide"),
    path("<uuid:episode>/protection/use/<slug:power>/", protection.use, name="power-use"),
    path("<uuid:episode>/protection/end/<slug:power>/", protection.end, name="power-end"),
]
