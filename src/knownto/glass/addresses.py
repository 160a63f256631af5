"""Where the glass is broken, seen through, accounted for and reviewed. Nothing in an address is about anybody."""

from django.urls import path

from knownto.glass.pages import breaking, opened, outcome, reviewing
from knownto.policy import Permission

app_name = "glass"

NAVIGATION = [
    ("A life depends on it", "glass:start", Permission.BREAK_GLASS, "Open one person for an hour, in an emergency."),
    ("Broken glass", "glass:reviews", Permission.GLASS_REVIEW, "Who was opened in an emergency, and was it right?"),
]

urlpatterns = [
    path("", breaking.start, name="start"),
    path("opened/<uuid:glass>/", opened.opened, name="opened"),
    path("opened/<uuid:glass>/close/", opened.close, name="close"),
    path("outcome/<uuid:ask>/", outcome.outcome, name="outcome"),
    path("of/<uuid:episode>/", reviewing.of, name="of"),
    path("of/<uuid:episode>/lift/", reviewing.lift, name="lift"),
    path("reviews/", reviewing.reviews, name="reviews"),
    path("reviews/<uuid:ask>/", reviewing.review, name="review"),
    path("<uuid:search>/", breaking.choose, name="choose"),
    path("<uuid:search>/<int:place>/", breaking.one, name="one"),
]
