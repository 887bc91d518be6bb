"""What rooms have and items need: words that everybody may choose, of which those that most houses use are known in each language.

They are kept in English, so that what a room has and what a session needs are the same word whatever language it was written in.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _

from congress.core.text import fold

_KNOWN = {
    "projector": _("projector"),
    "screen": _("screen"),
    "sound": _("sound"),
    "microphones": _("microphones"),
    "interpreting booth": _("interpreting booth"),
    "hearing loop": _("hearing loop"),
    "stage lights": _("stage lights"),
    "piano": _("piano"),
    "flip chart": _("flip chart"),
    "live stream": _("live stream"),
}


def said(word: str) -> str:
    """A word in the language that is spoken; one that is not known as it was written."""
    return str(_KNOWN.get(word, word))


def all_said(words: Iterable[str]) -> list[str]:
    """These words in the language that is spoken."""
    return [said(word) for word in words]


def meant(typed: str) -> str:
    """The word that is kept for one that was written in English or in the language that is spoken."""
    asked = fold(typed)
    return next((word for word, label in _KNOWN.items() if asked in (word, fold(str(label)))), typed)
