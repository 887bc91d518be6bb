"""What a gathering is called: our sentences speak of congresses, and of a study visit or a seminar they use its own words.

The words stand beside the catalogues, ``translations/<language>/kinds.toml``, a section for each kind: phrases that are put in wherever a
sentence has the phrase on the left, and whole sentences by those in the code. So a sentence is written and translated once, for
congresses; only where that does not do for another kind, its words are added there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.support import NullTranslations
from flask import g
from flask_babel import Babel, Domain, get_locale

from congress.congresses.models import CongressKind
from congress.core.text import first_upper

_FILE = "kinds.toml"
# The names of the kinds themselves, to choose from, and of this site.
_AS_THEY_ARE = frozenset({"congress", "Congress", "Congresses"})
_COMMANDS = "(?:import-|create-|purge|check|rights|backup)"


class Wording:
    """The words of one kind in one language."""

    def __init__(self, words: Mapping[str, str], sentences: Mapping[str, str]) -> None:
        self._words, self._sentences = dict(words), dict(sentences)
        phrases = "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
        # Neither in a placeholder, nor in an address or the name of a command.
        self._found = re.compile(rf"(?<![\w({{-])(?:{phrases})(?![\w-]| {_COMMANDS})", re.IGNORECASE) if words else None
        self._known: dict[tuple[str, str], str] = {}

    def of(self, message: str, sentence: str) -> str:
        """The sentence, which translates this message of the code, in these words."""
        key = (message, sentence)
        if key not in self._known:
            self._known[key] = self._put(message, sentence)
        return self._known[key]

    def _put(self, message: str, sentence: str) -> str:
        if message in _AS_THEY_ARE or self._found is None:
            return sentence
        return self._sentences.get(message) or self._found.sub(self._word, sentence)

    def _word(self, found: re.Match[str]) -> str:
        said = self._words[found[0].lower()]
        return first_upper(said) if found[0][0].isupper() else said


class _Said(NullTranslations):
    """Translations of a language, in the words of a kind."""

    def __init__(self, inner: NullTranslations, wording: Wording) -> None:
        super().__init__()
        self._inner, self._wording = inner, wording

    def ugettext(self, message: str) -> str:
        return self._wording.of(message, self._inner.ugettext(message))

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return self._wording.of(singular, self._inner.ungettext(singular, plural, num))


class _OfKinds(Domain):
    """The catalogue of the reader's language, in the words of the kind of congress that the page or mail is about."""

    def __init__(self, domain: str, wordings: Mapping[tuple[str, str], Wording]) -> None:
        super().__init__(domain=domain)
        self._wordings = wordings

    def get_translations(self) -> NullTranslations:
        found: NullTranslations = super().get_translations()
        kind = chosen_kind()
        if kind is CongressKind.CONGRESS:
            return found
        wording = self._wordings.get((kind.value, get_locale().language))
        return _Said(found, wording) if wording is not None else found


def init_app(babel: Babel, folders: list[Path]) -> None:
    """``folders`` are those of the catalogues; what stands in a later one wins."""
    wordings = {(kind, language): wording for folder in folders for kind, language, wording in _read(folder)}
    babel.__dict__["domain_instance"] = _OfKinds("messages", wordings)


def chosen_kind() -> CongressKind:
    """The kind of congress that is spoken of: of ``speaking``, or of the page."""
    if not g:
        return CongressKind.CONGRESS
    if "kind" not in g:
        congress = g.get("congress")
        return CongressKind.CONGRESS if congress is None else CongressKind(congress.kind)
    return CongressKind(g.kind)


def keep() -> None:
    """From now on speak of the kind that is known, and ask no database for it: for pages that say that it has failed."""
    if "kind" not in g:
        congress = g.get("congress")
        g.kind = (vars(congress).get("kind") if congress is not None else None) or CongressKind.CONGRESS


def _read(folder: Path) -> Iterator[tuple[str, str, Wording]]:
    for path in sorted(folder.glob(f"*/{_FILE}")):
        sections = tomllib.loads(path.read_text("utf-8"))
        for kind in CongressKind:
            if kind.value in sections:
                words, sentences = _gathered(sections, kind.value)
                yield kind.value, path.parent.name, Wording(words, sentences)


def _gathered(sections: Mapping[str, Any], name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Words and sentences of a section and of those it is like, whose own give way."""
    words: dict[str, str] = {}
    sentences: dict[str, str] = {}
    section = sections[name]
    like = section.get("like", [])
    for other in [like] if isinstance(like, str) else like:
        more = _gathered(sections, other)
        words |= more[0]
        sentences |= more[1]
    return words | section.get("words", {}), sentences | section.get("sentences", {})
