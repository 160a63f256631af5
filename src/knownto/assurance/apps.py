from django.apps import AppConfig


class Assurance(AppConfig):
    name = "knownto.assurance"
