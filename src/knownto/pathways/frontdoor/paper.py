"""An accessible PDF (PDF/UA-1) of a page, made here and from nothing but what it is given.

The only place that knows whether this machine can make one: WeasyPrint needs the Pango library of the operating system.
Without it there is no PDF, and the product says so and offers the page for print.
"""

import logging
from typing import NoReturn

log = logging.getLogger(__name__)

try:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher
except (ImportError, OSError) as error:  # OSError: the package is there, the library that it loads is not
    HTML, URLFetcher = None, object
    log.warning("no PDF can be made on this machine (%s): Pango is missing", type(error).__name__)

MISSING = "This machine cannot make PDFs, because the Pango library is not installed. Print the page instead."


class NoPaper(Exception):
    """No PDF can be made on this machine."""

    def __init__(self) -> None:
        super().__init__(MISSING)


class FetchesNothing(URLFetcher):
    """Refuses every address, files and data included: words that people wrote must not make this server ask another."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        raise ValueError


def can_make() -> bool:
    return HTML is not None


def pdf_of(html: str) -> bytes:
    """That page as a PDF. It must have a language and a title, as PDF/UA-1 demands. Raises NoPaper."""
    if HTML is None:
        raise NoPaper
    return HTML(string=html, url_fetcher=FetchesNothing()).write_pdf(pdf_variant="pdf/ua-1")
