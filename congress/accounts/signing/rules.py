"""How long things of signing in last, and what is taken for safe enough: pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
INVITED_FOR, LINK_FOR, CODE_FOR = timedelta(days=7), timedelta(hours=1), timedelta(minutes=10)
CODE_TRIES = 5
HALF_FOR = timedelta(minutes=15)  # after the first of two factors the second one has to follow
CONFIRMED_FOR = timedelta(minutes=15)  # after which whoever changes a password or a factor is asked for a secret once more
SEEN_EVERY = timedelta(minutes=5)  # how exactly we know when a browser was last seen
_GUESSED_FIRST = (
    "0123456789",
    "1234567890",
    "abcdefghijkl",
    "password",
    "passwort",
    "congress",
    "kongres",
    "qwertyuiop",
    "qwerty",
    "haslo",
)
_FEWEST_SIGNS = 5  # different ones, beside words that are guessed first


def lasts(began_at: datetime, seen_at: datetime, now: datetime, *, whole: timedelta, idle: timedelta) -> bool:
    """Whether a browser is signed in still. ``seen_at`` may be older than the truth by SEEN_EVERY."""
    return now < began_at + whole and now < seen_at + idle + SEEN_EVERY


def is_easy(password: str, *, email: str, name: str) -> bool:
    """Whether a guesser would try it among the first: of few signs, a row of neighbours, or made of the own name or address."""
    rest = unicodedata.normalize("NFKD", password).casefold()
    for word in sorted({*_GUESSED_FIRST, *_words(email), *_words(name)}, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(set(rest)) < _FEWEST_SIGNS


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return {word for word in "".join(sign if sign.isalnum() else " " for sign in plain).split() if len(word) > 3}


_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def browser_of(agent: str) -> str:
    """“Firefox, Windows” from what a browser says of itself; empty where it says nothing we know."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))
