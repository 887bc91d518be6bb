"""The application that others are compared with: Flask, one sentence, and the bytes of a feed from memory."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response

app = Flask("bare")
_SAME = Path(os.environ["BENCHMARK_SAME"])
_BODY = _SAME.read_bytes() if _SAME.exists() else b""


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.get("/same")
def same() -> Response:
    return Response(_BODY, headers={"Content-Type": "text/calendar; charset=utf-8", "ETag": '"set up front"'})
