"""Ports that nobody takes away, and waitress in a thread of the tests, stopped without a request under its hands."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

_PORTS = range(20_000, 32_000)  # below those that systems give to whoever connects, or a client might have it first


def free_port() -> int:
    """A port that nobody listens on now, for a process that is about to."""
    while True:
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", secrets.choice(_PORTS)))
            return int(listener.getsockname()[1])


@contextlib.contextmanager
def listening(app: Flask, **settings: Any) -> Iterator[tuple[int, Callable[[], None]]]:
    """The port on which the application answers, and what stops it before the end."""
    channels: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, ident=None, map=channels, **settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def stop() -> None:
        if thread.is_alive():
            # First those who answer: each one wakes the server when it is done, over a pipe that must still be there.
            server.task_dispatcher.shutdown()
            # Then, in the server's own thread, between two of its turns, what it listens to.
            with contextlib.suppress(OSError):  # it has ended by itself meanwhile
                server.trigger.pull_trigger(lambda: wasyncore.close_all(channels))
            thread.join(10)

    try:
        yield server.effective_port, stop
    finally:
        stop()
