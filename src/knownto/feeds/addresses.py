"""Feeds' addresses. Ids in them are opaque."""

from django.urls import path

from knownto.feeds.pages import contract, decision, every_feed, one_file, own_files, sending, sending_keys
from knownto.policy import Permission

app_name = "feeds"

NAVIGATION = [
    ("Feeds", "feeds:feeds", Permission.FEEDS_STATE, "How up to date each partner's information is."),
    (
        "Our files",
        "feeds:files",
        Permission.FEEDS_OWN,
        "What became of your agency's files.",
    ),
]

urlpatterns = [
    path("", every_feed.feeds, name="feeds"),
    path("files/", own_files.files, name="files"),
    path("files/<uuid:file>/", one_file.report, name="file"),
    path("files/<uuid:file>/progress/", one_file.progress, name="progress"),
    path("files/<uuid:file>/rows.csv", one_file.rows, name="rows"),
    path("files/<uuid:file>/decide/", decision.decide, name="decide"),
    path("files/<uuid:file>/replay/", decision.replay, name="replay"),
    path("send/", sending.send, name="send"),
    path("keys/", sending_keys.keys, name="keys"),
    path("keys/<uuid:key>/end/", sending_keys.end, name="key-end"),
    path("contract/", contract.choose, name="contracts"),
    path("contract/<slug:agency>/", contract.one, name="contract"),
    path("contract/<slug:agency>/<slug:what>.<slug:ending>", contract.download, name="contract-download"),
]
