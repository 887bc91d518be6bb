"""Text as a printer sets it: quotes, dashes, and spaces at which no line ends. Pure."""

from __future__ import annotations

import re

_SINGLE = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
_SINGLE_QUOTES = {"pl": r"‚\1’", "en": r"‘\1’", "de": r"‚\1‘"}
_QUOTES = {
    "pl": ("„", "”"), "en": ("“", "”"), "de": ("„", "“"), "es": ("«", "»"), "fr": ("«\u00a0", "\u00a0»"), "it": ("«", "»"),
}  # fmt: skip
# A Polish line does not end with a word of one letter, nor between a shortened word and what it belongs to.
_HANGING = re.compile(r"(?<!\w)([aiouwzAIOUWZ]) (?=\S)")
_SHORTENED = re.compile(r"(?<!\w)((?:al|dr|gen|godz|im|inż|mgr|nr|os|pl|prof|św|ul)\.|nr|dr) (?=\S)", re.IGNORECASE)
_UNITS = re.compile(r"(?<=\d) (?=(?:r\.|w\.|zł|min|godz|km|m|os)(?!\w))")
_OPENING = re.compile(r'(^|[\s(\[–—/„“])"')
_ENDLESS = re.compile(r"\S{29,}")  # no word of ours is as long; such a run would stand beyond the margin
_ZERO_WIDTH_SPACE = "\u200b"


def line(text: str, language: str) -> str:
    """One line or paragraph as it is set in this language."""
    opening, closing = _QUOTES.get(language, _QUOTES["en"])
    text = " ".join(text.split(" "))
    if text.count('"') % 2 == 0:  # an odd one is a sign of something else, such as inches
        text = _OPENING.sub(rf"\1{opening}", text).replace('"', closing)
    text = _SINGLE.sub(_SINGLE_QUOTES.get(language, _SINGLE_QUOTES["en"]), text)
    text = re.sub(r"(?<=\w)'", "’", text).replace(" - ", " – ")
    text = held(text, language)
    return _ENDLESS.sub(lambda found: _with_breaks(found[0]), text)


def held(text: str, language: str) -> str:
    """The text with spaces at which no line ends, where an editor of this language wants none to end."""
    if language != "pl":
        return text
    return _UNITS.sub("\u00a0", _SHORTENED.sub("\\1\u00a0", _HANGING.sub("\\1\u00a0", text)))


def paragraphs(text: str, language: str) -> list[list[str]]:
    """The paragraphs of a longer text, each as its lines."""
    parts = re.split(r"\n\s*\n", text.strip())
    return [[line(each.strip(), language) for each in part.split("\n") if each.strip()] for part in parts if part.strip()]


def _with_breaks(run: str) -> str:
    """A run of signs without spaces, such as an address, which may break after every twelfth."""
    if "\u00a0" in run:  # words that are held together are words all the same
        return "\u00a0".join(_ENDLESS.sub(lambda found: _with_breaks(found[0]), part) for part in run.split("\u00a0"))
    return _ZERO_WIDTH_SPACE.join(run[start : start + 12] for start in range(0, len(run), 12))
