"""The addresses of telling, disagreeing, the night, who may be told, and worries about adults."""

from django.urls import path

from knownto.pathways.frontdoor.pages import adult, adults, challenge, challenges, facts, feedback, nights, not_told
from knownto.policy import Permission

NAVIGATION = [
    ("Not told yet", "frontdoor:not-told", Permission.BOARD, "Who raised a worry and does not know what came of it."),
    ("Night", "frontdoor:night", Permission.HANDOVER, "What is with the emergency duty team, and what to hand over."),
    ("Handed over", "frontdoor:handover", Permission.HANDOVER, "What the night did, for the day to accept."),
    ("Adults", "frontdoor:adults", Permission.HANDOVER, "Worries about adults, and where each stands."),
    ("Disagreements", "frontdoor:challenges", Permission.CHALLENGE, "Decisions that somebody disagrees with."),
]

urlpatterns = [
    path("not-told/", not_told.not_told, name="not-told"),
    path("<uuid:episode>/told/", not_told.told, name="told"),
    path("<uuid:episode>/tell/", not_told.tell, name="tell"),
    path("<uuid:episode>/outcome/", feedback.outcome, name="outcome"),
    path("night/", nights.night, name="night"),
    path("handover/", nights.handover, name="handover"),
    path("<uuid:episode>/hand-over/", nights.hand_over, name="hand-over"),
    path("<uuid:episode>/accept/", nights.accept, name="accept"),
    path("<uuid:episode>/facts/", facts.known, name="facts"),
    path("<uuid:episode>/facts/record/", facts.record, name="fact-record"),
    path("<uuid:episode>/facts/<uuid:instead>/instead/", facts.record, name="fact-instead"),
    path("<uuid:episode>/facts/<uuid:fact>/end/", facts.end, name="fact-end"),
    path("challenges/", challenges.challenges, name="challenges"),
    path("challenges/counts/", challenges.counts, name="challenge-counts"),
    path("challenges/<uuid:episode>/", challenge.one, name="challenge"),
    path("challenges/<uuid:episode>/<slug:step>/", challenge.step, name="challenge-step"),
    path("<uuid:episode>/challenge/", challenge.new, name="challenge-new"),
    path("adults/", adults.board, name="adults"),
    path("<uuid:episode>/adult/", adult.adult, name="adult"),
    path("<uuid:episode>/adult/limbs/", adult.limbs, name="adult-limbs"),
    path("<uuid:episode>/adult/personal/", adult.personal, name="adult-personal"),
    path("<uuid:episode>/adult/decide/<slug:move>/", adult.decide, name="adult-decide"),
    path("<uuid:episode>/adult/second/", adult.second, name="adult-second"),
    path("<uuid:episode>/adult/told/", adult.told, name="adult-told"),
    path("<uuid:episode>/adult/back/", adult.back, name="adult-back"),
]
