"""Who is calling: the holder of a sending key. Without a good key there is nothing here."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from knownto.access import clock
from knownto.feeds import acts as feeds


class SendingKey(HttpBearer):
    """`Authorization: Bearer knownto_...`. Gives the agency's code, or refuses."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        return feeds.holder_of_key(token, now=clock.now()) or None
