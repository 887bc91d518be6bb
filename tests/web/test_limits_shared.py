"""Limits of several processes are counted in one Redis; while it is away each counts for itself, and nobody notices."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import time_machine
from flask import Flask

from congress.web import limits
from congress.web.rates import RATES
from tests.conftest import skip_or_fail
from tests.factories import NOW

[(_whose, RATE)] = RATES["wrong-link"]


@contextlib.contextmanager
def redis_at(path: Path) -> Iterator[None]:
    """A Redis of our own, on a socket."""
    if shutil.which("redis-server") is None:
        skip_or_fail("redis-server is not installed")
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(path.parent)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        for _turn in range(2000):
            if path.exists():
                break
            time.sleep(0.02)
        try:
            yield
        finally:
            server.terminate()


def process(path: Path) -> Flask:
    """What one process counts with."""
    app = Flask("limited")
    app.config.update(RATE_LIMITS=True, SECRET_KEY="k" * 32, REDIS_URL=f"redis+unix://{path}")
    limits.init_app(app)
    return app


def passed(app: Flask, times: int, address: str = "192.0.2.7") -> int:
    """How many of so many wrong links are no guessing yet."""
    environ = app.test_request_context("/my/", environ_base={"REMOTE_ADDR": address}).request.environ
    return sum(not limits.is_guessing(app, environ) for _each in range(times))


def test_processes_count_together_and_what_redis_holds_ends(tmp_path: Path):
    path = tmp_path / "redis.sock"
    with redis_at(path):
        one, other = process(path), process(path)
        assert [passed(one, 40), passed(other, 40), passed(one, 1)] == [40, RATE.count - 40, 0]
        assert passed(other, 1, "198.51.100.1") == 1
        kept = redis.Redis(unix_socket_path=str(path))
        ends = [kept.ttl(name) for name in kept.scan_iter()]
        kept.close()
    assert (len(ends), all(0 < each <= 2 * RATE.seconds for each in ends)) == (2, True)


def test_while_redis_is_away_each_process_counts_for_itself_until_it_is_back(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    path = tmp_path / "redis.sock"
    with time_machine.travel(NOW, tick=False) as clock:
        one, other = process(path), process(path)
        assert [passed(one, 70), passed(other, 70)] == [RATE.count] * 2
        assert len(caplog.records) == 2
        with redis_at(path):
            clock.shift(40)
            assert [passed(one, 40), passed(other, 40)] == [40, RATE.count - 40]
