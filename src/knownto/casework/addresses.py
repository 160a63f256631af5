"""The addresses of what is owed. Work and asks have opaque ids; nothing in an address is about anybody."""

from django.urls import path

from knownto.casework.pages import ask, asked, notices, work
from knownto.policy import Permission

app_name = "casework"

NAVIGATION = [
    ("My work", "casework:work", Permission.WORK, "What you have in hand and are asked, the next due first."),
    ("Notices", "casework:notices", Permission.WORK, "What you and your team are to be told."),
]

urlpatterns = [
    path("", work.mine, name="work"),
    path("team/", work.team, name="team"),
    path("asked/", asked.asked, name="asked"),
    path("of/<uuid:episode>/", asked.of, name="of"),
    path("ask/<uuid:ask>/", ask.ask, name="ask"),
    path("ask/<uuid:ask>/take/", ask.take, name="take"),
    path("ask/<uuid:ask>/give-back/", ask.give_back, name="give-back"),
    path("ask/<uuid:ask>/pass-on/", ask.pass_on, name="pass-on"),
    path("ask/<uuid:ask>/remind/", ask.remind, name="remind"),
    path("ask/<uuid:ask>/withdraw/", ask.withdraw, name="withdraw"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:notice>/", notices.follow, name="notice"),
]
