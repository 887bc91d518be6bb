"""What operators read: numbers for Prometheus, whom they are shown to, and lines of the log without anybody's data."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from datetime import timedelta

from itsdangerous import URLSafeTimedSerializer

from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.outbox.models import MessageState
from congress.outbox.services import Letter, enqueue, messages
from congress.web import chores
from congress.web.logs import Lines, covered, trace
from tests.benchmarks.servers import ROOT

TOKEN = "scrape-0123456789-abcdefghijklmnop"
FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"


def numbers(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(congress_\S+) (\S+)$", text, re.MULTILINE)}


def test_answers_mails_and_releases_are_counted(context, client):
    begin_writing()
    letters = [Letter(key=f"k{n}", to="a@b.example", template="x", language="en", facts={}) for n in (1, 2)]
    for letter in letters:
        enqueue(letter, now=now() - timedelta(hours=1))
    messages(["k2"])[0].state = MessageState.REFUSED
    db.session.commit()
    before = numbers(client.get("/metrics").text)
    tag = client.get(FEED).headers["ETag"]
    client.get(FEED, headers={"If-None-Match": tag})
    client.get("/krakowice2018/")
    client.get("/desk/nowhere/")
    after = numbers(client.get("/metrics").text)
    grown = {name: after[name] - before.get(name, 0) for name in after if name.startswith(("congress_requests_total", "congress_request_seconds_count"))}  # fmt: skip
    assert {name: value for name, value in grown.items() if value} == {
        'congress_requests_total{area="calendars",status="200"}': 1,
        'congress_requests_total{area="calendars",status="304"}': 1,
        'congress_requests_total{area="public",status="200"}': 1,
        'congress_requests_total{area="desk",status="302"}': 1,
        'congress_requests_total{area="operators",status="200"}': 1,
        'congress_request_seconds_count{area="calendars"}': 2,
        'congress_request_seconds_count{area="public"}': 1,
        'congress_request_seconds_count{area="desk"}': 1,
        'congress_request_seconds_count{area="operators"}': 1,
    }
    assert after['congress_database_statements_total{area="public"}'] > 0
    assert after['congress_database_seconds_total{area="public"}'] > 0
    assert (after["congress_database_up"], after["congress_outbox_given_up"]) == (1, 1)
    assert after["congress_outbox_due"] >= 1
    assert after["congress_outbox_oldest_seconds"] >= 3600
    assert after['congress_release_number{congress="krakowice2018"}'] == 1
    assert "congress_worker_idle_seconds" not in after
    chores.do_due(context, is_ending=lambda: True)
    assert numbers(client.get("/metrics").text)["congress_worker_idle_seconds"] < 60


TOGETHER = """
import os
from congress.web.metrics import Counts
if (child := os.fork()) == 0:
    Counts().add("calendars", 304, 0.01)
    os._exit(0)
os.waitpid(child, 0)
counts = Counts()
counts.add("calendars", 304, 0.01)
print(*(line for line in counts.counted().decode().splitlines() if line.startswith("congress_requests_total")))
"""


def test_processes_of_one_machine_count_together(tmp_path):
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    done = subprocess.run([sys.executable, "-c", TOGETHER], check=True, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == 'congress_requests_total{area="calendars",status="304"} 2.0'


ASKED = [
    ("", {}, "127.0.0.1", 200),
    ("", {}, "::1", 200),
    ("", {}, "192.0.2.1", 404),
    ("", {}, "", 404),
    ("", {"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", 404),
    ("", {"Forwarded": "for=127.0.0.1"}, "127.0.0.1", 404),
    (TOKEN, {}, "127.0.0.1", 404),
    (TOKEN, {"Authorization": "Bearer no"}, "127.0.0.1", 404),
    (TOKEN, {"Authorization": "Bearer ż"}, "127.0.0.1", 404),
    (TOKEN, {"Authorization": f"Bearer {TOKEN}"}, "192.0.2.1", 200),
]


def test_numbers_are_shown_to_this_machine_or_to_who_has_the_token(app):
    found = []
    for token, headers, address, _status in ASKED:
        app.config["METRICS_TOKEN"] = token
        answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
        assert ("congress_requests_total" in answer.text) == (answer.status_code == 200)
        found.append((token, headers, address, answer.status_code))
    assert found == ASKED


def line(as_json: bool, log) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(as_json=as_json, whole=False))
    logger = logging.Logger("congress.trial")
    logger.addHandler(handler)
    log(logger)
    return stream.getvalue()


def fail(logger: logging.Logger) -> None:
    try:
        try:
            raise ValueError("Anna Nowak <anna@krakow.example>")
        except ValueError as cause:
            raise KeyError("Anna") from cause
    except KeyError:
        logger.exception("mail to %s at /my/%s/ failed", "anna@krakow.example", "a2" * 16)


def test_lines_of_the_log_hold_no_addresses_tokens_or_what_exceptions_say():
    said = json.loads(line(True, fail))
    assert said["message"] == "mail to (address) at /my/(token)/ failed"
    assert [re.sub(r":\d+ ", " ", each) for each in said["trace"]] == [
        "KeyError", "tests/web/test_metrics.py fail", "ValueError", "tests/web/test_metrics.py fail",
    ]  # fmt: skip
    assert (said["level"], said["logger"]) == ("ERROR", "congress.trial")
    assert not re.search("Anna|Nowak|krakow|a2a2", line(False, fail) + line(True, fail))
    assert covered("a,b@c.example;x") == "a,(address);x"
    assert covered("GET /\r\n2018-06-12 all is well\u2028\x1b[2J") == "GET / 2018-06-12 all is well [2J"
    signed = URLSafeTimedSerializer("key").dumps(["9f8a1b2c3d4e9f8a1b2c3d4e", "x"])
    assert (
        covered(f"/desk/password/{signed} congress.web.signing.passkeys")
        == "/desk/password/(token) congress.web.signing.passkeys"
    )
    assert covered("9f8a1b2c3d4e") == "9f8a1b2c3d4e"  # the number of a request stays


def test_a_request_is_a_line_of_fields_with_the_number_that_its_answer_carries(client, caplog):
    with caplog.at_level(logging.INFO, "congress.requests"):
        answers = [client.get("/krakowice2018/"), client.get(FEED)]
        assert client.get(FEED, headers={"If-None-Match": answers[1].headers["ETag"]}).status_code == 304  # counted, no line
    made = Lines(as_json=True, whole=False)
    said = [json.loads(made.format(record)) for record in caplog.records if record.name == "congress.requests"]
    rules = ["/<congress>/", "/<congress>/calendar/<name>.ics"]
    assert [(each["method"], each["rule"], each["status"]) for each in said] == [("GET", rule, 200) for rule in rules]
    assert [each["message"].split()[0] for each in said] == [answer.headers["X-Request-ID"] for answer in answers]
    assert said[1]["request_id"] == answers[1].headers["X-Request-ID"]


def test_a_cause_that_is_its_own_cause_ends():
    problem = ValueError()
    problem.__cause__ = problem
    assert trace(problem) == ["ValueError"]
