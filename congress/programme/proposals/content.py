"""What of a session a coordinator may propose, as plain values, and how two states of it differ. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from congress.core.text import fold

Values = dict[str, Any]
"""``titles`` and ``descriptions`` by language; ``takes_guests``; ``contributors``: each its id (None: new), part, name and minutes.

Who has no name yet has a ``city``: its names by language.
"""


@dataclass(frozen=True)
class Difference:
    """One thing that differs: titles and descriptions for each language, ``takes_guests``, ``contributors``.

    ``old`` and ``new`` are texts, a yes or no, or contributors. ``meanwhile`` is what was there when the proposal was made, where
    the draft says something else by now.
    """

    name: str
    language: str
    old: Any
    new: Any
    meanwhile: Any = None
    is_stale: bool = False


_TEXTS = ("titles", "descriptions")


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    """What of ``after`` is not as it was; of texts the languages that are not, an empty one for what is left out."""
    found: Values = {}
    for name, value in after.items():
        if name not in _TEXTS:
            if value != before.get(name):
                found[name] = value
            continue
        codes = sorted({**(before.get(name) or {}), **value})
        if texts := {code: value.get(code, "") for code in codes if _part(before, name, code) != value.get(code, "")}:
            found[name] = texts
    return found


def merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> Values:
    """These values with what ``changed`` has found."""
    found = {**values, **changes}
    for name in _TEXTS:
        texts = {**values[name], **changes.get(name, {})}
        found[name] = {code: text for code, text in sorted(texts.items()) if text}
    return found


def fingerprint(values: Mapping[str, Any], waiting: int | None = None) -> str:
    """Names exactly this state of a session, and which proposal waits for it: who acts on a page must have seen the latest."""
    return hashlib.sha256(json.dumps([values, waiting], sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def differences(
    now: Mapping[str, Any], wanted: Mapping[str, Any], *, then: Mapping[str, Any] | None = None, languages: Iterable[str]
) -> list[Difference]:
    """How what is wanted differs from what is now; ``then`` is the state from which it was wanted."""
    found = []
    for name in ("titles", "descriptions", "takes_guests", "contributors"):
        if name not in wanted:
            continue
        for language in [code for code in languages if code in wanted[name]] if name in _TEXTS else [""]:
            old, new = (_part(each, name, language) for each in (now, wanted))
            was = _part(then, name, language) if then is not None else old
            if old != new:
                found.append(Difference(name, language, old, new, was, was != old))
    return found


def _part(values: Mapping[str, Any], name: str, language: str) -> Any:
    value = values.get(name)
    return (value or {}).get(language, "") if language else value


def is_same_person(before: str, after: str) -> bool:
    """Whether a name was only spelled better; consent to be named is a person's own, so it does not go over to another name."""
    return fold(before) == fold(after)
