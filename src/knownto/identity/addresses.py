"""The addresses of who is who: reviews, people and decisions by opaque ids; nothing in an address is about anybody."""

from django.urls import path

from knownto.identity.pages import consequences, decisions, evaluation, pair, person, queue
from knownto.policy import Permission

app_name = "identity"

NAVIGATION = [
    ("Who is who", "identity:queue", Permission.REVIEW, "Say whether two records are of one person."),
]

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", pair.next_pair, name="next"),
    path("pair/<uuid:episode>/", pair.one, name="pair"),
    path("second/<uuid:ask>/", pair.second, name="second"),
    path("undo-last/", pair.undo_last, name="undo-last"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("undo/<uuid:ruling>/", decisions.undo, name="undo"),
    path("person/<uuid:person>/", person.person, name="person"),
    path("wrong-links/", consequences.every, name="consequences"),
    path("wrong-links/<uuid:episode>/", consequences.one, name="consequence"),
    path("know/<uuid:ask>/", consequences.acknowledge, name="acknowledge"),
    path("evaluation/", evaluation.evaluation, name="evaluation"),
]
