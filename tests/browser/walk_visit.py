"""The door for people without an account, and what is behind it: everything of a city's contact, over two congresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.conftest import Site

WHO = "focal@ostersund.example"  # see walk_links.make_delegation
HOME = "/my/everything/"


def mailed(site: Site) -> str:
    """The newest mailed link to everything."""
    texts = [mail.get_body(("plain",)).get_content() for mail in site.mails()]  # type: ignore[union-attr]
    return next(found[0] for text in reversed(texts) if (found := re.findall(rf"http://\S+{HOME}link/\S+", text)))


def visit(page: Page, site: Site) -> Iterator[str]:
    page.goto("/sign-in/?ended=1")
    yield "door after a visit has ended"
    _send(page)
    yield "door with a mistake"
    page.locator("input[name=email]").fill(WHO)
    _send(page)
    yield "link on its way"
    link = mailed(site)
    page.goto(link)
    yield "link to everything"
    _send(page)
    yield "everything"
    page.goto(link)
    yield "link to everything is over"
    for name, path in {"everything of one's data": "data/", "hand over a city": "cities/uccn/ostersund/hand-over"}.items():
        page.goto(HOME + path)
        for summary in page.locator("main details summary").all():
            summary.click()
        yield name
    _send(page)
    yield "hand over a city with mistakes"
    page.goto(HOME)
    page.locator("input[name=email]").fill("anna@ostersund.example")
    _send(page, "form[action$='/addresses']")
    page.goto(mailed(site))
    yield "link that joins an address"
    _send(page)
    yield "everything of two addresses"
    _send(page, "form[action$='/sign-out']")


def _send(page: Page, form: str = "main form") -> None:
    with page.expect_navigation():
        page.locator(f"{form} button[type=submit]:visible").last.click()
