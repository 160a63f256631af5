"""The addresses of protections. Nothing in them is about anybody: an opaque id."""

from django.urls import path

from knownto.firewall.pages import listed, one, setting, widening
from knownto.policy import Permission

app_name = "firewall"

NAVIGATION = [
    (
        "Protected addresses",
        "firewall:protections",
        Permission.WHEREABOUTS,
        "Whose address, school or telephone must not reach whom, and what to look at again.",
    ),
]

urlpatterns = [
    path("", listed.protections, name="protections"),
    path("new/", setting.protect, name="protect"),
    path("<uuid:protection>/", one.one, name="protection"),
    path("<uuid:protection>/print/", one.printed, name="protection-print"),
    path("<uuid:protection>/more/", widening.widen, name="protection-widen"),
    path("<uuid:protection>/<slug:step>/", one.step, name="protection-step"),
]
