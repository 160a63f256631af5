"""The tracker's addresses. Nothing in them is about anybody: searches have opaque ids, people only a place
in one.
"""

from django.urls import path

from knownto.footprint.pages import answer, ask, footprint, pack, queries, search, wrong
from knownto.policy import Permission

app_name = "footprint"

NAVIGATION = [
    ("Search", "footprint:search", Permission.SEARCH, "Ask who a person or an address is known to."),
    (
        "Said to be wrong",
        "footprint:queries",
        Permission.FEEDS_OWN,
        "Records of yours that somebody says are wrong.",
    ),
]

urlpatterns = [
    path("", search.search, name="search"),
    path("said-to-be-wrong/", queries.queries, name="queries"),
    path("<uuid:search>/", answer.answer, name="answer"),
    path("<uuid:search>/<int:place>/", footprint.footprint, name="footprint"),
    path("<uuid:search>/<int:place>/ask/<int:team>/", ask.ask, name="ask"),
    path("<uuid:search>/<int:place>/pack/", pack.pack, name="pack"),
    path("<uuid:search>/<int:place>/wrong/", wrong.wrong, name="wrong"),
]
