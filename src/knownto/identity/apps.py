from importlib import import_module

from django.apps import AppConfig


class Identity(AppConfig):
    name = "knownto.identity"

    def ready(self) -> None:
        """Only now may models be imported; from now on every file that lands is matched."""
        feeds, acts = import_module("knownto.feeds.acts"), import_module("knownto.identity.acts")
        feeds.when_landed(acts.landed)
        feeds.still_matching_from(acts.still_matching)
