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
        print("takes it", flush=True)  # first, or the other one may be quicker
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        threading.Event().wait()

    threading.Timer(0.3, takes_it).start()
    told.wait()
    import os; os._exit(7)
"""


def stops(prepare: str, *, patience: float) -> bool:
    """Whether the process ends within so many seconds after another thread has begun to take the signal."""
    command = [sys.executable, "-c", textwrap.dedent(WAITS).format(prepare=prepare)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "takes it\n"
            return process.wait(patience) == 7
        except subprocess.TimeoutExpired:
            return False
        finally:
            process.kill()


def test_without_care_a_signal_that_another_thread_takes_stops_nothing():
    assert not stops("pass", patience=3)


def test_the_main_thread_hears_what_another_thread_has_taken():
    assert stops("stopping.wake_main_thread()", patience=60)


def test_a_server_that_listens_for_signals_itself_keeps_doing_so():
    kept = "import socket; a, b = socket.socketpair(); b.setblocking(False); signal.set_wakeup_fd(b.fileno()); stopping.wake_main_thread(); "
    check = "assert signal.set_wakeup_fd(b.fileno()) == b.fileno(); assert signal.getsignal(signal.SIGURG) == signal.SIG_DFL; import os; os._exit(7)"
    process = subprocess.run(
        [sys.executable, "-c", f"import signal; from congress.web import stopping; {kept}{check}"], check=False
    )
    assert process.returncode == 7
