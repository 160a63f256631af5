"""The API's addresses, and its deny by default: every operation needs a sending key unless it is named here."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError

from knownto.api.files import router
from knownto.api.keys import SendingKey
from knownto.policy import Permission

# Routes that need no session. A route that is not here is unclassified, and the product does not start with it.
# All but the description, and its root, which is empty, ask for a sending key, as the whole API does.
WITHOUT_A_SESSION = {"send", "file", "file-rows", "openapi-json", "api-root"}

app_name = "api"
api = NinjaAPI(
    title="Knownto: partners' files",
    version="1.0",
    description="Send your agency's files and see what came of them.",
    auth=SendingKey(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/feeds", router)


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    said = {"code": "no-key", "because": "Give a sending key: Authorization: Bearer ..."}
    return api.create_response(request, said, status=401)


def _classified(patterns: list[URLPattern]) -> list[URLPattern]:
    """The routes, each with what the rest of the product knows it by."""
    for pattern in patterns:
        if pattern.name in WITHOUT_A_SESSION:
            pattern.callback.permission = Permission.SIGN_IN  # type: ignore[attr-defined]
    return patterns


urlpatterns = _classified(api.urls[0])
