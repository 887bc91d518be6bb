"""gunicorn with the same settings for every application, and what it used."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WORKERS, THREADS = 2, 4
SETTINGS = ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS), "--log-level", "warning"]


@dataclass(frozen=True)
class Answer:
    """What a server said to one request, and after how many seconds."""

    status: int
    tag: str
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    port: int
    process: subprocess.Popen[bytes]

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str, tag: str = "") -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        began = time.perf_counter()
        connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
        response = connection.getresponse()
        body = response.read()
        answer = Answer(response.status, response.getheader("ETag") or "", body, time.perf_counter() - began)
        connection.close()
        return answer

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
def running(module: str, settings: dict[str, str], ready: str) -> Iterator[Server]:
    """gunicorn with ``tests.benchmarks.<module>:app``, once ``ready`` is answered, until the end of the block."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CONGRESS_")}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *SETTINGS, f"tests.benchmarks.{module}:app"]
    with subprocess.Popen(command, cwd=ROOT, env=environment | settings) as process:
        server = Server(port, process)
        try:
            _wait(server, ready)
            yield server
        finally:
            process.terminate()


def _wait(server: Server, ready: str) -> None:
    for _attempt in range(300):
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.get(ready).status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
