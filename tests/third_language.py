"""A language that nobody speaks, to see what is not translated: French by its code, with marks around each sentence, accents and more length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from congress.core.db import Model, db
from congress.core.localised import Localised
from congress.core.types import LocalisedText
from congress.registration.questions.models import Question

CODE = "fr"
OPENS, CLOSES = "⟦", "⟧"
_KEPT = re.compile(r"(%\(\w+\)[a-z]|%%|\{\w*\}|<[^>]*>|https?://\S+)")
_ACCENTED = str.maketrans("aceilnosuyzACEILNOSUYZ", "áćéíľñóšúýžÁĆÉÍĽÑÓŠÚÝŽ")
_TRANSLATIONS = Path(__file__).resolve().parent.parent / "congress/translations/pl/LC_MESSAGES"
_MARKED = re.compile(f"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}")


def strange(text: str) -> str:
    """The text with accents, two fifths longer, between marks; placeholders and tags stay."""
    parts = _KEPT.split(text)
    accented = "".join(part if place % 2 else part.translate(_ACCENTED) for place, part in enumerate(parts))
    words = "longueur " * 40
    return f"{OPENS}{accented} {words[: max(1, len(text) * 2 // 5)].strip()}{CLOSES}"


def make_catalogues(folder: Path) -> Path:
    """The folder of a translator who has translated everything."""
    for domain in ("messages", "flask_security"):
        with (_TRANSLATIONS / f"{domain}.po").open("rb") as readable:
            known = read_po(readable)
        made = Catalog(locale=CODE, domain=domain)
        for message in known:
            if message.id:
                said = tuple(map(strange, message.id)) if isinstance(message.id, list | tuple) else strange(message.id)
                made.add(message.id, said)
        path = folder / CODE / "LC_MESSAGES" / f"{domain}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as compiled:
            write_mo(compiled, made)
    return folder


def write_contents() -> None:
    """Each text that is kept in languages, in this one, too."""
    for mapper in Model.registry.mappers:
        columns = [each for each in mapper.local_table.columns if isinstance(each.type, LocalisedText)]
        if not columns:
            continue
        for row in db.session.execute(sa.select(*mapper.local_table.primary_key, *columns)).mappings().all():
            changed = {each.name: _with_strange(row[each.name]) for each in columns}
            which = [each == row[each.name] for each in mapper.local_table.primary_key]
            db.session.execute(sa.update(mapper.local_table).where(*which).values(changed))
    for question in db.session.scalars(sa.select(Question)):
        question.choices = [{**each, "labels": dict(_with_strange(each["labels"]))} for each in question.choices]


def _with_strange(texts: Any) -> Localised:
    said = Localised(texts)
    return Localised({**said, CODE: strange(said.text("en"))}) if said else said


class _Shown(HTMLParser):
    """What readers see or hear of a page, but for what is marked as another language."""

    _EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
    _HEARD = ("title", "alt", "placeholder", "aria-label", "aria-roledescription", "content")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[bool] = []  # of each open element, whether it is shown in this language

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        shown = (not self._open or self._open[-1]) and tag not in {"script", "style", "svg", "code", "textarea", "pre"}
        shown = shown and given.get("lang", CODE) == CODE and "vendor" not in given.get("class", "")
        if shown:
            spoken = [
                given[name]
                for name in self._HEARD
                if given.get(name) and (name != "content" or given.get("name") == "description")
            ]
            spoken += [value for name, value in given.items() if name.startswith("data-text")]
            if tag == "input" and given.get("type") in {"submit", "button"}:
                spoken.append(given.get("value", ""))
            self.texts += spoken
        if tag not in self._EMPTY:
            self._open.append(shown)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._EMPTY and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and (not self._open or self._open[-1]):
            self.texts.append(data.strip())


def shown(page: str) -> list[str]:
    """The texts of a page."""
    parser = _Shown()
    parser.feed(page)
    return parser.texts


def outside(text: str) -> str:
    """What of a text is not between marks, which may stand in each other."""
    while (left := _MARKED.sub(" ", text)) != text:
        text = left
    return " ".join(text.split())


class Suspicious:
    """Finds English outside the marks: whole sentences of ours, and words of them that begin with a small letter."""

    def __init__(self, data: Iterable[str] = ()) -> None:
        """``data`` are texts that stand on pages as they are kept; their words count as nobody's."""
        with (_TRANSLATIONS / "messages.po").open("rb") as readable:
            known = [message.id if isinstance(message.id, str) else message.id[0] for message in read_po(readable) if message.id]
        self._whole = {each.strip(" .:?,") for each in known if len(each) > 2}
        words = {word for each in known for word in re.findall(r"(?<![\w%(])[a-z]{3,}(?![\w)])", each)}
        self._words = words - _SAME_IN_FRENCH - {word for text in data for word in re.findall(r"[a-z]{3,}", text)}

    def among(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            left = re.sub(r"https?://\S+", "", outside(text)).strip()
            if not left or "→" in left or (left == left.lower() and " " not in left):  # codes such as “en; pl” and mail addresses
                continue
            found = [word for word in re.findall(r"(?<![\w@./:%{-])[a-z]{3,}(?![\w@:/}-])", left) if word in self._words]
            if left.strip(" .:?,*…→←") in self._whole - _NAMES or found:
                yield left[:120]


_SAME_IN_FRENCH = {"min", "pages", "message", "important", "question", "questions", "date", "son", "les", "des", "pour"}
_NAMES = {"English", "Polski", "Congress", "Network", "Design", "Film", "Katowice", "Krakow"}
