"""How long things of signing in last, and what is taken for safe enough: pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
INVITED_FOR, LINK_FOR, CODE_FOR = timedelta(days=7), timedelta(hours=1), timedelta(minutes=10)
CODE_TRIES = 5
CONFIRMED_FOR = timedelta(minutes=15)  # after which whoever changes a password or a factor is asked for a secret once more
SEEN_EVERY = timedelta(minutes=5)  # how exactly we know when a browser was last seen
_FREE_GUESSES = 5
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(hours=12)
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


def wait(wrong: int, last_at: datetime, now: datetime) -> timedelta:
    """How long until the next guess is looked at: nothing for the first five, then from half a minute, doubling, to a quarter of an hour."""
    if wrong < _FREE_GUESSES:
        return timedelta(0)
    doubled: int = 2 ** min(wrong - _FREE_GUESSES, 10)
    whole = min(_FIRST_WAIT * doubled, _LONGEST_WAIT)
    return max(last_at + whole - now, timedelta(0))


def is_forgotten(last_at: datetime, now: datetime) -> bool:
    """Wrong guesses of long ago count no more."""
    return now >= last_at + _FORGOTTEN_AFTER


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
