"""Headers on every response: nothing about people is kept by a browser, a proxy or the back button."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST")
NOT_KEPT = {"Cache-Control": "no-store"}
ALWAYS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Headers:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request) if usual(request) else HttpResponseNotAllowed(METHODS)
        kept = request.path.startswith("/static/")
        for name, value in (ALWAYS if kept else ALWAYS | NOT_KEPT).items():
            response[name] = value
        if getattr(request, "forget", False):  # a session has just ended here
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def usual(request: HttpRequest) -> bool:
    """Pages are got and forms are posted: a view that forgot to say so is not reached by any other method."""
    return request.method in METHODS
