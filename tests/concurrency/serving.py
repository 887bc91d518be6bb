"""For gunicorn: the application, telling which process answers; and, for a control, an answer kept for some seconds in front of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from congress.wsgi import app as congress

KEPT_FOR = 5.0  # seconds


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
