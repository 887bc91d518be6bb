"""The largest file that a page promises to take gets through the server that we bring along."""

from __future__ import annotations

import http.client
import io

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from congress import cli
from congress.commands import serving
from tests.listening import listening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")  # no statement of these is our own


@pytest.mark.parametrize(("size", "expected"), [(9_000_000, 400), (33_000_000, 413)])
def test_what_the_address_takes_the_server_takes_too(app: Flask, monkeypatch: pytest.MonkeyPatch, size: int, expected: int):
    asked_for: dict[str, int] = {}
    monkeypatch.setattr(serving, "serve", lambda *_args, largest: asked_for.update(largest=largest))
    cli._serve(app, "127.0.0.1", 0, 1)
    boundary, body = encode_multipart({"photo": FileStorage(io.BytesIO(bytes(size)), "me.jpg")})
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with listening(app, max_request_body_size=asked_for["largest"]) as (port, _stop):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", "/my/speaker/nobody/", body, headers)
        answer = connection.getresponse()
        connection.close()
    # The program itself answers: the form has no mark of ours, or it is too much.
    assert (answer.status, answer.headers["Content-Type"]) == (expected, "text/html; charset=utf-8")
