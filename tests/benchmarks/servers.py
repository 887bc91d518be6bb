"""WSGI servers with the same settings for every application, and what they used."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.listening import free_port

ROOT = Path(__file__).parent.parent.parent
WORKERS, THREADS = 2, 4
OURS, BARE = "congress.wsgi:app", "tests.benchmarks.bare:app"
_GUNICORN = ["gunicorn", "--workers", str(WORKERS), "--log-level", "warning", "--bind", "127.0.0.1:PORT"]
_GRANIAN = [
    "granian", "--interface", "wsgi", "--workers", str(WORKERS), "--http", "1", "--no-ws",
    "--log-level", "warning", "--host", "127.0.0.1", "--port", "PORT",
]  # fmt: skip
KINDS = {
    "gthread": [*_GUNICORN, "--worker-class", "gthread", "--threads", str(THREADS)],
    "sync": [*_GUNICORN, "--worker-class", "sync"],
    "granian": [*_GRANIAN, "--blocking-threads", str(THREADS)],
    "granian1": [*_GRANIAN, "--blocking-threads", "1"],
    "waitress": ["tests.benchmarks.waiting", str(WORKERS), str(THREADS), "PORT"],
}
SAID = {
    "gthread": f"gunicorn gthread, {WORKERS} processes of {THREADS} threads",
    "sync": f"gunicorn sync, {WORKERS} processes (it keeps no connection)",
    "granian": f"granian, {WORKERS} processes of {THREADS} threads for WSGI",
    "granian1": f"granian, {WORKERS} processes of 1 thread for WSGI",
    "waitress": f"waitress, {WORKERS} processes of {THREADS} threads on one socket",
}


def is_missing(kind: str) -> bool:
    """Whether the server's package is not installed."""
    return importlib.util.find_spec("granian" if kind.startswith("granian") else "gunicorn") is None


@dataclass(frozen=True)
class Answer:
    """What a server said to one request, and after how many seconds."""

    status: int
    tag: str
    body: bytes
    headers: Mapping[str, str]
    seconds: float


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, tag: str = "", *, method: str = "GET", **headers: str) -> Answer:
        """One request on a connection of its own; ``accept_encoding="br"`` is a header."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {name.replace("_", "-").title(): value for name, value in headers.items()} | (
            {"If-None-Match": tag} if tag else {}
        )
        began = time.perf_counter()
        connection.request(method, path, headers={"Accept-Encoding": "identity"} | sent)
        response = connection.getresponse()
        body = response.read()
        spent = time.perf_counter() - began
        connection.close()
        return Answer(
            response.status,
            response.getheader("ETag") or "",
            body,
            {name.title(): value for name, value in response.getheaders()},
            spent,
        )

    @property
    def _workers(self) -> list[str]:
        master = self.process.pid
        return Path(f"/proc/{master}/task/{master}/children").read_text().split()

    def peak_memory(self) -> float:
        """VmHWM of the largest worker in MiB."""
        return max(_peak(worker) for worker in self._workers) / 1024

    def processor_seconds(self) -> float:
        """What the workers have used of the processors, whatever else the machine did."""
        return sum(_used(worker) for worker in self._workers) / os.sysconf("SC_CLK_TCK")


def _peak(pid: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _used(pid: str) -> int:
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(numbers[11]) + int(numbers[12])  # utime and stime, see proc(5)


@contextlib.contextmanager
def running(app: str, settings: dict[str, str], ready: str, kind: str = "gthread") -> Iterator[Server]:
    """A server of one of KINDS with ``app``, once ``ready`` is answered, until the end of the block."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CONGRESS_")}
    command = [sys.executable, "-m", *(part.replace("PORT", str(port)) for part in KINDS[kind]), app]
    with subprocess.Popen(command, cwd=ROOT, env=environment | settings) as process:
        yield from ready_and_stopped(Server(port, process), ready)


def ready_and_stopped(server: Server, ready: str) -> Iterator[Server]:
    """The server once it answers; it is stopped afterwards."""
    try:
        _wait(server, ready)
        yield server
    finally:
        server.process.terminate()


def _wait(server: Server, ready: str) -> None:
    for _attempt in range(300):
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.get(ready).status == 200:
                return
        if server.process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
