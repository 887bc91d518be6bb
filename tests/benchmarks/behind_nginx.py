"""nginx as operators are told to run it, from ``congress/data/nginx.conf`` with ports and paths put in.

What stands around it is Debian's: sendfile and tcp_nopush on.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from congress.data import FOLDER
from tests.benchmarks import public_feeds, rates, servers
from tests.benchmarks.load import Asked
from tests.benchmarks.public_feeds import FEED
from tests.benchmarks.rates import Target
from tests.benchmarks.servers import OURS, Server
from tests.listening import free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HOST = "congress.example.org"
PROCESSES = 2
_MAIN = """
{user}
worker_processes {processes};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;  # both
    types {{ text/calendar ics; }}
    {paths}
    include {folder}/congress.conf;
    server {{
        listen 127.0.0.1:{disk};
        access_log {folder}/disk.log congress buffer=32k flush=1s;
        location / {{ root {folder}/disk; }}
    }}
}}
"""


def configured(folder: Path, *, upstream: int, port: int, disk: int, other: dict[str, str] | None = None) -> Path:
    """The operators' file with a plain port in the place of TLS, inside the least that nginx needs around it.

    A second server on port ``disk`` gives the files of ``folder/disk``; ``other`` are further changes. Raises RuntimeError when
    the file does not hold what is to be changed.
    """
    text = (FOLDER / "nginx.conf").read_text()
    plain = re.sub(r"^ +(listen \[::\]|ssl_|listen 80;).*\n", "", text, flags=re.MULTILINE)
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "listen 443 ssl http2": f"listen 127.0.0.1:{port}",
        f"server_name {HOST};\n    access_log off;": f"listen 127.0.0.1:{free_port()};\n    access_log off;",
        "/var/cache/nginx/congress": str(folder / "cache"),
        "/var/log/nginx/congress.log": str(folder / "access.log"),
        **(other or {}),
    }
    for old, new in changes.items():
        if old not in plain:
            raise RuntimeError(f"nginx.conf has no {old!r}")
        plain = plain.replace(old, new)
    (folder / "disk").mkdir(exist_ok=True)
    (folder / "congress.conf").write_text(plain)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    main = _MAIN.format(
        user="user root;" if os.geteuid() == 0 else "",
        processes=PROCESSES,
        folder=folder,
        disk=disk,
        paths=" ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds),
    )
    path = folder / "nginx.conf"
    path.write_text(main)
    return path


@contextlib.contextmanager
def running(folder: Path, upstream: int, ready: str, other: dict[str, str] | None = None) -> Iterator[tuple[Server, Server]]:
    """nginx in front of a server on port ``upstream``, and the same nginx as a server of files."""
    port, disk = free_port(), free_port()
    path = configured(folder, upstream=upstream, port=port, disk=disk, other=other)
    command = [NGINX or "nginx", "-c", str(path), "-p", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        for front in servers.ready_and_stopped(Server(port, process), ready):
            yield front, Server(disk, process)


def measure(settings: dict[str, str], folder: Path, *, rounds: int, seconds: int, kind: str) -> None:
    """The feed from nginx's memory beside the same file from disk."""
    if NGINX is None:
        print("f  nginx is not installed: left out")
        return
    print(f"f  nginx of {PROCESSES} processes in front of {servers.SAID[kind]}")
    settings = settings | {"CONGRESS_TRUSTED_PROXIES": "1"}
    with servers.running(OURS, settings, "/healthz", kind) as ours, running(folder, ours.port, FEED) as (front, disk):
        targets = []
        for coding in ("", "gzip"):
            answer = front.get(FEED, accept_encoding=coding or "identity")
            name = f"feed{coding and '-'}{coding}.ics"
            (folder / "disk" / name).write_bytes(answer.body)
            file = Target(f"file {coding or 'plain'}", disk, Asked((f"/{name}",)))
            asked = Asked((FEED,), coding=coding)
            targets += [file, Target(f"cached 200 {coding or 'plain'}", front, asked, (file.name,))]
        known = Target("file 304", disk, Asked(("/feed.ics",), (disk.get("/feed.ics").tag,), status=304))
        tag = front.get(FEED).tag
        targets += [known, Target("cached 304", front, Asked((FEED,), (tag,), status=304), (known.name,))]
        before = ours.processor_seconds()
        found = rates.measure(targets, rounds=rounds, seconds=seconds)
        found.print()
        public_feeds.compared(found, {"cached 200 plain": 0.8, "cached 200 gzip": 0.8, "cached 304": 0.8})
        print(f"  processor time of the application meanwhile: {ours.processor_seconds() - before:.2f} s")
