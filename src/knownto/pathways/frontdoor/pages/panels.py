"""A panel: one area's part of the page of a piece of work, made inside the open rows and rendered after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from knownto.access.acts import Viewer
from knownto.casework.entering import Entered


@dataclass(frozen=True)
class Panel:
    """What one area shows. `template` gets `values` and `panel`; panels come in their `order`."""

    order: int
    title: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)


# Makes an area's panel, or None where the viewer is shown nothing of it (`entered.sections`).
Maker = Callable[[Entered, Viewer, datetime], Panel | None]
