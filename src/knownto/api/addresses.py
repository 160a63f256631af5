"""The API's addresses, and its deny by default: every operation needs a sending key unless it is named here."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from knownto.api.files import router
from knownto.api.keys import SendingKey
from knownto.api.quality import router as quality
from knownto.api.referrals import faults
from knownto.api.referrals import router as referrals
from knownto.policy import Permission

# Routes that need no session. A route that is not here is unclassified, and the product does not start with it.
# All but the description, and its root, which is empty, ask for a sending key, as the whole API does.
WITHOUT_A_SESSION = {"send", "file", "file-rows", "quality", "send-referral", "referral", "openapi-json", "api-root"}

app_name = "api"
api = NinjaAPI(
    title="Knownto: partners' files and referrals",
    version="1.1",
    description="Send your agency's files and referrals, and see what came of them.",
    auth=SendingKey(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/feeds", router)
api.add_router("/feeds", quality)
api.add_router("", referrals)


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    said = {"code": "no-key", "because": "Give a sending key: Authorization: Bearer ..."}
    return api.create_response(request, said, status=401)


@api.exception_handler(ValidationError)
def not_right(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong and where, and never what was sent: an answer ends up in somebody's log."""
    return api.create_response(request, faults(error).model_dump(), status=422)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    said = {"code": "unreadable", "because": "This cannot be read. Send JSON in UTF-8, as described."}
    return api.create_response(request, said, status=error.status_code)


def _classified(patterns: list[URLPattern]) -> list[URLPattern]:
    """The routes, each with what the rest of the product knows it by."""
    for pattern in patterns:
        if pattern.name in WITHOUT_A_SESSION:
            pattern.callback.permission = Permission.SIGN_IN  # type: ignore[attr-defined]
    return patterns


urlpatterns = _classified(api.urls[0])
