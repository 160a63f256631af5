"""The components: `{% load face %}`. README.md in `face` shows each in use."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from knownto.face import charts, parts, rendering, times

register = template.Library()


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """Return "Error: ", the first thing that is read out, when `form` or one of `forms` has a fault."""
    candidates = [context.get("form"), *(context.get("forms") or ())]
    wrong = any(isinstance(each, forms.BaseForm) and each.errors for each in candidates)
    return "Error: " if wrong or context.get("has_errors") else ""


@register.inclusion_tag("face/parts/error_summary.html")
def error_summary(*asked: forms.BaseForm, title: str = "There is a problem") -> dict[str, Any]:
    """Show every fault of the forms, each linked to the input to put right; nothing when there is none."""
    found = [fault for form in asked if form for fault in rendering.faults(form)]
    return {"faults": found, "title": title}


@register.inclusion_tag("face/parts/table.html")
def table(table: parts.Table) -> dict[str, Any]:
    """Show a parts.Table."""
    return {"table": table}


@register.inclusion_tag("face/parts/summary_list.html")
def summary_list(rows: Sequence[parts.Row], title: str = "", level: int = 2) -> dict[str, Any]:
    """Show questions and answers; with a title, as a card."""
    return {"rows": rows, "title": title, "level": level, "actions": any(row.actions for row in rows)}


@register.simple_tag
def tag(text: str, colour: str = "") -> parts.Tag:
    """Show a state in a word or two."""
    return parts.Tag(text, colour)


@register.simple_tag
def phone(number: str) -> parts.Phone:
    """Show a number that rings when touched."""
    return parts.Phone(number)


@register.inclusion_tag("face/parts/warning.html")
def warning(text: str) -> dict[str, Any]:
    """Show a consequence that somebody must not miss."""
    return {"text": text}


def _block(template_name: str, **values: Any) -> SafeString:
    return render_to_string(template_name, values)


@register.simple_block_tag
def notification(content: str, title: str = "Important", success: bool = False, quiet: bool = False) -> SafeString:
    """Tell what happened. A success takes the focus, unless `quiet`: never beside an error summary."""
    return _block("face/parts/notification.html", content=content, title=title, success=success, quiet=quiet)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Set a passage apart."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag
def details(content: str, summary: str, opened: bool = False) -> SafeString:
    """Hide what few need behind a line that says what it is."""
    return _block("face/parts/details.html", content=content, summary=summary, opened=opened)


@register.simple_block_tag
def button_group(content: str) -> SafeString:
    """Put buttons and links side by side."""
    return format_html('<div class="govuk-button-group">{}</div>', content)


@register.simple_block_tag
def empty_state(content: str, heading: str, level: int = 2) -> SafeString:
    """Say that there is nothing, why, and what to do."""
    return _block("face/parts/empty_state.html", content=content, heading=heading, level=level)


@register.simple_block_tag
def outcome(content: str, kind: str, heading: str, level: int = 2) -> SafeString:
    """Show an answer: kind is "found", "possible", "nothing" or "unchecked". Each has its own word and shape.

    "Could not check" must never be read as "not known", so they share neither colour, shape nor word.
    """
    mark, word = OUTCOMES[kind]
    values = {
        "content": content,
        "kind": kind,
        "heading": heading,
        "level": level,
        "mark": mark,
        "word": word,
    }
    return _block("face/parts/outcome.html", **values)


OUTCOMES = {
    "found": ("●", "Known"),
    "possible": ("◐", "Possibly known"),
    "nothing": ("○", "Nothing found"),
    "unchecked": ("✕", "Could not check"),
}


@register.inclusion_tag("face/parts/button.html")
def button(text: str, kind: str = "", name: str = "", value: str = "") -> dict[str, Any]:
    """Show a button that sends its form once. `kind` is "", "secondary", "warning" or "inverse"."""
    return {"text": text, "kind": kind, "name": name, "value": value}


@register.inclusion_tag("face/parts/button_link.html")
def button_link(text: str, href: str, kind: str = "", start: bool = False) -> dict[str, Any]:
    """Show a link that looks like a button, for the main way on."""
    return {"text": text, "href": href, "kind": kind, "start": start}


@register.inclusion_tag("face/parts/breadcrumbs.html")
def breadcrumbs(links: Sequence[parts.Link]) -> dict[str, Any]:
    """Show the way back up; the last is the page itself."""
    return {"links": links}


@register.inclusion_tag("face/parts/back_link.html")
def back_link(href: str, text: str = "Back") -> dict[str, Any]:
    """Show the way back. Give a real address: it works without JavaScript."""
    return {"href": href, "text": text}


@register.inclusion_tag("face/parts/pagination.html")
def pagination(pages: parts.Pages) -> dict[str, Any]:
    """Show the way to the pages before and after, with no totals."""
    return {"pages": pages}


@register.inclusion_tag("face/parts/task_list.html")
def task_list(tasks: Sequence[parts.Task], name: str = "task") -> dict[str, Any]:
    """Show what there is to do and how far each is. `name` keeps ids apart when a page has two lists."""
    return {"tasks": tasks, "name": name}


@register.inclusion_tag("face/parts/sections.html")
def sections(links: Sequence[parts.Link], label: str = "Sections") -> dict[str, Any]:
    """Show the parts of a subject, each a page of its own: what tabs would be, and works everywhere."""
    return {"links": links, "label": label}


@register.inclusion_tag("face/parts/csv_link.html")
def csv_link(href: str, text: str = "Download this list as a spreadsheet (CSV)") -> dict[str, Any]:
    """Show the way to take a list of work away."""
    return {"href": href, "text": text}


@register.inclusion_tag("face/parts/progress.html")
def progress(progress: parts.Progress) -> dict[str, Any]:
    """Show how far long work is."""
    return {"progress": progress}


@register.inclusion_tag("face/parts/due.html")
def due(when: datetime, now: datetime) -> dict[str, Any]:
    """Show a time limit as a time and a distance, and in words when it is late or near."""
    return {"moment": times.due(when, now), "word": True}


@register.inclusion_tag("face/parts/due.html")
def happened(when: datetime, now: datetime) -> dict[str, Any]:
    """Show when something happened as a time and a distance."""
    return {"moment": times.happened(when, now)}


@register.inclusion_tag("face/parts/day.html")
def day(when: date | None, today: date | None = None) -> dict[str, Any]:
    """Show a date in full and, with `today`, how long ago it was."""
    return {
        "day": when,
        "said": times.long_date(when) if when else "",
        "ago": times.ago(when, today) if when and today else "",
    }


@register.inclusion_tag("face/parts/footprint_strip.html")
def footprint_strip(strip: charts.FootprintStrip) -> dict[str, Any]:
    """Show who had contact in which month, with its table."""
    return {"strip": strip}


@register.inclusion_tag("face/parts/bars.html")
def bars(bars: charts.Bars) -> dict[str, Any]:
    """Show a bar chart that is its own table."""
    return {"bars": bars}
