from importlib import import_module

from django.apps import AppConfig


class Site(AppConfig):
    name = "knownto.site"

    def ready(self) -> None:
        """Only now may models be imported: from now on `access.fresh` knows how to ask a worker again."""
        proving = import_module("knownto.site.proving")
        import_module("knownto.access.fresh").ask_with(proving.ask, proving.inline)
