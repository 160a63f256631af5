"""The addresses of whoever refers, and of whoever supervises them. Drafts and work have opaque ids."""

from django.urls import path

from knownto.pathways.frontdoor.pages import considered, drafts, refer, refer_check, refer_found, refer_sent, supervise
from knownto.policy import Permission

NAVIGATION = [
    ("Refer", "frontdoor:refer", Permission.REFER, "Tell the front door that you are worried about somebody."),
    ("Sent", "frontdoor:sent", Permission.REFER, "What you referred, where it stands, and the outcome."),
    ("Supervise", "frontdoor:supervise", Permission.SUPERVISE, "What your agency's people refer, and how good it is."),
]

urlpatterns = [
    path("refer/", refer.start, name="refer"),
    path("refer/found/<uuid:search>/<int:place>/", refer_found.found, name="refer-found"),
    path("refer/<uuid:draft>/", refer.overview, name="refer-overview"),
    path("refer/<uuid:draft>/check/", refer_check.check, name="refer-check"),
    path("refer/<uuid:draft>/throw-away/", drafts.throw_away, name="draft-throw-away"),
    path("refer/<uuid:draft>/<slug:code>/", refer.one, name="refer-page"),
    path("refer/<uuid:draft>/<slug:code>/<int:number>/", refer.one, name="refer-each"),
    path("refer/<uuid:draft>/<slug:code>/<int:number>/take-out/", refer.remove, name="refer-remove"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("sent/", refer_sent.sent, name="sent"),
    path("sent/<uuid:episode>/", refer_sent.one, name="sent-one"),
    path("sent/<uuid:episode>/receipt/", refer_sent.receipt, name="receipt"),
    path("sent/<uuid:episode>/say/", refer_sent.say, name="sent-say"),
    path("considered/", considered.considered, name="considered"),
    path("considered/<uuid:episode>/", considered.one, name="considered-one"),
    path("considered/<uuid:episode>/judge/", considered.judge, name="considered-judge"),
    path("considered/<uuid:episode>/refer/", considered.refer, name="considered-refer"),
    path("supervise/", supervise.queue, name="supervise"),
    path("supervise/considered/", supervise.considered, name="supervise-considered"),
    path("supervise/trends/", supervise.trends, name="supervise-trends"),
    path("supervise/video/", supervise.video, name="supervise-video"),
    path("supervise/<uuid:episode>/", supervise.one, name="supervise-one"),
]
