"""Counters: in memory, in a real Redis, and in memory while Redis is away."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.rates import Memory, Rate, Shared, made, wait
from tests.conftest import skip_or_fail

RATE = Rate("try", 5, 60)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of our own, on a socket."""
    if shutil.which("redis-server") is None:
        skip_or_fail("redis-server is not installed")
    path = tmp_path_factory.mktemp("redis") / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(path.parent)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        for _turn in range(200):
            if path.exists():
                break
            time.sleep(0.02)
        yield f"unix://{path}"
        server.terminate()


@pytest.fixture(params=["memory", "redis"])
def counters(request: pytest.FixtureRequest) -> Callable[[], Memory | Shared]:
    if request.param == "memory":
        return Memory
    url = request.getfixturevalue("redis_url")
    shared = made(url)
    assert isinstance(shared, Shared)
    shared._client.flushall()
    return lambda: shared


def test_five_in_a_minute_and_no_sixth_until_some_of_them_are_a_minute_old(counters):
    counted = counters()
    begun = [counted.count([(RATE, "a")], 600 + each) for each in range(6)]
    assert begun == [0, 0, 0, 0, 0, 67]  # 55 s are left, then 12 s of the next minute let a fifth of the five go
    assert counted.count([(RATE, "b")], 605) == 0
    assert [counted.count([(RATE, "a")], at) for at in (605 + 66, 605 + 67, 605 + 68)] == [1, 0, 11]
    assert counted.count([(RATE, "a")], 900) == 0


def test_where_one_of_several_is_at_its_end_none_is_counted(counters):
    counted, wider = counters(), Rate("all", 6, 60)
    for _each in range(5):
        assert counted.count([(RATE, "c"), (wider, "c")], 0) == 0
    assert [counted.count([(RATE, "c"), (wider, "c")], 0) > 0 for _each in range(4)] == [True] * 4
    assert (counted.count([(wider, "c")], 0), counted.count([(wider, "c")], 0) > 0) == (0, True)


def test_of_fifty_at_once_five_pass(counters):
    counted = counters()
    with ThreadPoolExecutor(16) as pool:
        passed = list(pool.map(lambda _each: counted.count([(RATE, "d")], 120), range(50)))
    assert passed.count(0) <= 5
    assert passed.count(0) == 5 or isinstance(
        counted, Shared
    )  # in Redis those who come at once may hinder each other, never help


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5), st.integers(1, 90))
def test_never_more_than_twice_as_many_and_who_waits_as_told_passes(steps, count, seconds):
    rate, memory, at, passed = Rate("x", count, seconds), Memory(), 0.0, []
    for step in steps:
        at += step
        told = memory.count([(rate, "")], at)
        if told:
            assert memory.count([(rate, "")], at + told) == 0
            at += told
        passed.append(at)
    for first in passed:
        assert sum(first <= each < first + seconds for each in passed) <= 2 * count


@pytest.mark.parametrize(
    ("before", "current", "passed", "told"),
    [(0, 0, 0, 0), (0, 4, 59, 0), (0, 5, 59, 13), (5, 0, 0, 12), (5, 0, 12, 0), (10, 0, 0, 36)],
)
def test_how_long_to_wait(before, current, passed, told):
    assert wait(RATE, before=before, current=current, passed=passed) == told


def test_memory_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr("congress.core.rates._MOST_KEYS", 3)
    memory = Memory()
    for name in "abcd":
        memory.count([(RATE, name)], 0)
    assert [name for _rate, name in memory._counts] == ["b", "c", "d"]


def test_redis_holds_counts_for_two_windows_and_nothing_else(redis_url):
    shared = made(redis_url)
    assert isinstance(shared, Shared)
    shared._client.flushall()
    shared.count([(RATE, "digest")], 61)
    assert [(name, shared._client.ttl(name)) for name in shared._client.scan_iter()] == [(b"congress:try:digest:1", 120)]


def test_while_redis_is_away_each_process_counts_for_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    shared, at = made(f"unix://{tmp_path}/nobody.sock"), [0.0]
    assert isinstance(shared, Shared)
    shared._clock = lambda: at[0]
    assert [shared.count([(RATE, "a")], 0) for _each in range(6)] == [0, 0, 0, 0, 0, 72]
    assert len(caplog.records) == 1
    at[0] = 6.0
    shared.count([(RATE, "b")], 0)
    assert len(caplog.records) == 2
