from importlib import import_module

from django.apps import AppConfig


class Guarding(AppConfig):
    name = "knownto.guarding"

    def ready(self) -> None:
        """From now on no record of a sealed person lands where anybody sees it; a seal is a piece of work."""
        feeds, landing = import_module("knownto.feeds.acts"), import_module("knownto.guarding.landing")
        feeds.withheld_by(landing.AtTheDoor())
        register, work = import_module("knownto.casework.register"), import_module("knownto.guarding.pathway")
        register.register(work.SEALED, {})
        register.register(work.REGISTER, {})
