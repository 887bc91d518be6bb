"""Requests per second: with wrk where it is installed, else with a small generator of our own in a process of its own."""

from __future__ import annotations

import dataclasses
import http.client
import itertools
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WRK = shutil.which("wrk")
CONNECTIONS = 8
SLOW = 0.1  # seconds; what takes longer is asked over fewer connections and for longer
_LONGEST = 600  # seconds for asking everything once

# Many addresses in turn. With ``once`` it counts the answers, looks at their status and says how long all of them took:
# wrk itself would wait for the end of its time.
_SCRIPT = """
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } moment; int clock_gettime(int clock, moment *now);")
local moment = ffi.new("moment")
local function clock() ffi.C.clock_gettime(1, moment); return tonumber(moment.s) + tonumber(moment.ns) / 1e9 end
local requests, asked, answered, began = {}, 0, 0, nil
function init(args)
  for line in io.lines("LINES") do
    local path, tag = line:match("^(%S+)\\t(.*)$")
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    if tag ~= "" then headers["If-None-Match"] = tag end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end
function request()
  if asked == 1 then began = clock() end  -- wrk calls once without sending
  asked = asked + 1
  return requests[(asked - 2) % #requests + 1]
end
"""
_ONCE = """
function response(status)
  if status ~= STATUS then print("status " .. status); os.exit(1) end
  answered = answered + 1
  if answered == #requests then print("all after " .. clock() - began); os.exit(0) end
end
"""


@dataclass(frozen=True)
class Asked:
    """What is asked for, in turn. ``tags`` has an If-None-Match for each of the paths, or is empty."""

    paths: tuple[str, ...]
    tags: tuple[str, ...] = ()
    coding: str = ""  # for Accept-Encoding
    status: int = 200
    once: bool = False  # each path once, however long it takes

    def pairs(self) -> list[tuple[str, str]]:
        """Each path with its tag."""
        return list(zip(self.paths, self.tags or [""] * len(self.paths), strict=True))


def generator() -> str:
    """The generator's name for the report."""
    return f"wrk, 1 thread, {CONNECTIONS} connections" if WRK else f"http.client, {CONNECTIONS} threads and connections"


def ask(origin: str, asked: Asked, *, seconds: int, each: float) -> tuple[int, float]:
    """How many answers came in how many seconds, over kept connections. ``each`` is what one request takes, in seconds.

    Raises when any request failed.
    """
    connections = min(2 if each > SLOW else CONNECTIONS, len(asked.paths) if asked.once else CONNECTIONS)
    seconds = _LONGEST if asked.once else max(seconds, math.ceil(5 * each))
    with tempfile.TemporaryDirectory() as folder:
        if WRK is None:
            return _ask_ourselves(origin, asked, seconds, connections, Path(folder))
        return _ask_wrk(origin, asked, seconds, connections, Path(folder))


def _ask_wrk(origin: str, asked: Asked, seconds: int, connections: int, folder: Path) -> tuple[int, float]:
    command = [WRK or "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "120s"]
    if asked.coding:
        command += ["-H", f"Accept-Encoding: {asked.coding}"]
    if len(asked.paths) > 1 or asked.once:
        command += ["-s", _script(asked, folder), origin]
    else:
        ((path, tag),) = asked.pairs()
        command += (["-H", f"If-None-Match: {tag}"] if tag else []) + [origin + path]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = done.stdout
    if done.returncode or "Socket errors" in said or "Non-2xx" in said or " 0 requests in" in said:
        raise RuntimeError(said + done.stderr)
    if asked.once:
        return len(asked.paths), float(re.findall(r"all after ([\d.]+)", said)[0])
    number, rate = re.findall(r"(\d+) requests in", said)[0], re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]
    return int(number), int(number) / float(rate)


def _script(asked: Asked, folder: Path) -> str:
    lines, script = folder / "requests", folder / "script.lua"
    lines.write_text("".join(f"{path}\t{tag}\n" for path, tag in asked.pairs()))
    text = _SCRIPT.replace("LINES", str(lines))
    script.write_text(text + _ONCE.replace("STATUS", str(asked.status)) if asked.once else text)
    return str(script)


def _ask_ourselves(origin: str, asked: Asked, seconds: int, connections: int, folder: Path) -> tuple[int, float]:
    order = folder / "order.json"
    order.write_text(json.dumps([origin, dataclasses.asdict(asked), seconds, connections]))
    command = [sys.executable, "-m", "tests.benchmarks.load", str(order)]
    number, spent = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return number, spent


def _ask(host: str, pairs: Iterator[tuple[str, str]], asked: Asked, until: float, counted: list[int]) -> None:
    connection, number = http.client.HTTPConnection(host, timeout=120), 0
    for path, tag in pairs:
        headers = {"If-None-Match": tag} if tag else {}
        connection.request("GET", path, headers=headers | {"Accept-Encoding": asked.coding or "identity"})
        response = connection.getresponse()
        response.read()
        if response.status >= 400 or (asked.once and response.status != asked.status):
            raise RuntimeError(response.status)
        number += 1
        if time.perf_counter() > until:
            break
    counted.append(number)


class _Shared(Iterator[tuple[str, str]]):
    """One iterator for several threads."""

    def __init__(self, pairs: Iterator[tuple[str, str]]) -> None:
        self._pairs, self._guard = pairs, threading.Lock()

    def __next__(self) -> tuple[str, str]:
        with self._guard:
            return next(self._pairs)


def _generate(origin: str, asked: Asked, seconds: int, connections: int) -> tuple[int, float]:
    began, counted = time.perf_counter(), list[int]()
    pairs = _Shared(iter(asked.pairs()) if asked.once else itertools.cycle(asked.pairs()))
    arguments = (origin.removeprefix("http://"), pairs, asked, began + seconds, counted)
    asking = [threading.Thread(target=_ask, args=arguments) for _each in range(connections)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    if len(counted) != connections:
        raise RuntimeError("a connection failed")
    return sum(counted), time.perf_counter() - began


def _main() -> None:
    origin, asked, seconds, connections = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps(_generate(origin, Asked(**asked), seconds, connections)))


if __name__ == "__main__":
    _main()
