"""waitress in several processes on one socket, which it does not do by itself: PROCESSES THREADS PORT MODULE:APP."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import socket
import sys

import waitress


def main() -> None:
    processes, threads, port, where = sys.argv[1:]
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(port)))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is what is measured
    children = []
    for _number in range(int(processes)):
        child = os.fork()
        if not child:
            module, _, name = where.partition(":")
            waitress.serve(getattr(importlib.import_module(module), name), sockets=[listener], threads=int(threads))
            os._exit(0)
        children.append(child)

    def stop(*_signal: object) -> None:
        for child in children:
            os.kill(child, signal.SIGTERM)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.pause()


if __name__ == "__main__":
    main()
