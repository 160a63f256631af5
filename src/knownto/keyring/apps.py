from django.apps import AppConfig


class Keyring(AppConfig):
    name = "knownto.keyring"
