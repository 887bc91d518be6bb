"""For gunicorn: the application, telling which process answers; and, for controls, without its locks, or with an answer kept for some
seconds in front of it."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from congress.registration import places, queries, services
from congress.registration.bookings import offers
from congress.registration.bookings import services as bookings
from congress.registration.delegations import edits as delegation_edits
from congress.registration.form import steps
from congress.web import requests
from congress.wsgi import app as congress
from tests.concurrency.moments import slowly

KEPT_FOR = 60.0  # seconds: a release takes some on a busy machine


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The application as it is served, with the process in a header."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("X-Worker", str(os.getpid()))], *rest)

    return congress(environ, start)


_kept: dict[tuple[str, str], tuple[float, tuple[str, list[tuple[str, str]]], bytes]] = {}


def kept_by_time(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What we must not do: give an answer again for some seconds without asking the database which release is in force."""
    name = environ["PATH_INFO"], environ.get("HTTP_IF_NONE_MATCH", "")
    found = _kept.get(name)
    if found is None or time.monotonic() - found[0] > KEPT_FOR:
        said: list[tuple[str, list[tuple[str, str]]]] = []
        body = b"".join(app(environ, lambda status, headers, *_rest: said.append((status, headers))))
        found = _kept[name] = time.monotonic(), said[0], body
    start_response(*found[1])
    return [found[2]]


def unlocked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What we must not do: count and give away without a lock, with so much time in between that others come."""
    _take_locks_away()
    return app(environ, start_response)


@functools.cache
def _take_locks_away() -> None:
    for module in (bookings, delegation_edits, offers, places, services, steps):
        vars(module)["lock"] = lambda row: row
    vars(requests)["begin_writing"] = lambda: None
    for module, name in ((queries, "places_taken"), (places, "has_room"), (services, "move")):
        vars(module)[name] = slowly(vars(module)[name])
