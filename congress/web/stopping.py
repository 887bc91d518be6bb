"""A server that is told to stop hears it at once, whichever of its threads the signal has reached."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading


def wake_main_thread() -> None:
    """Let every signal wake the main thread, in which alone Python runs what is to be done about one.

    A thread that is just starting another can take a signal that was meant for the process. A main thread that waits for ever in a lock, as a
    process of granian does, then goes on waiting: told to stop, it serves on, until whoever told it loses patience and kills it in the middle of
    its answers. Python writes each signal to a file as soon as it is caught (``signal.set_wakeup_fd``); a thread reads there and passes it on.
    Where a server listens to that file itself, as gunicorn does, nothing is done. Only to be called in the main thread.
    """
    told, tell = socket.socketpair()
    tell.setblocking(False)
    with contextlib.suppress(ValueError):  # not in the main thread: then this is no server's process
        before = signal.set_wakeup_fd(tell.fileno(), warn_on_full_buffer=False)
        if before != -1:
            signal.set_wakeup_fd(before)
            return
        signal.signal(signal.SIGURG, lambda _signal, _frame: None)
        threading.Thread(target=_pass_on, args=(told, tell, threading.get_ident()), name="signals", daemon=True).start()


def _pass_on(told: socket.socket, _kept_open: socket.socket, main: int) -> None:
    while caught := told.recv(1):
        if caught[0] != signal.SIGURG:
            signal.pthread_kill(main, signal.SIGURG)
