"""Rendering in this process: how many entries a release renders anew, and how fast entries become bytes."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from icalendar import Calendar

from congress.feeds import ical
from tests.benchmarks import corpus
from tests.benchmarks.public_feeds import FEED
from tests.benchmarks.rates import spread

_TIMES = 3


@dataclass
class Calls:
    """With what the product's functions were called."""

    rendered: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    assembled: list[tuple[Any, ...]] = field(default_factory=list)


@contextlib.contextmanager
def counted() -> Iterator[Calls]:
    """Notes each call of render_entry and assemble while the block runs; both do their work as ever."""
    calls, render, assemble = Calls(), ical.render_entry, ical.assemble

    def counting(*args: Any, **kwargs: Any) -> bytes:
        calls.rendered.append((args, kwargs))
        return render(*args, **kwargs)

    def noting(head: Any, entries: Any, pieces: Any) -> bytes:
        calls.assembled.append((head, list(entries), list(pieces)))
        return assemble(*calls.assembled[-1])

    ical.render_entry, ical.assemble = counting, noting
    try:
        yield calls
    finally:
        ical.render_entry, ical.assemble = render, assemble


def measure(app: Flask) -> float:
    """Prints everything about one size; gives the seconds of rendering from nothing."""
    client = app.test_client()
    with counted() as nothing:
        body = _get(client)
    with counted() as again:
        _get(client)
    corpus.release_again(app)
    with counted() as changed:
        began = time.perf_counter()
        _get(client)
        after = time.perf_counter() - began
    print(
        f"  entries rendered: {len(nothing.rendered):,} from nothing, {len(again.rendered):,} when asked again,"
        f" {len(changed.rendered):,} after a release that changed one; that first feed took {1000 * after:.1f} ms in process"
    )
    head, entries, pieces = nothing.assembled[0]
    calls = nothing.rendered

    def from_nothing() -> bytes:
        return ical.assemble(head, entries, [ical.render_entry(*args, **kwargs) for args, kwargs in calls])

    parsed = Calendar.from_ical(body)
    plain, whole, assembled = _in_turn(parsed.to_ical, from_nothing, lambda: ical.assemble(head, entries, pieces))
    print(f"  icalendar's Calendar.to_ical() of the same {len(entries):,} entries: {spread(plain, 1)} ms")
    for name, times in (("rendering from nothing", whole), ("assembling rendered pieces", assembled)):
        ratios = [theirs / ours for theirs, ours in zip(plain, times, strict=True)]
        print(f"  {name}: {spread(times, 1)} ms, {spread(ratios, 2)} times as fast as to_ical()", flush=True)
    return statistics.median(whole)


def _get(client: Any) -> bytes:
    answer = client.get(FEED)
    assert answer.status_code == 200, answer.status
    return bytes(answer.data)


def _in_turn(*functions: Callable[[], object]) -> list[list[float]]:
    """Milliseconds of each, called one after the other."""
    times: list[list[float]] = [[] for _function in functions]
    for _time in range(_TIMES):
        for function, spent in zip(functions, times, strict=True):
            began = time.perf_counter()
            function()
            spent.append(1000 * (time.perf_counter() - began))
    return times
