"""The feed of the whole programme: 304 and 200, plain and compressed, beside a bare application with the same bytes."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from tests.benchmarks import corpus
from tests.benchmarks.load import Asked
from tests.benchmarks.rates import Rates, Target, hello, same, spread
from tests.benchmarks.servers import WORKERS, Server

FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"
CODINGS = ("", "gzip", "br")
COLD = 3  # how often a release is made for the time of the first feed after one


def file_name(coding: str) -> str:
    """The bare application's name for the feed in a coding."""
    return f"feed-{coding or 'plain'}"


def keep(ours: Server, folder: Path) -> None:
    """The bytes of our feed in each coding, in files for the bare application."""
    for coding in CODINGS:
        body = ours.get(FEED, accept_encoding=coding or "identity").body
        (folder / file_name(coding)).write_bytes(body)


def targets(ours: Server, bare: Server, *, name: str = "") -> list[Target]:
    """Everything about the feed, each after what it is compared with."""
    tag = ours.get(FEED).tag
    found = [hello(bare), Target(f"{name}feed 304", ours, Asked((FEED,), (tag,), status=304), ("hello",))]
    for coding in CODINGS:
        control = same(bare, file_name(coding))
        asked = Asked((FEED,), coding=coding)
        found += [control, Target(f"{name}feed 200 {coding or 'plain'}", ours, asked, (control.name,))]
    return found


def first_after_release(ours: Server, app: Flask) -> str:
    """How long the first feed takes after a release by another process, for one line of the report."""
    for _time in range(2 * WORKERS):  # every worker has its classes by then
        ours.get(FEED)
    times = []
    for _time in range(COLD):
        corpus.release_again(app)
        times.append(1000 * ours.get(FEED).seconds)
    return f"  first feed after a release of another process that changed one entry: {spread(times, 1)} ms"


def compared(rates: Rates, goals: dict[str, float]) -> None:
    """Says of each goal whether the median of the ratios reaches it."""
    for (of, base), values in rates.ratios.items():
        for part, goal in goals.items():
            if of.endswith(part):
                median = statistics.median(values)
                print(f"    {of} / {base}: {median:.3f}, goal {goal}: {'reached' if median >= goal else 'NOT reached'}")


def under(kind: str, ours: Server, bare: Server) -> list[Target]:
    """Four targets of one kind of server, for a table of several kinds."""
    tag = ours.get(FEED).tag
    asked = Asked((f"/same/{file_name('')}",))
    return [
        Target(f"{kind} hello", bare, Asked(("/hello",))),
        Target(f"{kind} feed 304", ours, Asked((FEED,), (tag,), status=304), (f"{kind} hello",)),
        Target(f"{kind} same bytes", bare, asked),
        Target(f"{kind} feed 200", ours, Asked((FEED,)), (f"{kind} same bytes",)),
    ]


def best(rates: Rates, kinds: Sequence[str]) -> None:
    """Says which server gave most answers a second, and which used least of the processor."""
    for what in ("feed 304", "feed 200"):
        fastest = max(kinds, key=lambda kind: statistics.median(rates.rates[f"{kind} {what}"]))
        leanest = min(kinds, key=lambda kind: statistics.median(rates.processor[f"{kind} {what}"]))
        print(f"  {what}: most a second from {fastest}, least processor time in {leanest}")
