"""Requests per second: with wrk where it is installed, else with a small generator of our own in a process of its own."""

from __future__ import annotations

import http.client
import json
import math
import re
import shutil
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

WRK = shutil.which("wrk")
CONNECTIONS = 8
SLOW = 0.1  # seconds; what takes longer is asked over fewer connections and for longer


def generator() -> str:
    """The generator's name for the report."""
    return f"wrk, 1 thread, {CONNECTIONS} connections" if WRK else f"http.client, {CONNECTIONS} threads and connections"


def ask(address: str, *, tag: str = "", seconds: int, each: float) -> tuple[int, float]:
    """How many answers came in how many seconds, over kept connections. ``each`` is what one request takes, in seconds.

    Raises when any request failed.
    """
    connections = 2 if each > SLOW else CONNECTIONS
    seconds = max(seconds, math.ceil(5 * each))
    if WRK is None:
        command = [sys.executable, "-m", "tests.benchmarks.load", address, tag, str(seconds), str(connections)]
        number, spent = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return number, spent
    header = ["-H", f"If-None-Match: {tag}"] if tag else []
    command = [WRK, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "120s", *header, address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Socket errors" in said or "Non-2xx" in said or " 0 requests in" in said:
        raise RuntimeError(said)
    number, rate = re.findall(r"(\d+) requests in", said)[0], re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]
    return int(number), int(number) / float(rate)


def _ask(address: str, tag: str, until: float, counted: list[int]) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=120)
    path, number = address.partition(parts.netloc)[2], 0
    while time.perf_counter() < until:
        connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
        response = connection.getresponse()
        response.read()
        if response.status >= 400:
            raise RuntimeError(response.status)
        number += 1
    counted.append(number)


def _generate(address: str, tag: str, seconds: int, connections: int) -> tuple[int, float]:
    began, counted = time.perf_counter(), list[int]()
    asking = [threading.Thread(target=_ask, args=(address, tag, began + seconds, counted)) for _each in range(connections)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    if len(counted) != connections:
        raise RuntimeError("a connection failed")
    return sum(counted), time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(_generate(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
