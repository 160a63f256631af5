from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate

from knownto.access.pages import every_route_is_classified
from knownto.access.wall import grant_after_migrating


class Access(AppConfig):
    name = "knownto.access"

    def ready(self) -> None:
        post_migrate.connect(grant_after_migrating)
        register(every_route_is_classified)
