"""Calendars of a thousand people, all different; a sample of a day's polls; and what a wrong token costs."""

from __future__ import annotations

import http.client
import itertools
import random
import secrets
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.benchmarks import corpus, rates
from tests.benchmarks.corpus import EVERYBODYS, NOBODYS, People
from tests.benchmarks.load import Asked
from tests.benchmarks.public_feeds import FEED
from tests.benchmarks.rates import Target, hello, same, spread
from tests.benchmarks.servers import Server

PEOPLE, REVOKED = 1000, 20
SUBSCRIBERS, EVERY = 50_000, 3600  # seconds
_PASS = 3.0  # seconds; so many of the people are asked that one pass takes no longer
_WARM = 6  # passes, after which 97 of 100 addresses have been asked of both processes
_ANSWERED_ANEW = 0.2  # share of polls answered with 200 in an ordinary hour
_TOKENS = 300  # requests of each sort and round


@dataclass(frozen=True)
class Sample:
    """The people who are asked, and the size of the middle one of their calendars."""

    paths: tuple[str, ...]
    middle: int

    @staticmethod
    def taken(ours: Server, people: People) -> Sample:
        """As many people as can be asked in a short time."""
        answers = [ours.get(path) for path in people.live[:20]]
        number = int(_PASS / statistics.median(answer.seconds for answer in answers))
        sizes = sorted(len(answer.body) for answer in answers)
        return Sample(people.live[: min(len(people.live), max(number, 20))], sizes[len(sizes) // 2])


def keep(sample: Sample, folder: Path) -> None:
    """As many bytes as the middle calendar has, in a file for the bare application."""
    (folder / "personal").write_bytes(random.Random(1).randbytes(sample.middle))  # noqa: S311  (no secret)


def tags(server: Server, paths: Sequence[str]) -> tuple[str, ...]:
    """The validator of each calendar as it is now."""
    return tuple(server.get(path, method="HEAD").tag for path in paths)


def measure(ours: Server, bare: Server, app: Flask, sample: Sample, *, rounds: int, seconds: int) -> rates.Rates:
    """First after a release, and again; as 200 and as 304."""

    def released(code: str) -> Callable[[], None]:
        return lambda: corpus.release_again(app, code)

    def warmed() -> None:
        for _time in range(_WARM):
            rates.rate(Target("warming", ours, Asked(sample.paths, once=True)), seconds=0, takes=0)

    released(EVERYBODYS)()
    kept = tags(ours, sample.paths)
    control = same(bare, "personal")
    once = Target("same personal, once", bare, Asked(("/same/personal",) * len(sample.paths), once=True))
    greeted = Target("hello, once", bare, Asked(("/hello",) * len(sample.paths), once=True))
    found = rates.measure(
        [
            # This release renames an event that is in nobody's programme: all calendars are looked up anew, none has changed.
            greeted,
            Target("first 304", ours, Asked(sample.paths, kept, status=304, once=True), (greeted.name,), released(NOBODYS)),
        ],
        rounds=rounds, seconds=seconds, warmup=False,
    )  # fmt: skip
    again = rates.measure(
        [
            once,
            Target("first 200", ours, Asked(sample.paths, once=True), (once.name,), released(EVERYBODYS)),
        ],
        rounds=rounds, seconds=seconds, warmup=False,
    )  # fmt: skip
    warmed()
    kept = tags(ours, sample.paths)
    later = rates.measure(
        [
            hello(bare),
            Target("later 304", ours, Asked(sample.paths, kept, status=304), ("hello",)),
            control,
            Target("later 200", ours, Asked(sample.paths), (control.name,)),
        ],
        rounds=rounds, seconds=seconds,
    )  # fmt: skip
    found.add(again)
    found.add(later)
    return found


def polling(ours: Server, app: Flask, sample: Sample, *, rounds: int, seconds: int) -> None:
    """What 50,000 subscribers cost who ask every hour, half of them for their own calendar and half for public ones.

    In an ordinary hour one poll in five is answered with the whole feed (programs that never ask conditionally, and those that
    come after a release of the day); in the hour after a release all are, and each of the personal ones is made anew.
    """
    chance = random.Random(50_000)  # noqa: S311  (no secret)
    paths = [*sample.paths, *(chance.choice(_public(ours)) for _person in sample.paths)]
    chance.shuffle(paths)
    known = dict(zip(paths, tags(ours, paths), strict=True))
    asked = tuple("" if chance.random() < _ANSWERED_ANEW else known[path] for path in paths)
    ordinary = Target("an ordinary hour", ours, Asked(tuple(paths), asked, coding="gzip"))
    after = Target("the hour after a release", ours, Asked(tuple(paths), coding="gzip", once=True))
    spent: dict[str, list[float]] = {ordinary.name: [], after.name: []}
    for _round in range(rounds):
        rates.rate(ordinary, seconds=1, takes=0)
        spent[ordinary.name].append(rates.rate(ordinary, seconds=seconds, takes=0)[1])
        corpus.release_again(app)
        spent[after.name].append(rates.rate(after, seconds=seconds, takes=0)[1])
    a_second = SUBSCRIBERS / EVERY
    print(
        f"  {SUBSCRIBERS:,} subscribers every {EVERY // 60} minutes are {a_second:.1f} requests a second; gzip; {len(paths):,} sampled"
    )
    for name, values in spent.items():
        share = [100 * a_second * each for each in values]
        print(
            f"    {name:<26}{spread([1000 * each for each in values], 3)} ms of processor a request: {spread(share, 2)} % of a core"
        )


def _public(ours: Server) -> list[str]:
    names = ["programme", "plenary", "subgroups", "events", "city-krakow", "city-katowice", "field-music", "field-literature"]
    found = [FEED.replace("-programme", f"-{name}") for name in names]
    return [path for path in found if ours.get(path).status == 200]


def tokens(ours: Server, people: People, *, rounds: int) -> None:
    """Times of a wrong, a revoked and a right token, one after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", ours.port, timeout=120)
    tag = dict(zip(people.live[:50], tags(ours, people.live[:50]), strict=True))
    right = itertools.cycle(tag.items())
    revoked = itertools.cycle(people.revoked)

    def asked(path: str, tag: str, status: int) -> float:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "identity"} | ({"If-None-Match": tag} if tag else {}))
        response = connection.getresponse()
        response.read()
        spent = time.perf_counter() - began
        if response.status != status:
            raise RuntimeError(f"{path}: {response.status} instead of {status}")
        return spent

    medians: dict[str, list[float]] = {"wrong": [], "revoked": [], "right, 304": []}
    for number in range(rounds + 1):
        times: dict[str, list[float]] = {name: [] for name in medians}
        for _time in range(_TOKENS):
            times["wrong"].append(asked(_wrong(people.live[0]), "", 404))
            times["revoked"].append(asked(next(revoked), "", 410))
            times["right, 304"].append(asked(*next(right), 304))
        if number:  # the first round warms up
            for name, values in times.items():
                medians[name].append(statistics.median(values))
    connection.close()
    print(f"  tokens, one connection, {rounds} rounds of {_TOKENS} each in turn")
    for name, values in medians.items():
        ratios = [value / wrong for value, wrong in zip(values, medians["wrong"], strict=True)]
        print(f"    {name:<12}{spread([1000 * each for each in values], 3)} ms  {spread(ratios, 3)} of wrong")


def _wrong(path: str) -> str:
    """An address of the same form with a token that nobody has."""
    token = path.split("/")[3]
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    return path.replace(token, "".join(secrets.choice(alphabet) for _letter in token))
