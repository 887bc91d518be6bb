"""Chromium against the real application: waitress on a free port, SQLite, mails as files, the clock in May 2018."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page, Request, Response, expect, sync_playwright

from congress import demo
from congress.web.mail import deliver_due
from tests.conftest import skip_or_fail
from tests.factories import NOW
from tests.listening import listening

CHROMIUM = Path("/usr/bin/chromium")
CONGRESS = f"/{demo.SLUG}"
DESK = f"/desk/{demo.SLUG}"
MOST_PATIENCE = 30_000  # milliseconds that a busy machine may take for what comes at once otherwise
expect.set_options(timeout=MOST_PATIENCE)
# One kind of database is enough for what a browser sees.
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Answer:
    """What an HTTP request was answered with."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Site:
    """A running application."""

    app: Flask
    url: str

    @property
    def password(self) -> str:
        """The organiser's."""
        return demo.organiser_password(self.app.config["SECRET_KEY"])

    def mails(self) -> list[EmailMessage]:
        """Every mail that has left so far, what is due included."""
        deliver_due(self.app)
        paths = sorted((Path(self.app.instance_path) / "mail").glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]  # type: ignore[misc]

    def fetch(self, address: str, **headers: str) -> Answer:
        """GET as a calendar program does it: no cookies, no redirects followed. ``if_none_match`` is If-None-Match."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@pytest.fixture
def clock() -> Iterator[None]:
    """A week after the first release; the seconds go on, so that changes have different times."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def site(clock: None, app: Flask) -> Iterator[Site]:
    with listening(app, threads=4) as (port, _stop):
        app.config["SITE_URL"] = url = f"http://127.0.0.1:{port}"
        yield Site(app, url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's browser, once for each module: its event loop must not run on into tests of other folders."""
    if not CHROMIUM.exists():
        skip_or_fail(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_QUIET)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What a page did that a reader does not see."""

    url: str
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self._hear(message.text, message.location.get("url", "")))
        page.on("pageerror", lambda problem: self.said.append(str(problem)))
        page.on("request", self._ask)
        page.on("requestfailed", self._fail)
        page.on("response", self._answered)
        self.page = page

    def _hear(self, text: str, where: str) -> None:
        if text == "Service Worker registration blocked by Playwright":
            return
        # Chromium says of each page of an error that it is one.
        if not (text.startswith("Failed to load resource") and where == self.page.url.partition("#")[0]):
            self.said.append(f"{where}: {text}")

    def _ask(self, request: Request) -> None:
        if request.is_navigation_request():
            self.requests.clear()
        self.requests.append(request.url)
        if not request.url.startswith((self.url, "data:")):
            self.failed.append(f"another host: {request.url}")

    def _fail(self, request: Request) -> None:
        # A reader who goes on before a picture has come stops its request: nothing is wrong with it.
        if request.failure != "net::ERR_ABORTED":
            self.failed.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.failed.append(f"{response.url}: {response.status}")

    @property
    def complaints(self) -> list[str]:
        return self.said + self.failed


Open = Callable[..., Page]


@pytest.fixture
def open_browser(site: Site, chromium: Browser) -> Iterator[Open]:
    """Opens a browser of its own for each reader; at the end no page may have complained, in whatever test."""
    watches: list[Watch] = []
    contexts = []

    def make(**settings: Any) -> Page:
        # What a device keeps has tests of its own (test_offline): elsewhere it would only fetch the programme each time.
        usual = {
            "locale": "en-GB",
            "timezone_id": "Europe/Warsaw",
            "viewport": {"width": 1280, "height": 900},
            "service_workers": "block",
        }
        context = chromium.new_context(base_url=site.url, reduced_motion="reduce", **(usual | settings))
        context.set_default_timeout(MOST_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch = Watch(site.url)
        watch.follow(page)
        watches.append(watch)
        page.watch = watch  # type: ignore[attr-defined]
        return page

    yield make
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []


def sign_in(page: Page, site: Site) -> None:
    """As the organiser, from the sign-in page to the desk."""
    page.goto("/desk/")
    page.locator("input[name=email]").fill(demo.ORGANISER)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/desk/")


def fill_registration(page: Page, **answers: str) -> None:
    """Everything the first page of registration needs but the city, which is chosen in different ways."""
    answers = {
        "category": "delegate", "given_name": "Łucja", "family_name": "Żółkiewska", "email": "lucja@lodz.example", "language": "en",
    } | answers  # fmt: skip
    for name in ("category", "language"):
        page.locator(f"select[name={name}]").select_option(answers[name])
    for name in ("given_name", "family_name", "email"):
        page.locator(f"input[name={name}]").fill(answers[name])


FORM_PAGES = ("role", "travel", "needs", "sessions", "consents", "review")


def go_on(page: Page, to: str) -> None:
    """Press the main button of a page of the form, and wait for the next one."""
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/{to}")


def finish_registration(page: Page) -> None:
    """From the first page of registration, filled in, to the end; nothing more is told than what is needed."""
    for name in FORM_PAGES:
        go_on(page, f"form/{name}")
        if name == "consents":
            page.locator("input[name=consent_privacy]").check()
    go_on(page, "registration/received")
