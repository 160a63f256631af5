"""The front door's addresses. Work has opaque ids; nothing in an address is about anybody."""

from django.urls import path  # noqa: F401
from knownto.policy import Permission  # noqa: F401

app_name = "frontdoor"

NAVIGATION: list[tuple[str, ...]] = [
]

urlpatterns: list = [
]
