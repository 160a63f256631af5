"""PDFs: made of nothing but what they are given, tagged for those who listen to them, and done without where they
cannot be made.
"""

import socket
import threading

import pytest

from knownto.pathways.frontdoor import example, laying_out, paper
from knownto.pathways.frontdoor.tests.unpacking import unpacked

pytestmark = pytest.mark.skipif(not paper.can_make(), reason="no Pango on this machine")


class Ear:
    """A server that only hears whether somebody comes."""

    def __init__(self):
        self.came, self.listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.where = f"http://127.0.0.1:{self.listener.getsockname()[1]}/pixel.png"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        connection, _ = self.listener.accept()
        self.came.set()
        connection.close()


@pytest.fixture
def ear():
    found = Ear()
    yield found
    found.listener.close()


def words_of(html):
    """The words as they are laid out, page by page."""

    def texts(box):
        yield getattr(box, "text", "")
        for child in getattr(box, "children", ()):
            yield from texts(child)

    pages = paper.HTML(string=html, url_fetcher=paper.FetchesNothing()).render().pages
    return " ".join(" ".join(texts(page._page_box)) for page in pages)


def test_it_is_tagged_has_a_language_and_a_title():
    made = laying_out.pdf_of(example.document("outcome"))
    assert made.startswith(b"%PDF-1.7")
    for sign in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang (en-GB)"):
        assert sign in unpacked(made), sign


@pytest.mark.parametrize("what", ["referral", "outcome", "minutes"])
def test_it_says_what_the_document_says(what):
    document = example.document(what)
    said = words_of(laying_out.html_of(document))
    expected = {"referral": "when they shout", "outcome": "early help team", "minutes": "Sent a report"}
    assert expected[what] in said and document.reference in said and "OFFICIAL-SENSITIVE" in said


def test_an_address_in_the_words_is_not_fetched(ear):
    words = f'<img src="{ear.where}"> see {ear.where} <link rel=stylesheet href="{ear.where}">'
    document = example.document("referral")
    document = document.model_copy(
        update={"referral": document.referral.model_copy(update={"what_happened": words, "where": f"url({ear.where})"})}
    )
    html = laying_out.html_of(document)
    assert "&lt;img" in html, "words of people are words, never markup"
    assert laying_out.pdf_of(document)
    assert not ear.came.wait(0.3)


def test_even_markup_that_got_in_fetches_nothing(ear):
    paper.pdf_of(f'<html lang="en"><title>x</title><img src="{ear.where}"><img src="file:///etc/passwd"></html>')
    assert not ear.came.wait(0.3)


def test_it_would_be_fetched_without_our_fetcher(ear):
    """The negative control: with WeasyPrint's own fetcher the server is asked."""
    paper.HTML(string=f'<html lang="en"><title>x</title><img src="{ear.where}"></html>').write_pdf()
    assert ear.came.wait(2)


def test_without_the_library_it_says_so(monkeypatch):
    monkeypatch.setattr(paper, "HTML", None)
    assert not paper.can_make()
    with pytest.raises(paper.NoPaper, match="Pango"):
        paper.pdf_of("<html></html>")
