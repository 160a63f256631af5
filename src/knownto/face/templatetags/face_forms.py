"""What the form renderer's own templates ask. Pages use `{% load face %}` instead."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

from knownto.face import rendering

register = template.Library()


@register.simple_tag
def field_parts(field: BoundField) -> dict[str, Any]:
    """Return what the field's template needs."""
    return rendering.parts(field)


@register.simple_tag
def form_sections(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Return the form's fields, in groups, in the order shown."""
    return rendering.sections(form)
