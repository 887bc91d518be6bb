"""How fast calendar feeds are, beside a bare Flask application under the same server.

    python -m tests.benchmarks.calendars                              # everything, about fifteen minutes
    python -m tests.benchmarks.calendars --only a,b --sizes 58        # two parts, one size
    python -m tests.benchmarks.calendars --server granian             # another server

  a  the public feed: 304; 200 plain, gzip and br
  b  personal feeds, all different: first after a release, and again
  c  rendering: entries rendered after a release, from nothing, beside icalendar
  d  50,000 subscribers who ask every hour
  e  gunicorn, granian and waitress
  f  nginx with its cache, beside nginx with the same file from disk
  g  peak memory of a worker (VmHWM), after a, b and e
  h  wrong, revoked and right tokens

For 58 (the real programme), 1,000 and 10,000 released entries it makes a database in a temporary folder and starts the same
server twice: with our application, and with a bare one (``bare.py``) that says "hello" or gives the same bytes from memory.
Both are asked in turn, the control before each of ours; a ratio is taken within its round, and the tables give the median of
the rounds with the least and the greatest. Processor times are those of the workers.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from flask import Flask

from tests.benchmarks import behind_nginx, corpus, load, personal_feeds, public_feeds, rates, rendering, servers
from tests.benchmarks.corpus import People
from tests.benchmarks.personal_feeds import Sample
from tests.benchmarks.servers import BARE, OURS, Server

PARTS = "abcdefgh"
ONE_SIZE = 1000  # of the parts d, e, f and h, which say little about size
PUBLIC_GOALS = {"304": 0.85, "plain": 0.85, "gzip": 0.85, "br": 0.85}
PERSONAL_GOALS = {"first 304": 0.3, "first 200": 0.3, "later 304": 0.6, "later 200": 0.6}


@dataclass(frozen=True)
class Run:
    """One size: its application and folder, and what was asked for."""

    size: int
    app: Flask
    folder: Path
    parts: str
    rounds: int
    seconds: int
    kind: str

    @property
    def settings(self) -> dict[str, str]:
        return {
            "CONGRESS_SECRET_KEY": corpus.KEY,
            "CONGRESS_DATA_KEYS": corpus.KEY[::-1],
            "CONGRESS_DATABASE_URL": self.app.config["SQLALCHEMY_DATABASE_URI"],
            "CONGRESS_INSTANCE": str(self.folder),
            "CONGRESS_INSECURE_COOKIES": "1",
            "CONGRESS_RATE_LIMITS": "0",
            "BENCHMARK_SAME": str(self.same),
        }

    @property
    def same(self) -> Path:
        return self.folder / "same"

    @contextlib.contextmanager
    def ours(self, kind: str = "") -> Iterator[Server]:
        """Our application under a server of the run's kind, or another."""
        with servers.running(OURS, self.settings, "/healthz", kind or self.kind) as server:
            yield server

    @contextlib.contextmanager
    def bare(self, kind: str = "") -> Iterator[Server]:
        """The bare application under the same server, with the bytes that are kept by now."""
        with servers.running(BARE, self.settings, "/hello", kind or self.kind) as server:
            yield server


def one_size(run: Run) -> float | None:
    """All parts for one size; the milliseconds of rendering from nothing, if that was asked for."""
    print(f"\n== {run.size:,} entries")
    people = corpus.register(run.app, personal_feeds.PEOPLE, personal_feeds.REVOKED) if set("bdh") & set(run.parts) else None
    rendered = None
    if "c" in run.parts:
        print("c  rendering")
        rendered = rendering.measure(run.app)
    if "a" in run.parts or "c" in run.parts:
        _public(run)
    if people is not None:
        _personal(run, people)
    if "e" in run.parts:
        _kinds(run)
    if "f" in run.parts:
        behind_nginx.measure(run.settings, run.folder, rounds=run.rounds, seconds=run.seconds, kind=run.kind)
    return rendered


