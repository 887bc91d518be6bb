"""Documents of the demo's sessions: invented papers of one page, made when the demo is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import typst

from congress.core.files import Checked
from congress.core.localised import Localised
from congress.demo import ORGANISER
from congress.programme.documents import services
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience

_PAGE = """
#let paper = json(bytes(sys.inputs.paper))
#set document(title: paper.title)
#set page(paper: "a4", margin: 25mm, footer: text(size: 8pt, paper.about))
#set text(font: "Libertinus Serif", size: 11pt, lang: paper.lang)
#text(size: 20pt, weight: "bold", paper.title)
#v(6mm)
#enum(..paper.lines.map(text))
"""
# Code of the session, for whom, language, titles, lines of the paper.
_DOCUMENTS = (
    ("P024", Audience.DELEGATES, "en", "Agenda of the plenary", "Porządek obrad plenarnych",
     ["Opening and adoption of the agenda", "Report of the Secretariat", "Questions of the cities", "Strategy of the Network"]),
    ("P026", Audience.DELEGATES, "en", "Notes for speakers", "Wskazówki dla prelegentów",
     ["Five minutes for each city.", "Please speak slowly: there is interpretation.", "Slides by the evening before."]),
    ("P029", Audience.FIELD, "en", "Working paper: residencies for writers", "Materiał roboczy: rezydencje dla pisarzy",
     ["What the cities offer today", "What a common programme could be", "Questions to be decided"]),
    ("P040", Audience.EVERYONE, "pl", "Leaflet of the debate", "Ulotka debaty",
     ["Wstęp wolny.", "Debata toczy się po polsku.", "Prosimy o przybycie na kwadrans przed rozpoczęciem."]),
)  # fmt: skip
_INVENTED = {"en": "Demo: this paper is invented.", "pl": "Wersja pokazowa: ten dokument jest zmyślony."}
_NEWER = ["Opening and adoption of the agenda", "Report of the Secretariat", "Strategy of the Network", "Questions of the cities"]


def add_documents(items: Mapping[str, ProgrammeItem], *, now: datetime) -> None:
    """A paper for each audience, and a second version of the first one."""
    fonts = typst.Fonts(include_system_fonts=False)
    made = []
    for code, audience, language, en, pl, lines in _DOCUMENTS:
        titles = Localised(en=en, pl=pl)
        file = _paper(titles.text(language), language, lines, fonts, now)
        document = services.add(items[code], file, titles=titles, audience=audience, language=language, by=ORGANISER, now=now)
        made.append(document)
    first, item = made[0], items[_DOCUMENTS[0][0]]
    file = _paper(first.titles.text("en"), "en", _NEWER, fonts, now)
    services.add_version(
        first, item, file, titles=first.titles, audience=first.audience, language="en", by=ORGANISER, now=now
    )  # fmt: skip


def _paper(title: str, language: str, lines: list[str], fonts: typst.Fonts, now: datetime) -> Checked:
    facts = json.dumps({"title": title, "lang": language, "lines": lines, "about": _INVENTED[language]})
    body = typst.compile(_PAGE.encode(), font_paths=fonts, sys_inputs={"paper": facts}, timestamp=now)
    return Checked(f"{title}.pdf".replace(":", " –"), "application/pdf", bytes(body))
