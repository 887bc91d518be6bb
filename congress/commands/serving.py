"""``congress run``: waitress in one process, which answers what it was asked before it ends."""

from __future__ import annotations

import time
from typing import Any

import click
import waitress
from flask import Flask
from waitress import wasyncore

from congress.commands import working

_PATIENCE = 30  # seconds for what is being answered when the program is told to end


def serve(app: Flask, host: str, port: int, threads: int, *, largest: int) -> None:
    """Serve until SIGTERM or Ctrl+C; ``largest`` bytes of a body are read, beyond which the connection is closed."""
    channels: dict[int, Any] = {}
    try:
        waitress.create_server(
            app, map=channels, host=host, port=port, threads=threads, ident=None, max_request_body_size=largest
        )
    except OSError as reason:
        raise click.ClickException(f"{host}:{port} cannot be used: {reason.strerror}. Choose another port with --port.") from None
    with working.told_to_end() as ending:
        while not ending.is_set():
            wasyncore.loop(timeout=1, count=1, map=channels)
        for each in [each for each in channels.values() if each.accepting]:
            each.del_channel(channels)
            each.socket.close()
        ends_at = time.monotonic() + _PATIENCE
        while any(map(_is_answering, channels.values())) and time.monotonic() < ends_at:
            wasyncore.loop(timeout=0.1, count=1, map=channels)


def _is_answering(channel: Any) -> bool:
    """Whether this connection waits for an answer, or an answer for the connection."""
    return bool(getattr(channel, "requests", None) or getattr(channel, "total_outbufs_len", 0))
