from django.apps import AppConfig


class Disclosures(AppConfig):
    name = "knownto.disclosure"
