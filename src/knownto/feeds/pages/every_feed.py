"""How up to date each partner's information is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.feeds import reads
from knownto.feeds.pages.presenter import feed_table
from knownto.policy import Permission


@page(Permission.FEEDS_STATE)
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    found = list(reads.freshness(request.now).values())
    late = [feed for feed in found if feed.connected and feed.stale]
    return render(request, "feeds/every_feed.html", {"heading": "Feeds", "table": feed_table(found), "late": late})
