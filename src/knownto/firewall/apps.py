from django.apps import AppConfig


class Firewall(AppConfig):
    name = "knownto.firewall"
