"""Every address there is, found in the map of addresses, with what nobody should send in its query, its path and its form, over a
database in which hostile texts stand already: nothing breaks, nothing is shown unescaped, no outlet carries more than it should, and each answer
has the headers of safety."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security import Form as SecurityForm
from werkzeug.routing import AnyConverter, Rule

from congress.core.db import Model, begin_writing, db
from congress.core.forms import BaseForm
from congress.core.localised import Localised
from congress.core.types import LocalisedText
from congress.programme.services import release_programme
from tests.conftest import csrf_token
from tests.factories import NOW, the_congress
from tests.web.test_headers import lacking
from tests.web.test_hostile_input import MARK, SHOWN, World, clock, world  # noqa: F401  (fixtures)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

ROOT = Path(__file__).parents[2]
STORED = f'=HYPERLINK("http://evil.example")"><img src=x onerror=alert(2)>{MARK}{{{{ 7*7 }}}}\\nATTENDEE:x;BEGIN:VEVENT,\u202e\U0001f4a3'
SENT = [
    f'"><img src=x onerror=alert(2)>{MARK}',
    "a\r\nSet-Cookie: evil=1\r\n\r\nx",
    "a\x00b\u202e\ud800" + "9" * 400,
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "{{ 7*7 }}{0.__class__}%(x)s%n",
    "-1",
    "\U0001f4a3" * 300,
    "x" * 2_000,
]
# They end a session or a link that the walk still needs, or are files of the packages.
LEFT_OUT = {
    "security.logout",
    "desk.account.end",
    "desk.account.end_others",
    "my.everything.sign_out",
    "static",
    "bootstrap.static",
    "security.static",
}
CODES = {
    "code": "P037",
    "name": "krakowice2018",
    "purpose": "own",
    "language": "en",
    "template": "registration_received",
    "suffix": "csv",
}


def parameters() -> tuple[list[str], list[str]]:
    """What any page reads from its query, as the code says it; and that with all fields of forms."""
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "congress").rglob("*.py")))
    pages = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html")))
    read = set(re.findall(r"(?:args|given|chosen)\.get(?:list)?\(\"(\w+)\"", source))
    read |= {"next", "id", "show_codes", "include_auth_token", "auth_token"}  # by Flask-Security
    named = read | set(re.findall(r'name="(\w+)"', pages)) - {"csrf_token"}
    todo: list[type] = [BaseForm, SecurityForm]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        named |= {name for name in dir(kind) if hasattr(getattr(kind, name, None), "field_class")}
    return sorted(read), sorted(named)


def store(app: Flask) -> None:
    """Put a hostile text wherever a text in several languages or a name of a person or a group is kept, and release it."""
    with app.app_context():
        begin_writing()
        for mapper in Model.registry.mappers:
            table = mapper.local_table
            texts = {
                column: Localised(en=STORED, pl=STORED) for column in table.columns if isinstance(column.type, LocalisedText)
            }
            if texts and table.name != "released_entries":
                db.session.execute(sa.update(table).values(texts))
        for table, names in {
            "people": ("given_name", "family_name"), "speakers": ("name",), "sign_ups": ("name", "group_name"), "accounts": ("name",),
        }.items():  # fmt: skip
            columns = Model.metadata.tables[table].columns
            found = {columns[name]: STORED[: columns[name].type.length or 200] for name in names if name in columns}
            assert found, table
            db.session.execute(sa.update(Model.metadata.tables[table]).values(found))
        db.session.flush()
        db.session.expire_all()
        release_programme(the_congress(), note=Localised(en=STORED, pl=STORED), by="x", now=NOW)
        db.session.commit()


def places(made: World, rule: Rule) -> Iterator[tuple[FlaskClient, str]]:
    """Addresses of this pattern that lead somewhere, and the browser of who may go there."""
    surface = rule.endpoint.partition(".")[0]
    tokens = [""]
    if "token" in rule.arguments:
        part = rule.rule.removeprefix("/my/").partition("/")[0]
        tokens = [path.split("/")[3] for starts in made.starts.values() for path in starts if path.startswith(f"/my/{part}/")][
            :1
        ] or ["a" * 32]
    for token in tokens:
        values: dict[str, object] = CODES | {"congress": "krakowice2018", "token": token}
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                values[name] = max(converter.items)
            elif name not in values:
                kind = type(converter).__name__
                values[name] = {"IntegerConverter": 1, "UUIDConverter": "00000000-0000-4000-8000-000000000000"}.get(
                    kind, "x" * 64
                )
        values = {name: value for name, value in values.items() if name in rule._converters}
        path = made.app.url_map.bind("localhost").build(
            rule.endpoint, values | (rule.defaults or {}), method=min(rule.methods or {"GET"})
        )
        yield made.clients["organiser" if surface == "desk" else "visitor"], path


def wrong(path: str, answer: object) -> str:
    """What is wrong with an answer; "" if there is nothing."""
    headers, body = answer.headers, answer.data  # type: ignore[attr-defined]
    if answer.status_code >= 500:  # type: ignore[attr-defined]
        return f"status {answer.status_code}"  # type: ignore[attr-defined]
    if any(name.lower() == "set-cookie" and value.startswith("evil") for name, value in headers.items()):
        return "a header of the reader's"
    if missing := lacking(headers, is_secret=path.startswith(("/my/", "/desk/"))):
        return f"headers: {missing}"
    kind = answer.mimetype  # type: ignore[attr-defined]
    text = (
        body.decode("utf-8", "replace") if not kind.startswith(("image/", "font/", "application/pdf", "application/vnd")) else ""
    )
    if kind == "text/html" and (shown := SHOWN.search(text)):
        return f"unescaped: {text[max(0, shown.start() - 60) : shown.end() + 20]}"
    if kind == "text/csv":
        cells = [
            cell
            for row in csv.reader(io.StringIO(text), delimiter=";" if text.count(";") > text.count(",") else ",")
            for cell in row
        ]
        return next((f"formula: {cell[:40]}" for cell in cells if cell[:1] in "=+-@\t\r" and cell not in ("", "-", "–")), "")
    if kind == "text/calendar" and not path.endswith("jcal"):
        events = icalendar.Calendar.from_ical(body).walk("VEVENT")
        return next(
            (f"lines: {each['SUMMARY']}"[:80] for each in events if "ATTENDEE" in each or "\n" in str(each.get("UID"))), ""
        )
    return ""


def asked(client: FlaskClient, path: str, method: str, **more: object) -> tuple[int, str]:
    """What is wrong with the answer, after its status."""
    try:
        answer = client.open(path, method=method, **more)  # type: ignore[arg-type]
    except Exception as problem:  # whatever a page raises is what this test looks for
        return 500, f"{type(problem).__name__}: {problem}"[:300]
    with answer:
        return answer.status_code, wrong(path, answer)


def query(names: list[str], turn: int) -> str:
    return urlencode({name: SENT[(turn + place) % len(SENT)] for place, name in enumerate(names)}, errors="surrogatepass")


def test_no_address_breaks_or_carries_what_nobody_should_send(world: World, caplog: pytest.LogCaptureFixture):  # noqa: F811
    store(world.app)
    read, names = parameters()
    token = {name: csrf_token(world.clients[name], "/krakowice2018/newsletter/") for name in ("visitor", "organiser")}
    problems: dict[str, str] = {}
    opened = {200: 0}
    rules = sorted((rule for rule in world.app.url_map.iter_rules() if rule.endpoint not in LEFT_OUT), key=lambda rule: rule.rule)
    caplog.set_level(logging.INFO)
    for turn, rule in enumerate(rules):
        for client, path in places(world, rule):
            if "GET" not in (rule.methods or ()):
                continue
            status, problem = asked(client, path, "GET")
            opened[status] = opened.get(status, 0) + 1
            if not problem and status == 200:
                problem = asked(client, f"{path}?{query(read, turn)}", "GET")[1]
            if problem:
                problems[f"GET {rule.rule}"] = problem
            if "x" * 64 in path or "P037" in path:
                hostile = quote(SENT[turn % len(SENT)].encode("utf-8", "surrogatepass"), safe="")
                if problem := asked(client, path.replace("x" * 64, hostile).replace("P037", hostile), "GET")[1]:
                    problems[f"GET {rule.rule} path"] = problem
    with world.app.app_context():
        db.session.remove()
    for turn, rule in enumerate(rules):
        for client, path in places(world, rule):
            if "POST" not in (rule.methods or ()):
                continue
            own = token["organiser" if client is world.clients["organiser"] else "visitor"]
            body = f"{query(names, turn)}&csrf_token={own}"
            status, problem = asked(client, path, "POST", data=body, content_type="application/x-www-form-urlencoded")
            opened[status] = opened.get(status, 0) + 1
            if problem:
                problems[f"POST {rule.rule}"] = problem
    assert problems == {}
    assert (opened[200] > 120, len(rules) > 250, len(read) > 40, len(names) > 200) == (True,) * 4
    secrets = {part for starts in world.starts.values() for path in starts for part in path.split("/") if len(part) == 32}
    secrets |= {"focal@kanazawa.example", "ada@mail.example", world.app.config["SECRET_KEY"], own, "Nomsa", "alert(1)"}
    lines = [record.getMessage() for record in caplog.records]
    assert ({secret for secret in secrets for line in lines if secret in line}, len(lines) > 500) == (set(), True)
