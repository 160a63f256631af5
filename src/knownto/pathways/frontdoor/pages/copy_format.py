"""What a copy holds, for whoever builds the system that receives it: the fields, the schema and an example."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.parts import Column, Link, Table
from knownto.pathways.frontdoor import document, example
from knownto.policy import Permission

PARTS = (
    "Document", "Referral", "Child", "Adult", "Address", "Outcome", "Minutes", "Seat", "Heading", "Coded", "Agency",
    "Reference", "BodyWornVideo",
)  # fmt: skip


@page(Permission.COPIES)
@require_safe
def copy_format(request: HttpRequest) -> HttpResponse:
    schema = document.json_schema()
    parts = schema["$defs"] | {"Document": schema}
    values = {
        "heading": "What a copy holds",
        "version": document.VERSION,
        "tables": [_table(name, parts[name]) for name in PARTS],
        "downloads": [
            Link("JSON Schema", reverse("frontdoor:copy-schema")),
            Link("Example of a referral", reverse("frontdoor:copy-example", args=["referral"])),
            Link("Example of an outcome", reverse("frontdoor:copy-example", args=["outcome"])),
            Link("Example of minutes", reverse("frontdoor:copy-example", args=["minutes"])),
        ],
        "back": reverse("frontdoor:copies"),
    }
    return render(request, "frontdoor/copies_format.html", values)


@page(Permission.COPIES)
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    return _file(document.json_schema(), f"knownto-copy-{document.VERSION}.schema", "application/schema+json")


@page(Permission.COPIES)
@require_safe
def sample(request: HttpRequest, what: str) -> HttpResponse:
    if what not in example.FILLED:
        raise Http404
    return _file(example.document(what).to_json(), f"knownto-copy-example-{what}", "application/json")


def _file(content: dict[str, Any], name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return HttpResponse(json.dumps(content, indent=2, ensure_ascii=False), content_type=kind, headers=headers)


def _table(name: str, part: dict[str, Any]) -> Table:
    columns = (Column("Field"), Column("Always there"), Column("Form"), Column("What it is", wide=True))
    needed = part.get("required", [])
    rows = [
        (field, "Yes" if field in needed else "No", _form(said), said.get("description", ""))
        for field, said in part["properties"].items()
    ]
    return Table(name, columns, rows, dense=True)


def _form(said: dict[str, Any]) -> str:
    """The type of a field in a word or two."""
    return " or ".join(dict.fromkeys(word for word in _words(said) if word != "null"))


def _words(said: dict[str, Any]) -> Iterator[str]:
    if "$ref" in said:
        yield said["$ref"].rsplit("/", 1)[-1]
    elif "anyOf" in said:
        for each in said["anyOf"]:
            yield from _words(each)
    elif said.get("type") == "array":
        yield f"list of {_form(said['items'])}"
    elif "enum" in said:
        yield ", ".join(said["enum"])
    else:
        yield str(said.get("const") or said.get("format") or said.get("type", ""))
