from django.apps import AppConfig


class FrontDoor(AppConfig):
    name = "knownto.pathways.frontdoor"
    label = "frontdoor"

    def ready(self) -> None:
        """Take the pathways in: one that would let work drop stops the product from starting."""
        from knownto.pathways.frontdoor import registration  # noqa: PLC0415 (models are ready only now)

        registration.register_all()
