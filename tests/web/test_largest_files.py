"""The largest file that a page promises to take gets through the server that we bring along."""

from __future__ import annotations

import http.client
import io
import threading

import pytest
import waitress
from flask import Flask
from waitress.server import BaseWSGIServer
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from congress import cli

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")  # no statement of these is our own


@pytest.mark.parametrize(("size", "expected"), [(9_000_000, 400), (33_000_000, 413)])
def test_what_the_address_takes_the_server_takes_too(app: Flask, monkeypatch: pytest.MonkeyPatch, size: int, expected: int):
    made: list[BaseWSGIServer] = []
    monkeypatch.setattr(waitress, "serve", lambda served, **options: made.append(waitress.create_server(served, **options)))
    cli._serve(app, "127.0.0.1", 0, 1)
    server = made[0]
    threading.Thread(target=server.run, daemon=True).start()
    boundary, body = encode_multipart({"photo": FileStorage(io.BytesIO(bytes(size)), "me.jpg")})
    connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    connection.request("POST", "/my/speaker/nobody/", body, headers)
    answer = connection.getresponse()
    connection.close()
    server.close()
    # The program itself answers: the form has no mark of ours, or it is too much.
    assert (answer.status, answer.headers["Content-Type"]) == (expected, "text/html; charset=utf-8")
