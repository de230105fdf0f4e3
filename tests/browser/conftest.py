"""A real Chromium, one running assistant and two other web sites for all browser tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.assistant import Assistant
from tests.browser.embedding import Site
from tests.browser.watching import Watch
from tests.browser.widget import Widget, picture

Browse = Callable[..., BrowserContext]
_FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=8_000)


# Not for the whole session: while Playwright runs, no other event loop can.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium.find(playwright)
        if path is None:
            if os.environ.get("HUIQI_REQUIRE_BROWSER"):
                pytest.fail(chromium.NONE)
            pytest.skip(chromium.NONE)
        found = chromium.launch(playwright, path)
        yield found
        found.close()


@pytest.fixture(scope="package")
def allowed(browser: Browser) -> Iterator[Site]:
    """A web site that may embed the widget."""
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="package")
def foreign(browser: Browser) -> Iterator[Site]:
    """A web site that may not."""
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="package")
def assistant(browser: Browser, allowed: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    found = Assistant(tmp_path_factory.mktemp("browser"), allowed.origin)
    found.start()
    yield found
    found.stop()


@pytest.fixture(autouse=True)
def watch() -> Iterator[Watch]:
    """Fails a test in whose pages something went wrong that it does not expect."""
    found = Watch()
    yield found
    assert found.unexpected() == []


@pytest.fixture
def browse(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[Browse]:
    """Opens a context, as a new visitor."""
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        usual = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", "reduced_motion": "reduce"}
        context = browser.new_context(**(usual | options))
        contexts.append(context)
        context.set_default_timeout(8_000)
        watch.follow(context)
        return context

    yield new
    failed = request.node.stash.get(_FAILED, False)
    for number, context in enumerate(contexts):
        for page in context.pages if failed else ():
            picture(page, f"failed-{request.node.name}-{number}")
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    if report.skipped and chromium.NONE in str(report.longrepr):
        report.longrepr = (__file__, 1, f"Skipped: {chromium.NONE}")  # told once for all, not test by test
    return report


@pytest.fixture
def home(allowed: Site, assistant: Assistant) -> str:
    """The address of a page that holds nothing but the widget, on a site that may embed it."""
    return allowed.page(assistant.address)


@pytest.fixture
def page(browse: Browse, home: str) -> Page:
    """That page, its widget closed."""
    found = browse().new_page()
    found.goto(home)
    return found


@pytest.fixture
def chat(page: Page) -> Widget:
    """The widget on it, opened, greeted."""
    found = Widget(page)
    found.open()
    return found
