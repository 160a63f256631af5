from django.apps import AppConfig


class Footprint(AppConfig):
    name = "knownto.footprint"

    def ready(self) -> None:
        """Take in the pathway of a question to a team: one that would let it drop stops the product from starting.

        And answer identity, which sits below, when it asks who was shown somebody.
        """
        from knownto.casework.register import register  # noqa: PLC0415 (models are ready only now)
        from knownto.footprint.requests import REQUEST  # noqa: PLC0415
        from knownto.footprint.shown import shown  # noqa: PLC0415
        from knownto.identity.seen_by import seen_from  # noqa: PLC0415

        seen_from(shown)
        register(REQUEST, {})
