from django.apps import AppConfig


class Footprint(AppConfig):
    name = "knownto.footprint"
