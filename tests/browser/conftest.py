"""One product, one browser, and people who come to it. Everything here ends with this folder's last test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from knownto.face.tests import stage
from knownto.town.stories import Story
from tests.browser import product as products
from tests.browser.asking import Asker
from tests.browser.product import Product
from tests.browser.visitor import Meet, Visitor

SHARED = pytest.StashKey[ExitStack]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where several run side by side there is one product for all of them, begun before they are."""
    if session.config.getoption("numprocesses", None):
        session.config.stash[SHARED] = shared = ExitStack()
        os.environ[products.RUNNING] = shared.enter_context(products.running()).address


@pytest.hookimpl(tryfirst=True)  # before those who read the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests go together, one after another, but where they say themselves what goes together."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Interrupted as Ctrl-C does; whatever is left of it then fails the run."""
    if shared := session.config.stash.get(SHARED, None):
        shared.close()


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    """The product on a borough of its own, ready to be used."""
    with products.running() as product:
        yield product


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with stage.chromium() as browser:
        yield browser


@pytest.fixture
def story(product: Product) -> Callable[[str], Story]:
    return product.stories.__getitem__


@pytest.fixture
def given_a(browser: Browser, product: Product) -> Iterator[Meet]:
    """Somebody signed in as one of the demonstration's people; the browser must not complain of anything they do."""
    met: list[Visitor] = []

    def meet(persona: str, *, kind: type[Visitor] = Asker, **options: object) -> Visitor:
        met.append(kind(browser, product, **options))
        return met[-1].becomes(persona) if persona else met[-1]

    yield meet
    complaints = [said for visitor in met for said in visitor.complaints]
    for visitor in met:
        visitor.closes()
    assert complaints == [], "the browser complained"
