"""The picture that stands beside a link to the congress in messages and social networks: 1200 × 630, drawn from the data."""

from __future__ import annotations

import re

from congress.congresses.models import Congress
from congress.core.kept import Kept
from congress.web import filters, pdf
from congress.web.language import speaking
from congress.web.print import pictures

WIDTH, HEIGHT = 1200, 630  # as Open Graph readers cut it (https://ogp.me)
_drawn: Kept[bytes] = Kept(4_000_000, weigh=len)  # by all that it shows


def preview(congress: Congress, language: str) -> bytes:
    """PNG: name, theme, days and hosts in this language beside the crossing of the hosts' lines."""
    hosts = [(city.names, city.country.names) for city in congress.hosts]
    name = (congress.id, congress.version, congress.network.names, tuple(hosts), language)
    return _drawn.get(name, lambda: _draw(congress, language))


def _breakable(text: str) -> str:
    """Words that are longer than a line may end it anywhere."""
    return re.sub(r"\S{21,}", lambda found: "\u200b".join(found[0]), text)


def _draw(congress: Congress, language: str) -> bytes:
    with speaking(language):
        names, title = filters.text(congress.names), filters.text(congress.long_names)
        facts = {
            "lang": language,
            "network": filters.text(congress.network.names),
            "title": title,
            "line": " · ".join(each for each in (names if names != title else "", filters.text(congress.themes)) if each),
            "days": filters.days(congress),
            "hosts": " · ".join(filters.text(city.names) for city in congress.hosts),
            "crossing": pictures.crossing(len(congress.hosts)),
        }
        facts = {name: _breakable(said) if name not in {"crossing", "lang"} else said for name, said in facts.items()}
    return pdf.picture("print/preview.typ", facts)
