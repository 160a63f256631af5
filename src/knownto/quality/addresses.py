"""Quality's addresses. Nothing in them is about anybody: a code of what can be wrong, and no record."""

from django.urls import path

from knownto.policy import Permission
from knownto.quality.pages import again, listed, overview

app_name = "quality"

NAVIGATION = [
    (
        "Our records",
        "quality:overview",
        Permission.FEEDS_OWN,
        "What is wrong, missing or out of date in your agency's records, and what to do about it.",
    ),
]

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("check/", again.again, name="again"),
    path("<slug:code>/", listed.listed, name="listed"),
]
