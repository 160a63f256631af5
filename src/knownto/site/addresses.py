"""Every address there is. Each module keeps its own; this says where they hang."""

from django.urls import path

from knownto.site.pages import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]
