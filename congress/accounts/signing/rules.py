"""How long things of signing in last, and what is taken for safe enough: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from zxcvbn import zxcvbn  # type: ignore[import-untyped]

from congress.core.text import fold

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
INVITED_FOR, LINK_FOR, CODE_FOR = timedelta(days=7), timedelta(hours=1), timedelta(minutes=10)
CODE_TRIES = 5
HALF_FOR = timedelta(minutes=15)  # after the first of two factors the second one has to follow
CONFIRMED_FOR = timedelta(minutes=15)  # after which whoever changes a password or a factor is asked for a secret once more
SEEN_EVERY = timedelta(minutes=5)  # how exactly we know when a browser was last seen
_WEIGHED = 64  # characters by which a password is judged: more take long, and these are enough
_WORD = re.compile(r"[^\W\d_]{3,}|\d{4,}")
_FOR_LETTERS, _KINDS_OF_SIGNS = frozenset("@({[<!|$+%"), 3
_FEWEST_GUESSES = 3  # of zxcvbn's five: more than 100 million


def lasts(began_at: datetime, seen_at: datetime, now: datetime, *, whole: timedelta, idle: timedelta) -> bool:
    """Whether a browser is signed in still. ``seen_at`` may be older than the truth by SEEN_EVERY."""
    return now < began_at + whole and now < seen_at + idle + SEEN_EVERY


def is_easy(password: str) -> bool:
    """Whether a guesser who knows nothing of the account would try it among the first: words of dictionaries, rows of neighbours."""
    return _is_guessed(password, [])


def is_made_of(password: str, names: Iterable[str]) -> bool:
    """Whether a guesser would who knows these names, of the account and around it. They are guessed first, in any order and in any
    writing, so they count for nothing: what is left of the password has to be good by itself."""
    known = sorted({word for name in names for word in _WORD.findall(fold(name))}, key=len, reverse=True)
    left = re.sub("|".join(known), "", fold(password)) if known else password
    return _is_guessed(password, known) or _is_guessed(left, known)


def _is_guessed(password: str, known: Sequence[str]) -> bool:
    weighed = _weighed(password)
    return not weighed or int(zxcvbn(weighed, [*known], max_length=_WEIGHED)["score"]) < _FEWEST_GUESSES


def _weighed(password: str) -> str:
    """As much as is judged. Signs that may stand for letters are tried in all combinations, which takes seconds for many kinds of them;
    nobody writes words with more than a few."""
    cut = password[:_WEIGHED]
    spare = list(dict.fromkeys(sign for sign in cut if sign in _FOR_LETTERS))[_KINDS_OF_SIGNS:]
    return cut.translate(dict.fromkeys(map(ord, spare), "~"))


_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def browser_of(agent: str) -> str:
    """“Firefox, Windows” from what a browser says of itself; empty where it says nothing we know."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))
