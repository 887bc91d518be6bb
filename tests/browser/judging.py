"""What is wrong with a page for somebody who does not see it, uses no mouse, or has made it four times as large."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_CONTRAST = ["color-contrast", "link-in-text-block"]
PARTS = (Path(__file__).parent / "judging.js").read_text(encoding="utf-8")
MOST_REQUESTS = 10
MOST_BYTES = 100_000  # of the page, its sheets and its scripts, as they are sent
spent: Counter[str] = Counter()  # seconds, by what is asked of pages


def _timed(name: str, begun: float) -> float:
    spent[name] += time.monotonic() - begun  # type: ignore[assignment]
    return time.monotonic()


def _violations(found: list[dict[str, object]]) -> list[str]:
    return [
        f"{each['id']}: {node['html'][:200]} {node['any'][0]['message'] if node['any'] else ''}"
        for each in found
        for node in each["nodes"]  # type: ignore[attr-defined]
    ]


def broken_rules(page: Page) -> list[str]:
    """What axe-core finds in the page as it is: rule, place, and what to do."""
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    return _violations(Axe().run(page, options=options).response["violations"])


def _low_contrast(page: Page) -> list[str]:
    """The same of colours alone; axe is in the page already."""
    run = "async rules => (await axe.run({runOnly: {type: 'rule', values: rules}, resultTypes: ['violations']})).violations"
    return _violations(page.evaluate(run, _CONTRAST))


def scrolls_sideways(page: Page) -> list[str]:
    """At four hundred percent, where 1280 pixels are 320."""
    usual = page.viewport_size
    assert usual is not None
    page.set_viewport_size({"width": 320, "height": 256})
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : 0")
    page.set_viewport_size(usual)
    return [f"{wide} pixels wide"] if wide else []


def what_is_missing(page: Page, language: str) -> dict[str, object]:
    """What a page does not keep of what all pages keep."""
    html = page.evaluate("""() => ({
        h1: document.querySelectorAll('h1').length,
        main: document.querySelectorAll('main').length,
        lang: document.documentElement.lang,
        title: document.title.trim().length > 0,
        ids: [...document.querySelectorAll('[id]')].map(each => each.getAttribute('id')),
        wide: document.documentElement.scrollWidth > innerWidth,
        bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .filter(each => each.entryType === 'navigation' || /\\.(css|js)$/.test(new URL(each.name).pathname))
            .reduce((sum, each) => sum + each.encodedBodySize, 0),
    })""")
    twice = [name for name, count in Counter(html["ids"]).items() if count > 1]
    requests = sorted({each for each in page.watch.requests if not each.startswith("data:")})  # type: ignore[attr-defined]
    found = {
        "one h1": html["h1"] == 1,
        "one main": html["main"] == 1,
        "language": html["lang"] == language,
        "title": html["title"],
        "each id once": twice == [],
        "as wide as the window": not html["wide"],
    }
    missing: dict[str, object] = {name: False for name, kept in found.items() if not kept}
    missing |= {"requests": requests} if len(requests) > MOST_REQUESTS else {}
    return missing | ({} if 0 < html["bytes"] <= MOST_BYTES else {"bytes": html["bytes"]})


def wrong_on_a_walk(page: Page, language: str) -> list[str]:
    """What is asked of each page that a walk over all comes to: quickly, or with ``EVERY_PAGE=1`` in the environment all there is."""
    return wrong_with(page, language) if os.environ.get("EVERY_PAGE") else wrong_where_wide(page, language)


def wrong_with(page: Page, language: str) -> list[str]:
    """In both schemes of colours: what a page does not keep, what axe finds, what its rules do not ask, enlargement, wider text.

    Rows and entries beyond the third of the same build are not shown to axe: what holds of three holds of three hundred.
    """
    at = time.monotonic()
    wrong = [f"{name}: {what}" for name, what in what_is_missing(page, language).items()]
    wrong += page.evaluate(PARTS) + scrolls_sideways(page) + page.evaluate("() => spacing()")
    at = _timed("enlarged and spaced", at)
    page.evaluate("() => thinned(true)")
    wrong += broken_rules(page)
    at = _timed("axe", at)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.emulate_media(color_scheme="light" if dark else "dark")
    wrong += [f"{'light' if dark else 'dark'}: {each}" for each in _low_contrast(page)]
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.evaluate("() => thinned(false)")
    wrong += in_forced_colours(page) + on_paper(page)
    _timed("the other colours", at)
    return wrong


def in_forced_colours(page: Page) -> list[str]:
    """As people have it who set the colours of everything themselves."""
    page.emulate_media(forced_colors="active")
    wrong = [f"forced colours: {each}" for each in page.evaluate("() => forced()")]
    page.emulate_media(forced_colors="none")
    return wrong


def on_paper(page: Page) -> list[str]:
    """Printed: the heading is there, and what only a screen can do is not."""
    page.emulate_media(media="print")
    left = page.evaluate("""() => [
        ...[...document.querySelectorAll('h1')].filter(each => !each.checkVisibility()),
        ...[...document.querySelectorAll('.skip, .masthead')].filter(each => each.checkVisibility()),
    ].map(each => each.outerHTML.slice(0, 120))""")
    page.emulate_media(media="screen")
    return [f"on paper: {each}" for each in left]


def wrong_where_wide(page: Page, language: str) -> list[str]:
    """The same where there is room, without the slow questions, whose answers do not depend on that."""
    return [f"{name}: {what}" for name, what in what_is_missing(page, language).items()] + page.evaluate(PARTS)
