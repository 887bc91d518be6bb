"""What pages tell search engines is data to a browser: the policy against inline scripts neither blocks nor reports it."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import CONGRESS, ON_SQLITE, Open

PAGES = {
    f"{CONGRESS}/": "XII Annual Meeting of the UNESCO Creative Cities Network",
    f"{CONGRESS}/programme/P022": "Opening ceremony with welcome concert",
    f"{CONGRESS}/programme/P053": "Gardens of Sounds World Music Festival",
}


@ON_SQLITE
@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_its_data_and_the_browser_says_nothing(open_browser: Open, path: str):
    page = open_browser()
    violations = "window.violations = []; document.addEventListener('securitypolicyviolation', each => violations.push(each.violatedDirective))"
    page.add_init_script(violations)
    page.goto(path)

    found = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")

    events = found if isinstance(found, list) else [found]
    assert {event["name"] for event in events} == {PAGES[path]}
    assert (page.evaluate("window.violations"), page.watch.complaints) == ([], [])  # type: ignore[attr-defined]


@ON_SQLITE
def test_the_policy_does_stop_a_script_that_runs(open_browser: Open):
    """The other side of the test above: the same way of looking sees a violation where there is one."""
    page = open_browser()
    page.goto(f"{CONGRESS}/")

    seen = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener('securitypolicyviolation', each => done(each.violatedDirective))
            const script = document.createElement('script')
            script.textContent = 'window.ran = true'
            document.head.append(script)
        })"""
    )

    has_run = page.evaluate("window.ran !== undefined")
    page.watch.said.clear()  # type: ignore[attr-defined]
    assert (seen, has_run) == ("script-src-elem", False)
