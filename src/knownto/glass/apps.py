from importlib import import_module

from django.apps import AppConfig


class Glass(AppConfig):
    name = "knownto.glass"

    def ready(self) -> None:
        """Only now may models be imported: what is owed for a broken glass is work like any other."""
        register, work = import_module("knownto.casework.register"), import_module("knownto.glass.pathway")
        register.register(work.GLASS, {})
