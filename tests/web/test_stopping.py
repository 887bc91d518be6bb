"""A process whose main thread waits for ever is told to stop by a signal that another thread takes."""

from __future__ import annotations

import subprocess
import sys
import textwrap

WAITS = """
    import signal, threading
    from congress.web import stopping

    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    {prepare}

    def takes_it():
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        print("taken", flush=True)
        threading.Event().wait()

    threading.Timer(0.3, takes_it).start()
    told.wait()
    print("stopped", flush=True)
    import os; os._exit(0)
"""


def told_to_stop(prepare: str, *, patience: float) -> str:
    """What the process has said until it ended, or until our patience did."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WAITS).format(prepare=prepare)], stdout=subprocess.PIPE, text=True
    )
    try:
        return process.communicate(timeout=patience)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def test_without_care_a_signal_that_another_thread_takes_stops_nothing():
    assert told_to_stop("pass", patience=5) == "taken\n"


def test_the_main_thread_hears_what_another_thread_has_taken():
    assert told_to_stop("stopping.wake_main_thread()", patience=60) == "taken\nstopped\n"


def test_a_server_that_listens_for_signals_itself_keeps_doing_so():
    kept = "import socket; a, b = socket.socketpair(); b.setblocking(False); signal.set_wakeup_fd(b.fileno()); stopping.wake_main_thread(); "
    check = "assert signal.set_wakeup_fd(b.fileno()) == b.fileno(); assert signal.getsignal(signal.SIGURG) == signal.SIG_DFL; import os; os._exit(7)"
    process = subprocess.run(
        [sys.executable, "-c", f"import signal; from congress.web import stopping; {kept}{check}"], check=False
    )
    assert process.returncode == 7
