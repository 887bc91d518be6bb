"""A browser without JavaScript over a test client: it follows links, and fills in and sends the forms that a page really has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient


@dataclass
class Form:
    """A form of a page: where it goes, and what would be sent if nothing was changed."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, label
    boxes: list[tuple[str, str]] = field(default_factory=list)  # that are not ticked
    names: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)  # of each name: the type of its input, or "select" or "textarea"


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select, self._text, self._button = "", "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        form, name = self._open, given.get("name", "")
        if form is None:
            return
        if tag in {"input", "select", "textarea"} and name and "disabled" not in given:
            form.names.add(name)
            form.kinds[name] = given.get("type", "text") if tag == "input" else tag
        if tag == "input" and name and "disabled" not in given:
            self._input(form, name, given)
        elif tag == "select":
            self._select, self._first = name, ""
        elif tag == "option" and self._select:
            value = given.get("value", "")
            if "selected" in given:
                form.values.append((self._select, value))
                self._select = ""
            elif not self._first:
                self._first = value
        elif tag == "textarea":
            self._select, self._text = "", name
            form.values.append((name, ""))
        elif tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((name, given.get("value", ""), ""))
            self._button = True

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"checkbox", "radio"}:
            (form.values if "checked" in given else form.boxes).append((name, given.get("value", "on")))
        elif kind not in {"submit", "file", "button"}:
            form.values.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select" and self._select and self._open:
            self._open.values.append((self._select, self._first))
            self._select = ""
        elif tag == "textarea":
            if self._text and self._open:
                name, value = self._open.values[-1]
                self._open.values[-1] = (
                    name,
                    re.sub(r"^\r?\n", "", value),
                )  # the first line break is no part of it (HTML, 13.1.2.5)
            self._text = ""
        elif tag == "button":
            self._button = False

    def handle_data(self, data: str) -> None:
        if self._open is None:
            return
        if self._text:
            name, value = self._open.values[-1]
            self._open.values[-1] = (name, value + data)
        elif self._button:
            name, value, label = self._open.buttons[-1]
            self._open.buttons[-1] = (name, value, " ".join((label + " " + data).split()))


class Browser:
    """One person's browser. ``path``, ``status`` and ``text`` are those of the page that is open."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path, self.status, self.text = "", 0, ""

    def open(self, address: str) -> Browser:
        """Open a page by its path or full address."""
        parts = urlsplit(address)
        self._show(self.client.get(parts.path + (f"?{parts.query}" if parts.query else ""), follow_redirects=True))
        return self

    def _show(self, answer: object) -> None:
        self.path, self.status, self.text = answer.request.full_path.rstrip("?"), answer.status_code, answer.text  # type: ignore[attr-defined]

    def forms(self) -> list[Form]:
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms

    def form(self, button: str) -> Form:
        """The first form with a button of which the label begins so."""
        for form in self.forms():
            if any(label.startswith(button) for _name, _value, label in form.buttons):
                return form
        labels = [label for form in self.forms() for _name, _value, label in form.buttons]
        raise AssertionError(f"no button “{button}” on {self.path} ({self.status}); there are {labels}")

    def send(self, button: str, *, form: Form | None = None, tick: object = (), **values: str | list[str]) -> Browser:
        """Press a button. ``values`` replace what the form holds; ``tick`` names boxes, or (name, value) of them."""
        form = form or self.form(button)
        unknown = set(values) - form.names
        assert not unknown, f"{self.path} has no {sorted(unknown)}; there are {sorted(form.names)}"
        sent = [(name, value) for name, value in form.values if name not in values]
        for name, value in values.items():
            sent += [(name, each) for each in (value if isinstance(value, list) else [value])]
        wanted = set(tick)  # type: ignore[call-overload]
        sent += [(name, value) for name, value in form.boxes if name in wanted or (name, value) in wanted]
        sent += [(name, value) for name, value, label in form.buttons if label.startswith(button) and name][:1]
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        target = urlsplit(urljoin(f"http://localhost{self.path}", form.action)).path if form.action else self.path
        if form.method == "get":
            self._show(self.client.get(target, query_string=data, follow_redirects=True))
        else:
            self._show(self.client.post(target, data=data, follow_redirects=True))
        return self
