"""Every part of the pages in every state, with words as long as they come: light, dark, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import judging
from tests.browser.conftest import ON_SQLITE, Open, Site, sign_in

pytestmark = [ON_SQLITE]


@pytest.fixture
def debugging(site: Site) -> Iterator[Site]:
    """The page is there for those who work on the pages."""
    site.app.config["DEBUG"] = True
    yield site
    site.app.config["DEBUG"] = False


@pytest.mark.parametrize(
    "reader", [{}, {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}], ids=["desk", "phone"]
)
def test_every_part_in_every_state_breaks_no_rule(open_browser: Open, debugging: Site, reader: dict[str, Any]):
    page = open_browser(**reader)
    sign_in(page, debugging)
    page.goto("/desk/style/")

    assert page.locator(".style-page > section").count() == 11
    page.evaluate(judging.PARTS)
    assert judging.broken_rules(page) + judging.scrolls_sideways(page) + judging.in_forced_colours(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_of_parts_is_not_there_for_others(open_browser: Open, site: Site):
    page = open_browser()
    sign_in(page, site)
    answer = page.request.get(f"{site.url}/desk/style/")

    assert answer.status == 404
