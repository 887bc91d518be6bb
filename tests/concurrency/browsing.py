"""A browser that does not give up: what it asks it asks again, the same, until an answer has come whole."""

from __future__ import annotations

import http.client
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.registration_form import PAGES, PATH, START


class Browser:
    """Somebody at one server; ``asked_again`` counts the questions whose answers were lost."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.asked_again = port, {}, 0

    def ask(self, method: str, path: str, data: Mapping[str, str | Sequence[str]] | None = None) -> tuple[int, str, str]:
        """Status, Location and text of the answer."""
        body = urlencode(data, doseq=True) if data is not None else None
        ends_at = time.monotonic() + 120
        while True:
            try:
                return self._once(method, path, body)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < ends_at, "the server did not come back"
                self.asked_again += 1
                time.sleep(0.1)

    def _once(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()  # raises IncompleteRead when the server was killed in the middle
        finally:
            connection.close()
        if answer.status in {502, 503}:
            raise http.client.HTTPException("busy")
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, answer.headers["Location"] or "", text

    def register(self, **who: str) -> None:
        """From the first page to the answer that says it has been received."""
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", PATH)[2])[1]
        form = {"csrf_token": csrf, "submission": str(uuid.uuid4()), **START, **who}
        status, location, text = self.ask("POST", PATH, form)
        assert status == 303, text
        link = re.match(r"/my/registration/\w+/", location)[0]
        for page, answers in PAGES.items():
            status, _location, text = self.ask("POST", f"{link}form/{page}", {"csrf_token": csrf, **answers})
            assert status == 303, (page, text)
        assert self.ask("GET", f"{link}form/review")[0] == 200
        status, location, text = self.ask("POST", f"{link}form/review", {"csrf_token": csrf})
        assert (status, location) == (303, f"{PATH}received"), text
