"""How often something may be done: counters in the memory of one process, or in Redis for several machines.

A rate is counted in a sliding window, put together from two fixed ones: of the window before counts the part that the last ``seconds`` still
reach into. So nobody gets twice as much around a full minute, and one number per window is kept, whatever is asked. What is refused does not
count, or who tries again too early would never be let in.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from redis import Redis

_MOST_KEYS = 100_000  # some 20 MB; who makes up more subjects than that only pushes out the oldest
_AGAIN_AFTER = 5.0  # seconds until a Redis that did not answer is asked again
_PATIENCE = 0.25  # seconds that a request waits for Redis
_log = logging.getLogger("congress.rates")


@dataclass(frozen=True)
class Rate:
    """At most ``count`` times in ``seconds``, of whatever ``name`` is about."""

    name: str
    count: int
    seconds: int


Asked = Sequence[tuple[Rate, str]]
"""Rates, each with whose it is: an address, a digest of a link or of an account."""


def wait(rate: Rate, *, before: int, current: int, passed: float) -> int:
    """Whole seconds until one more is allowed; 0 means now.

    ``before`` and ``current`` are the counts of the last and of the running window, of which ``passed`` seconds are over.
    """
    left = rate.seconds - passed
    if before * left / rate.seconds + current + 1 <= rate.count:
        return 0
    if current < rate.count:  # the window before runs out while this one lasts
        return max(1, math.ceil(left - (rate.count - current - 1) * rate.seconds / before))
    return max(1, math.ceil(left + rate.seconds * (1 - (rate.count - 1) / current)))


class Counters(Protocol):
    """Where the counts are kept."""

    def count(self, asked: Asked, now: float) -> int:
        """Count one more of each and return 0; or, where one of them is at its end, count none and return the seconds to wait."""


class Memory:
    """Counts of this process. Several processes allow as many times as much."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[int, int, int]] = {}  # number of the window, its count, that of the one before
        self._lock = threading.Lock()

    def count(self, asked: Asked, now: float) -> int:
        with self._lock:
            longest, after = 0, []
            for rate, subject in asked:
                key, (number, passed) = (rate.name, subject), divmod(now, rate.seconds)
                last, current, before = self._counts.get(key, (0, 0, 0))
                if last != number:
                    current, before = 0, current if last == number - 1 else 0
                longest = max(longest, wait(rate, before=before, current=current, passed=passed))
                after.append((key, (int(number), current + 1, before)))
            if not longest:
                for key, kept in after:
                    self._counts.pop(key, None)  # what was counted last stands last
                    self._counts[key] = kept
                while len(self._counts) > _MOST_KEYS:
                    del self._counts[next(iter(self._counts))]
            return longest

    def clear(self) -> None:
        """Forget all counts."""
        with self._lock:
            self._counts.clear()


class Shared:
    """Counts of all processes and machines, in Redis. While it does not answer each process counts for itself: nobody is locked out."""

    def __init__(self, client: Redis, failures: type[Exception], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._failures, self._clock = client, failures, clock
        self._own, self._not_before = Memory(), -math.inf

    def count(self, asked: Asked, now: float) -> int:
        if self._clock() < self._not_before:
            return self._own.count(asked, now)
        try:
            return self._count(asked, now)
        except self._failures as problem:
            _log.warning("Redis does not answer (%s); limits are counted in each process meanwhile", type(problem).__name__)
            self._not_before = self._clock() + _AGAIN_AFTER
            return self._own.count(asked, now)

    def _count(self, asked: Asked, now: float) -> int:
        pipe = self._client.pipeline(transaction=True)
        windows = []
        for rate, subject in asked:
            number, passed = divmod(now, rate.seconds)
            key = f"congress:{rate.name}:{subject}:{int(number)}"
            windows.append((rate, key, passed))
            pipe.incr(key)
            pipe.expire(key, 2 * rate.seconds)
            pipe.get(f"congress:{rate.name}:{subject}:{int(number) - 1}")
        answers = pipe.execute()
        longest = 0
        for place, (rate, _key, passed) in enumerate(windows):
            current, _expires, before = answers[3 * place : 3 * place + 3]
            longest = max(longest, wait(rate, before=int(before or 0), current=current - 1, passed=passed))
        if longest:  # counted first and taken back, so that two who come at once never both pass the last place
            pipe = self._client.pipeline(transaction=True)
            for _rate, key, _passed in windows:
                pipe.decr(key)
            pipe.execute()
        return longest


def made(redis_url: str) -> Counters:
    """Counters in the Redis at this address, or in memory where there is none. Connects when something is counted first."""
    if not redis_url:
        return Memory()
    import redis  # noqa: PLC0415  (only where several machines share it)

    client = redis.Redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    return Shared(client, redis.RedisError)
