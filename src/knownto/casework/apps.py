from django.apps import AppConfig


class Casework(AppConfig):
    name = "knownto.casework"
