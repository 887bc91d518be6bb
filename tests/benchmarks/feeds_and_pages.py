"""How fast the public feed and the programme page are, beside a bare Flask application under the same server.

    python -m tests.benchmarks.feeds_and_pages                        # everything, about six minutes
    python -m tests.benchmarks.feeds_and_pages --sizes 58 --rounds 5  # one size

For 58 (the real programme), 1,000 and 10,000 released entries it makes a database in a temporary folder and starts
gunicorn twice with the same settings: with our application, and with a bare one (``bare.py``) that says "hello" or gives
the bytes of our feed from memory. Both are asked in turn, hello before each of ours, in at least five rounds after a warm-up;
a ratio is taken within its round, and the table gives the median of the rounds with the least and the greatest.

A cold time is that of the first request after a release by another process: nothing of that release has been read yet,
while what did not change may be kept from the one before. The first request to new processes is told beside it.
Memory is VmHWM, the most that a worker has ever held in RAM. Load averages tell whether the machine did something else;
the processor time of a request (that of the workers, the master and the generator left out) hardly depends on it.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from flask import Flask

from tests.benchmarks import corpus, load, servers
from tests.benchmarks.servers import Server

FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"
PAGE = "/krakowice2018/programme/"
COLD = 3  # how often a release is made for each cold time


@dataclass(frozen=True)
class Target:
    """Something that is asked for: by our application or the bare one, and what it is compared with."""

    name: str
    server: Server
    path: str
    bases: tuple[str, ...] = ()
    status: int = 200


@dataclass
class Report:
    """What was measured for one size; rates are requests per second, one of each round."""

    size: int
    rates: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)  # seconds a request
    ratios: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    bytes_served: dict[str, int] = field(default_factory=dict)
    cold: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)


def measure(size: int, folder: Path, *, rounds: int, seconds: int) -> Report:
    """Everything about one size."""
    report, app = Report(size), corpus.make(folder, size)
    settings = {
        "CONGRESS_SECRET_KEY": corpus.KEY,
        "CONGRESS_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONGRESS_INSTANCE": str(folder),
        "CONGRESS_INSECURE_COOKIES": "1",
        "BENCHMARK_SAME": str(folder / "same.ics"),
    }
    for path, name in ((PAGE, "page, new process"), (FEED, "feed, new process")):
        with servers.running("ours", settings, "/healthz") as ours:
            report.cold[name] = [ours.get(path).seconds]
    with servers.running("ours", settings, "/healthz") as ours:
        _measure_cold(ours, app, report)
        body = ours.get(FEED).body
        (folder / "same.ics").write_bytes(body)
        with servers.running("bare", settings, "/hello") as bare:
            assert bare.get("/same").body == body
            _measure_rates(_targets(ours, bare, corpus.fullest_day(app)), report, rounds=rounds, seconds=seconds)
            report.memory = {"ours": ours.peak_memory(), "bare": bare.peak_memory()}
    return report


def _targets(ours: Server, bare: Server, day: str) -> list[Target]:
    hello = Target("hello", bare, "/hello")
    return [
        hello,
        Target("feed 304", ours, FEED, ("hello",), 304),
        hello,
        Target("same bytes", bare, "/same", ("hello",)),
        Target("feed 200", ours, FEED, ("same bytes", "hello")),
        hello,
        Target("page, fullest day", ours, f"{PAGE}?day={day}", ("hello",)),
        hello,
        Target("page", ours, PAGE, ("hello",)),
    ]


def _measure_cold(ours: Server, app: Flask, report: Report) -> None:
    for path in (PAGE, FEED) * 2 * servers.WORKERS:  # every worker has its templates and classes by then
        ours.get(path)
    counter = itertools.count(1)
    for name, path in (("page, after a release", PAGE), ("feed, after a release", FEED)):
        report.cold[name] = []
        for _time in range(COLD):
            corpus.release_again(app, counter)
            report.cold[name].append(ours.get(path).seconds)


def _measure_rates(targets: Sequence[Target], report: Report, *, rounds: int, seconds: int) -> None:
    tags = {each.name: each.server.get(each.path).tag if each.status == 304 else "" for each in targets}
    warm = {}
    for each in targets:
        answers = [each.server.get(each.path, tags[each.name]) for _time in range(2 * servers.WORKERS)]
        assert {answer.status for answer in answers} == {each.status}, each
        warm[each.name] = min(answer.seconds for answer in answers)
        report.bytes_served[each.name] = len(answers[-1].body)

    def rate(each: Target, seconds: int) -> tuple[float, float]:
        address, used = each.server.address(each.path), each.server.processor_seconds()
        number, spent = load.ask(address, tag=tags[each.name], seconds=seconds, each=warm[each.name])
        return number / spent, (each.server.processor_seconds() - used) / number

    for each in targets:
        rate(each, 1)
    for _round in range(rounds):
        latest: dict[str, float] = {}
        for each in targets:
            latest[each.name], processor = rate(each, seconds)
            report.rates.setdefault(each.name, []).append(latest[each.name])
            report.processor.setdefault(each.name, []).append(processor)
            for base in each.bases:
                report.ratios.setdefault((each.name, base), []).append(latest[each.name] / latest[base])


def _spread(values: Sequence[float], digits: int) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def _print(report: Report) -> None:
    print(f"\n{report.size:,} entries")
    for name, rates in report.rates.items():
        ratios = [f"{_spread(values, 4)} of {base}" for (of, base), values in report.ratios.items() if of == name]
        size = f"{report.bytes_served[name]:>10,} bytes"
        processor = f"{1000 * statistics.median(report.processor[name]):.2f} ms"
        print(f"  {name:<18} {size}  {_spread(rates, 1):>24}/s  {processor:>10}  {'  '.join(ratios)}")
    for name, times in report.cold.items():
        print(f"  first {name:<22} {_spread([1000 * each for each in times], 0)} ms")
    print(f"  peak memory of a worker: ours {report.memory['ours']:.0f} MiB, bare {report.memory['bare']:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[58, 1000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement")
    asked = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, gunicorn {version('gunicorn')}"
        f" ({servers.WORKERS} processes, gthread, {servers.THREADS} threads), Flask {version('Flask')}, SQLite"
    )
    print(f"generator: {load.generator()}, on the same machine; {asked.rounds} rounds of {asked.seconds} s each")
    print(f"load average before: {os.getloadavg()[0]:.2f}", flush=True)
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            _print(measure(size, Path(folder), rounds=asked.rounds, seconds=asked.seconds))
            print(f"  load average: {os.getloadavg()[0]:.2f}", flush=True)


if __name__ == "__main__":
    main()
