"""How long things of signing in last, and what is taken for safe enough: pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from zxcvbn import zxcvbn  # type: ignore[import-untyped]

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
INVITED_FOR, LINK_FOR, CODE_FOR = timedelta(days=7), timedelta(hours=1), timedelta(minutes=10)
CODE_TRIES = 5
HALF_FOR = timedelta(minutes=15)  # after the first of two factors the second one has to follow
CONFIRMED_FOR = timedelta(minutes=15)  # after which whoever changes a password or a factor is asked for a secret once more
SEEN_EVERY = timedelta(minutes=5)  # how exactly we know when a browser was last seen
_WEIGHED = 64  # characters by which a password is judged: more take long, and these are enough
_WORD = re.compile(r"\w{3,}")
_FEWEST_GUESSES = 3  # of zxcvbn's five: more than 100 million


def lasts(began_at: datetime, seen_at: datetime, now: datetime, *, whole: timedelta, idle: timedelta) -> bool:
    """Whether a browser is signed in still. ``seen_at`` may be older than the truth by SEEN_EVERY."""
    return now < began_at + whole and now < seen_at + idle + SEEN_EVERY


def is_easy(password: str, *, email: str, name: str) -> bool:
    """Whether a guesser would try it among the first: words of dictionaries, rows of neighbours, or made of the own name or address."""
    own = {part for text in (email, name) for part in (text.partition("@")[0], text.rpartition(".")[0], *_WORD.findall(text))}
    ours = [*sorted(filter(None, own)), name.replace(" ", ""), "congress", "kongres"]
    return int(zxcvbn(password[:_WEIGHED], ours, max_length=_WEIGHED)["score"]) < _FEWEST_GUESSES


_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def browser_of(agent: str) -> str:
    """“Firefox, Windows” from what a browser says of itself; empty where it says nothing we know."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))
