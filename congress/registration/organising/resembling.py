"""Names that resemble what was typed, for a desk that hears a name and misspells it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_LIKE = 0.68  # of 1; “memmedova” and “mammadova” are 0.78 alike, “wisniewski” and “vishnevsky” 0.6
_WORDS = 12  # of those that are like one that was typed


def resembling(typed: str, known: Iterable[tuple[int, str]], *, most: int = 8) -> list[int]:
    """Keys of the texts with words like those that were typed, the most alike first. Everything is folded.

    One word of several may be like none: somebody who is sought in the wrong city is found by the name.
    """
    having: dict[str, set[int]] = defaultdict(set)
    for key, text in known:
        for word in text.split():
            if "@" in typed or "@" not in word:
                having[word].add(key)
    alike: dict[int, float] = defaultdict(float)
    for word in dict.fromkeys(typed.split()):
        best: dict[int, float] = {}
        for found in get_close_matches(word, having, n=_WORDS, cutoff=_LIKE):
            likeness = SequenceMatcher(None, found, word).ratio()
            for key in having[found]:
                best[key] = max(best.get(key, 0.0), likeness)
        for key, likeness in best.items():
            alike[key] += likeness
    return sorted(alike, key=lambda key: (-alike[key], key))[:most]