def _public(run: Run) -> None:
    with run.ours() as ours:
        print(public_feeds.first_after_release(ours, run.app))
        if "a" not in run.parts:
            return
        public_feeds.keep(ours, run.same)
        print("a  the public feed")
        with run.bare() as bare:
            found = rates.measure(public_feeds.targets(ours, bare), rounds=run.rounds, seconds=run.seconds)
            found.print()
            public_feeds.compared(found, PUBLIC_GOALS)
            _memory(ours, bare)


def _personal(run: Run, people: People) -> None:
    with run.ours() as ours:
        sample = Sample.taken(ours, people)
        if "b" in run.parts:
            personal_feeds.keep(sample, run.same)
            print(
                f"b  personal feeds: {len(sample.paths):,} of {len(people.live):,} people asked, the middle one {sample.middle:,} B"
            )
            with run.bare() as bare:
                found = personal_feeds.measure(ours, bare, run.app, sample, rounds=run.rounds, seconds=run.seconds)
                found.print()
                public_feeds.compared(found, PERSONAL_GOALS)
                _memory(ours, bare)
        if "d" in run.parts:
            print("d  polling")
            personal_feeds.polling(ours, run.app, sample, rounds=run.rounds, seconds=run.seconds)
        if "h" in run.parts:
            print("h  tokens")
            personal_feeds.tokens(ours, people, rounds=run.rounds)


def _kinds(run: Run) -> None:
    print("e  servers, each started with both applications; ratios are to the bare application under the same server")
    with run.ours() as ours:
        public_feeds.keep(ours, run.same)
    for kind in servers.KINDS:
        if servers.is_missing(kind):
            print(f"  {kind} is not installed and was left out")
    kinds = [kind for kind in servers.KINDS if not servers.is_missing(kind)]
    with contextlib.ExitStack() as running:
        pairs = {kind: (running.enter_context(run.ours(kind)), running.enter_context(run.bare(kind))) for kind in kinds}
        targets = [each for kind, (ours, bare) in pairs.items() for each in public_feeds.under(kind, ours, bare)]
        found = rates.measure(targets, rounds=run.rounds, seconds=run.seconds)
        found.print()
        for kind, (ours, bare) in pairs.items():
            print(f"  {kind}: {servers.SAID[kind]}")
            _memory(ours, bare)
    public_feeds.best(found, kinds)


def _memory(ours: Server, bare: Server) -> None:
    print(f"  g  peak memory of a worker: ours {ours.peak_memory():.0f} MiB, bare {bare.peak_memory():.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=PARTS, help="parts, such as a,b")
    parser.add_argument("--sizes", type=int, nargs="+", default=[58, 1000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1, help="of each measurement")
    parser.add_argument("--server", choices=servers.KINDS, default="gthread")
    asked = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, Flask {version('Flask')}, SQLite;"
        f" {servers.SAID[asked.server]}"
    )
    print(f"generator: {load.generator()}, on the same machine; {asked.rounds} rounds of {asked.seconds} s each")
    print(f"load average before: {os.getloadavg()[0]:.2f}", flush=True)
    rendered = {}
    for size in asked.sizes:
        parts = "".join(part for part in PARTS if part in asked.only and (part in "abc" or size == _size_of_one(asked.sizes)))
        if not parts:
            continue
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "same").mkdir()
            app = corpus.make(Path(folder), size)
            rendered[size] = one_size(Run(size, app, Path(folder), parts, asked.rounds, asked.seconds, asked.server))
    if rendered.get(1000) and rendered.get(10_000):
        print(
            f"\nrendering from nothing, 10,000 entries beside 1,000: {(rendered[10_000] or 0) / (rendered[1000] or 1):.2f} times as long"
        )


def _size_of_one(sizes: list[int]) -> int:
    return ONE_SIZE if ONE_SIZE in sizes else sizes[0]


if __name__ == "__main__":
    main()
