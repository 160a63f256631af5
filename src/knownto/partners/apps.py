from django.apps import AppConfig


class Partners(AppConfig):
    name = "knownto.partners"
