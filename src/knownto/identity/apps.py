from importlib import import_module

from django.apps import AppConfig


class Identity(AppConfig):
    name = "knownto.identity"

    def ready(self) -> None:
        """Only now may models be imported; from now on every file that lands is matched, and doubts are work."""
        feeds, acts = import_module("knownto.feeds.acts"), import_module("knownto.identity.acts")
        feeds.when_landed(acts.landed)
        feeds.still_matching_from(acts.still_matching)
        register, work = import_module("knownto.casework.register"), import_module("knownto.identity.pathway")
        register.register(work.REVIEW, {})
        register.register(work.TOLD, {})
