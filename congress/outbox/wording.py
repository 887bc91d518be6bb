"""Words that organisers write for mails: plain text with named placeholders such as ``{person}``. Pure.

A placeholder is a name and nothing else: no attributes, no formats, no nesting; what is put in is never read for placeholders again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from html import escape

_BRACES = re.compile(r"\{([a-z_]+)\}")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}]+[^\s<>\"{}.,;:!?)\]]")
LINK = "link"  # how the names of placeholders end that are addresses


def unknown(text: str, known: Collection[str]) -> list[str]:
    """Placeholders of a text that are none of these, as they are written, each once."""
    return list(dict.fromkeys(each[0] for each in _BRACES.finditer(text) if each[1] not in known))


def stray(text: str) -> str:
    """The first brace that belongs to no placeholder, with what stands around it; empty if there is none."""
    rest = _BRACES.sub(lambda each: "\0" * len(each[0]), text)
    found = re.search(r"[{}]", rest)
    return text[max(0, found.start() - 10) : found.start() + 15].strip().replace("\n", " ") if found else ""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; one without a value is left out."""
    return _BRACES.sub(lambda each: values.get(each[1], ""), text)


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """The same as one line, for a subject."""
    return " ".join("".join(each if each.isprintable() else " " for each in fill(text, values)).split())


def to_html(text: str, values: Mapping[str, str]) -> str:
    """The text as paragraphs of HTML, everything escaped. Addresses that we or the organisers wrote are links, what people typed is not."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", text.strip())
    return "\n".join(f"<p>{_marked_up(each, values)}</p>" for each in paragraphs if each)


def problem(text: str, known: Collection[str]) -> tuple[str, str] | None:
    """What is wrong with a text, ``unknown`` or ``brace``, and where; None if nothing is."""
    if names := unknown(text, known):
        return "unknown", ", ".join(names)
    if where := stray(text):
        return "brace", where
    return None


def _marked_up(paragraph: str, values: Mapping[str, str]) -> str:
    """Placeholders are found first: an address does not reach over one."""
    parts, end = [], 0
    for each in _BRACES.finditer(paragraph):
        parts.append(_linked(paragraph[end : each.start()]))
        value, end = values.get(each[1], ""), each.end()
        parts.append(_link(value) if each[1].endswith(LINK) and _ADDRESS.fullmatch(value) else _lines(value))
    return "".join([*parts, _linked(paragraph[end:])])


def _linked(text: str) -> str:
    return _between(text, _ADDRESS, lambda found: _link(found[0]))


def _between(text: str, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> str:
    parts, end = [], 0
    for each in pattern.finditer(text):
        parts += [_lines(text[end : each.start()]), make(each)]
        end = each.end()
    return "".join([*parts, _lines(text[end:])])


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _link(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address)}</a>'
