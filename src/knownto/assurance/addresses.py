"""Assurance's addresses. Ids in them are opaque; what is asked about a person is sent, never in an address."""

from django.urls import path

from knownto.assurance.pages import (
    entries,
    ledger,
    own_receipt,
    person,
    receipt,
    start,
    statistics,
    watching,
    witnesses,
    worker,
)
from knownto.policy import Permission

app_name = "assurance"

NAVIGATION = [
    ("Who looked", "assurance:start", Permission.WHO_LOOKED, "Who looked at whom, when and why, and what was refused."),
    (
        "Use of the tracker",
        "assurance:statistics",
        Permission.STATISTICS,
        "How much it is used, with nobody in it.",
    ),
]

urlpatterns = [
    path("", start.start, name="start"),
    path("person/", person.ask, name="person"),
    path("person/<uuid:person>/", person.one, name="person-one"),
    path("workers/", worker.choose, name="workers"),
    path("workers/<uuid:worker>/", worker.one, name="worker"),
    path("entries/<slug:code>/", entries.listed, name="entries"),
    path("entry/<uuid:event>/", entries.one, name="entry"),
    path("patterns/", watching.watch, name="watching"),
    path("receipt/", receipt.look_up, name="receipt"),
    path("receipt/<str:code>/proof/", receipt.proof, name="receipt-proof"),
    path("own-receipt/", own_receipt.own, name="own-receipt"),
    path("ledger/", ledger.status, name="ledger"),
    path("witnesses/", witnesses.witnesses, name="witnesses"),
    path("use/", statistics.use, name="statistics"),
]
