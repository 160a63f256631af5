"""The front door's addresses. Work has opaque ids; nothing in an address is about anybody."""

from django.urls import path

from knownto.pathways.frontdoor.pages import (
    board_addresses,
    checks_addresses,
    closing_addresses,
    copies,
    copy_format,
    document,
    episode,
    exports,
    refer_addresses,
    strategy_addresses,
    their_references,
)
from knownto.policy import Permission

app_name = "frontdoor"

NAVIGATION: list[tuple[str, ...]] = [
    *board_addresses.NAVIGATION,
    *refer_addresses.NAVIGATION,
    *checks_addresses.NAVIGATION,
    *strategy_addresses.NAVIGATION,
    *closing_addresses.NAVIGATION,
    ("Copies and exports", "frontdoor:copies", Permission.COPIES, "What went into your agency's own record system."),
]

urlpatterns: list = [
    *board_addresses.urlpatterns,
    *refer_addresses.urlpatterns,
    *checks_addresses.urlpatterns,
    *strategy_addresses.urlpatterns,
    *closing_addresses.urlpatterns,
    path("copies/", copies.copies, name="copies"),
    path("copies/list.csv", copies.as_csv, name="copies-csv"),
    path("copies/format/", copy_format.copy_format, name="copy-format"),
    path("copies/format/schema.json", copy_format.schema, name="copy-schema"),
    path("copies/format/<slug:what>.json", copy_format.sample, name="copy-example"),
    path("copies/<uuid:copy>/", copies.one, name="copy"),
    path("copies/<uuid:copy>/again/", copies.again, name="copy-again"),
    path("copies/exports/", exports.exports, name="exports"),
    path("copies/exports/mapping/<slug:shape>/", exports.shape, name="mapping"),
    path("copies/exports/references/", their_references.references, name="their-references"),
    path("<uuid:episode>/document/<slug:what>/", document.document, name="document"),
    path("<uuid:episode>/document/<slug:what>.pdf", document.pdf, name="document-pdf"),
    path("<uuid:episode>/", episode.episode, name="episode"),
]
