"""The guardian desk's addresses: opaque ids alone. The conflict register is everybody's own."""

from django.urls import path

from knownto.guarding.pages import desk, joining, looks, proposing, records, register, sealing
from knownto.policy import Permission

app_name = "guarding"

NAVIGATION = [
    (
        "Guardian desk",
        "guarding:desk",
        Permission.GUARD,
        "Who looked for somebody whom nobody may find, and the seals.",
    ),
]

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("seals/", desk.seals, name="seals"),
    path("records/", records.records, name="records"),
    path("records/<uuid:kept>/", records.one, name="record"),
    path("propose/", proposing.propose, name="propose"),
    path("look/<uuid:alert>/", looks.one, name="look"),
    path("seal/<uuid:seal>/", sealing.one, name="seal"),
    path("seal/<uuid:seal>/too/<uuid:person>/", sealing.too, name="too"),
    path("key/", joining.key, name="key"),
    path("seal/<uuid:seal>/join/", joining.write, name="join-write"),
    path("seal/<uuid:seal>/join/half/", joining.half, name="join-half"),
    path("seal/<uuid:seal>/join/read/", joining.read, name="join-read"),
    path("seal/<uuid:seal>/<slug:move>/", sealing.decide, name="decide"),
    path("ask/<uuid:ask>/", desk.of_ask, name="ask"),
    path("work/<uuid:episode>/", desk.of_work, name="of"),
    path("register/", register.declare, name="register"),
]
