"""What is asked for in alternating rounds, and the ratios of one round to what was measured just before in it.

Load averages tell whether the machine did something else; the processor time of a request (that of the workers; the master
and the generator are left out) hardly depends on it.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.benchmarks import load, servers
from tests.benchmarks.load import Asked
from tests.benchmarks.servers import Server


@dataclass(frozen=True)
class Target:
    """Something that is asked for, what it is compared with, and what is done before it in each round."""

    name: str
    server: Server
    asked: Asked
    bases: tuple[str, ...] = ()
    prepare: Callable[[], None] | None = None


@dataclass
class Rates:
    """What was measured: requests per second and processor seconds of a request, one of each round."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)
    ratios: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    frugal: dict[tuple[str, str], list[float]] = field(default_factory=dict)  # the base's processor time by the target's
    sizes: dict[str, int] = field(default_factory=dict)  # bytes of an answer's body

    def add(self, others: Rates) -> None:
        """Takes in what was measured elsewhere."""
        self.rates |= others.rates
        self.processor |= others.processor
        self.ratios |= others.ratios
        self.frugal |= others.frugal
        self.sizes |= others.sizes

    def print(self) -> None:
        """A line for each target: bytes, requests per second, processor time of one, ratios."""
        for name, rates in self.rates.items():
            ratios = [
                f"{spread(values, 3)} of {base}; by processor time {spread(self.frugal[of, base], 3)}"
                for (of, base), values in self.ratios.items()
                if of == name
            ]
            processor = f"{1000 * statistics.median(self.processor[name]):.3f} ms"
            print(f"  {name:<28}{self.sizes[name]:>10,} B {spread(rates, 0):>22}/s {processor:>10}  {'  '.join(ratios)}")
        print(f"  load average {os.getloadavg()[0]:.2f}", flush=True)


def hello(bare: Server) -> Target:
    """What everything is compared with."""
    return Target("hello", bare, Asked(("/hello",)))


def same(bare: Server, name: str) -> Target:
    """The bytes of a file, by the bare application."""
    return Target(f"same {name}", bare, Asked((f"/same/{name}",)))


def measure(targets: Sequence[Target], *, rounds: int, seconds: int, warmup: bool = True) -> Rates:
    """All targets in turn, ``rounds`` times; before that each is asked for a second, but for those asked once."""
    found, takes = Rates(), dict[str, float]()
    for each in targets:
        if each.name not in takes:
            takes[each.name], found.sizes[each.name] = _look(each)
    if warmup:
        for each in targets:
            if not each.asked.once:
                rate(each, seconds=1, takes=takes[each.name])
    for _round in range(rounds):
        latest: dict[str, tuple[float, float]] = {}
        for each in targets:
            if each.prepare is not None:
                each.prepare()
            latest[each.name] = number, processor = rate(each, seconds=seconds, takes=takes[each.name])
            found.rates.setdefault(each.name, []).append(number)
            found.processor.setdefault(each.name, []).append(processor)
            for base in each.bases:
                found.ratios.setdefault((each.name, base), []).append(number / latest[base][0])
                found.frugal.setdefault((each.name, base), []).append(latest[base][1] / processor)
    for each in targets:
        if not each.asked.once:
            _look(each)
    return found


def rate(target: Target, *, seconds: int, takes: float) -> tuple[float, float]:
    """Requests per second, and processor seconds of a request."""
    used = target.server.processor_seconds()
    number, spent = load.ask(target.server.origin, target.asked, seconds=seconds, each=takes)
    return number / spent, (target.server.processor_seconds() - used) / number


def _look(target: Target) -> tuple[float, int]:
    """How long one answer takes and how many bytes it has, once it is sure that answers are of the wanted status."""
    path, tag = target.asked.pairs()[0]
    headers = {"accept_encoding": target.asked.coding} if target.asked.coding else {}
    answers = [target.server.get(path, tag, **headers) for _time in range(2 * servers.WORKERS)]
    if not target.asked.once and {answer.status for answer in answers} != {target.asked.status}:
        raise RuntimeError(f"{target.name}: {[answer.status for answer in answers]}")
    if target.asked.status == 200 and answers[-1].headers.get("Content-Encoding", "") != target.asked.coding:
        raise RuntimeError(f"{target.name}: another coding than {target.asked.coding}")
    return min(answer.seconds for answer in answers), len(answers[-1].body)


def spread(values: Sequence[float], digits: int) -> str:
    """The median with the least and the greatest."""
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
