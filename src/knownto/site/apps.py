from django.apps import AppConfig


class Site(AppConfig):
    name = "knownto.site"
