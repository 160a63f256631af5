from django.apps import AppConfig


class Footprint(AppConfig):
    name = "knownto.footprint"

    def ready(self) -> None:
        """Take in the pathway of a question to a team: one that would let it drop stops the product from starting."""
        from knownto.casework.register import register  # noqa: PLC0415 (models are ready only now)
        from knownto.footprint.requests import REQUEST  # noqa: PLC0415

        register(REQUEST, {})
