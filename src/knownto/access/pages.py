"""Every page says which permission it needs. What says nothing cannot be reached, and fails the start-up check."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error
from django.urls import URLPattern, URLResolver, get_resolver

from knownto.policy import Permission


def page(permission: Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Classify a view: `@page(Permission.SEARCH)`."""

    def classify(view: Callable[..., Any]) -> Callable[..., Any]:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return classify


def permission_of(pattern: URLPattern, name: str) -> Permission | None:
    """What a route needs: said by its view, or for other people's views by the settings."""
    said = getattr(pattern.callback, "permission", None)
    return said or settings.ROUTE_PERMISSIONS.get(name)


Route = tuple[str, str, URLPattern]


def routes(patterns: list[Any] | None = None, prefix: str = "", spaces: str = "") -> Iterator[Route]:
    """Every route there is: (path, name with its namespaces, pattern)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from routes(pattern.url_patterns, path, inner)
        else:
            yield path, f"{spaces}{pattern.name}", pattern


def every_route_is_classified(app_configs: object, **_: object) -> list[Error]:
    """Start-up check: a page that nobody classified stops the product from starting."""
    return [
        Error(f"The route {path or '/'} ({name}) names no permission.", id="access.E001")
        for path, name, pattern in routes()
        if permission_of(pattern, name) is None
    ]
