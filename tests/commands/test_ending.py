"""A worker that is told to end finishes what it does and begins nothing else."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from sqlalchemy import func, select

from congress import cli
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.outbox.models import Message, MessageState
from congress.outbox.services import Letter, deliver_due, enqueue
from tests.benchmarks.servers import ROOT
from tests.listening import free_port
from tests.test_backup import installation, run

__all__ = ["installation"]


def test_a_worker_told_to_end_does_not_wait_for_its_next_look(installation, monkeypatch):
    looks: list[float] = []

    def look(_app: object, *, is_ending: Callable[[], bool]) -> int:
        looks.append(time.monotonic())
        assert not is_ending()
        os.kill(os.getpid(), signal.SIGTERM)
        assert is_ending()
        return 0

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(cli.chores, "do_due", look)
    assert run(installation, "worker", "--every", "3600")[0] == 0
    assert (len(looks), signal.getsignal(signal.SIGTERM)) == (1, before)


SLOW = """
import sys, time
from flask import Flask
from congress.commands import serving
app = Flask("slow")
@app.get("/")
def slow():
    print("asked", flush=True)
    time.sleep(1)
    return "x" * 1_000_000
print("up", flush=True)
serving.serve(app, "127.0.0.1", int(sys.argv[1]), 2, largest=1000)
"""


def test_pages_that_are_being_answered_when_the_program_ends_arrive_whole():
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", SLOW, str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        for _attempt in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        assert process.stdout.readline() == "asked\n"
        process.terminate()
        assert connection.getresponse().read() == b"x" * 1_000_000
        connection.close()
        assert process.wait(60) == 0


def test_the_mail_that_is_leaving_leaves_and_no_other_is_begun(context):
    begin_writing()
    for number in range(3):
        enqueue(Letter(key=f"k{number}", to="a@b.example", template="x", language="en", facts={}), now=now())
    db.session.commit()
    carried: list[str] = []
    waiting = select(func.count()).where(Message.state == MessageState.QUEUED, Message.attempts == 0, Message.key.like("k_"))
    assert deliver_due(lambda message: carried.append(message.key), now=now(), is_ending=lambda: bool(carried)) == 1
    untouched = db.session.scalar(waiting)
    assert (len(carried), untouched) == (1, 2 if carried[0] in {"k0", "k1", "k2"} else 3)
