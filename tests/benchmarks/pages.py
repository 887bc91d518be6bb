"""How fast the programme page is, beside a bare Flask application under the same server.

    python -m tests.benchmarks.pages                        # everything, about four minutes
    python -m tests.benchmarks.pages --sizes 58 --rounds 5  # one size

For 58 (the real programme), 1,000 and 10,000 released entries it makes a database in a temporary folder and starts
gunicorn twice with the same settings: with our application, and with a bare one (``bare.py``) that says "hello". Both are
asked in turn, hello before each of ours; a ratio is taken within its round, and the table gives the median of the rounds
with the least and the greatest.

A cold time is that of the first request after a release by another process: nothing of that release has been read yet,
while what did not change may be kept from the one before. The first request to new processes is told beside it.
Memory is VmHWM, the most that a worker has ever held in RAM.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import corpus, load, rates, servers
from tests.benchmarks.load import Asked
from tests.benchmarks.rates import Target, hello, spread
from tests.benchmarks.servers import BARE, OURS

PAGE = "/krakowice2018/programme/"
COLD = 3  # how often a release is made for the cold time


def measure(size: int, folder: Path, *, rounds: int, seconds: int) -> None:
    """Everything about one size."""
    app = corpus.make(folder, size)
    settings = {
        "CONGRESS_SECRET_KEY": corpus.KEY,
        "CONGRESS_DATA_KEYS": corpus.KEY[::-1],
        "CONGRESS_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONGRESS_INSTANCE": str(folder),
        "CONGRESS_INSECURE_COOKIES": "1",
        "CONGRESS_RATE_LIMITS": "0",
        "BENCHMARK_SAME": str(folder / "same"),
    }
    (folder / "same").mkdir()
    print(f"\n{size:,} entries")
    with servers.running(OURS, settings, "/healthz") as ours:
        print(f"  first page of a new process: {1000 * ours.get(PAGE).seconds:.0f} ms")
    with servers.running(OURS, settings, "/healthz") as ours:
        for _time in range(4 * servers.WORKERS):  # every worker has its templates and classes by then
            ours.get(PAGE)
        cold = []
        for _time in range(COLD):
            corpus.release_again(app)
            cold.append(1000 * ours.get(PAGE).seconds)
        print(f"  first page after a release: {spread(cold, 0)} ms")
        with servers.running(BARE, settings, "/hello") as bare:
            day = f"{PAGE}?day={corpus.fullest_day(app)}"
            targets = [
                hello(bare),
                Target("page, fullest day", ours, Asked((day,)), ("hello",)),
                hello(bare),
                Target("page", ours, Asked((PAGE,)), ("hello",)),
            ]
            rates.measure(targets, rounds=rounds, seconds=seconds).print()
            print(f"  peak memory of a worker: ours {ours.peak_memory():.0f} MiB, bare {bare.peak_memory():.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[58, 1000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement")
    asked = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {servers.SAID['gthread']},"
        f" gunicorn {version('gunicorn')}, Flask {version('Flask')}, SQLite"
    )
    print(f"generator: {load.generator()}, on the same machine; {asked.rounds} rounds of {asked.seconds} s each")
    print(f"load average before: {os.getloadavg()[0]:.2f}", flush=True)
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(size, Path(folder), rounds=asked.rounds, seconds=asked.seconds)


if __name__ == "__main__":
    main()
