"""The front door's addresses. Work has opaque ids; nothing in an address is about anybody."""

from django.urls import path

from knownto.pathways.frontdoor.pages import episode
from knownto.policy import Permission  # noqa: F401

app_name = "frontdoor"

NAVIGATION: list[tuple[str, ...]] = [
]

urlpatterns: list = [
    path("<uuid:episode>/", episode.episode, name="episode"),
]
