"""The addresses of partner checks, health's part and what is counted of them."""

from django.urls import path

from knownto.pathways.frontdoor.pages import checks, checks_ask, checks_standing, health, practices, returns
from knownto.policy import Permission

NAVIGATION: list[tuple[str, ...]] = [
    (
        "Answers of partners",
        "frontdoor:returns",
        Permission.INSPECT,
        "Who answers checks, in time, late or never.",
    ),
]

urlpatterns = [
    path("returns/", returns.returns, name="returns"),
    path("returns/list.csv", returns.returns_csv, name="returns-csv"),
    path("practices/", practices.practices, name="practices"),
    path("practices/<slug:which>.csv", practices.practices_csv, name="practices-csv"),
    path("health/<uuid:ask>/", health.pack, name="health"),
    path("health/<uuid:ask>/source/", health.source, name="health-source"),
    path("health/<uuid:ask>/documents/<uuid:document>/", health.document, name="health-document"),
    path("health/<uuid:ask>/sign/", health.sign, name="health-sign"),
    path("<uuid:episode>/checks/", checks.checks, name="checks"),
    path("<uuid:episode>/checks/standing/", checks_standing.standing, name="checks-standing"),
    path("<uuid:episode>/checks/cause/", checks_standing.cause, name="checks-cause"),
    path("<uuid:episode>/checks/ask/", checks_ask.ask, name="checks-ask"),
    path("<uuid:episode>/checks/not-waiting/", checks.not_waiting, name="checks-not-waiting"),
    path("<uuid:episode>/checks/done/", checks.done, name="checks-done"),
    path("<uuid:episode>/checks/<uuid:ask>/remind/", checks.remind, name="check-remind"),
    path("<uuid:episode>/checks/<uuid:ask>/withdraw/", checks.withdraw, name="check-withdraw"),
    path("<uuid:episode>/checks/<uuid:ask>/used/", checks.used, name="check-used"),
]
