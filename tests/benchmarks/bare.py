"""The application that others are compared with: Flask, one sentence, and bytes that it is given from memory.

``/same/<name>`` gives those of the file ``<name>`` in the folder BENCHMARK_SAME: our feed, the same compressed, and so on.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response

app = Flask("bare")


@app.get("/hello")
def hello() -> str:
    return "hello"


def _give(name: str, body: bytes) -> None:
    headers = {"Content-Type": "text/calendar; charset=utf-8", "ETag": '"set up front"'}
    app.add_url_rule(f"/same/{name}", name, lambda: Response(body, headers=headers))


for _path in sorted(Path(os.environ["BENCHMARK_SAME"]).iterdir()):
    _give(_path.name, _path.read_bytes())
