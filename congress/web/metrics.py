"""``/metrics`` for Prometheus: how requests fare, and what waits. Numbers only; nobody's data, no address, no link.

With several processes each scrape must see all of them: ``PROMETHEUS_MULTIPROC_DIR`` names a folder of this machine, empty at the
start, in which they count together (https://prometheus.github.io/client_python/multiprocess/); the unit files set it. Each machine is
asked by itself.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, g, has_request_context, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from congress.core.clock import now
from congress.core.db import db
from congress.outbox import queries as outbox
from congress.programme.publishing import queries as publishing
from congress.web import chores

_BUCKETS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
_OPERATORS = frozenset({"healthz", "readyz", "metrics"})


class Counts:
    """What this process counts; with PROMETHEUS_MULTIPROC_DIR in files that all processes of the machine read."""

    def __init__(self) -> None:
        if folder := os.environ.get(_SHARED):
            Path(folder).mkdir(parents=True, exist_ok=True)
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self._requests = Counter("congress_requests", "Answers, by area and status.", ["area", "status"], **own)
        self._seconds = Histogram(
            "congress_request_seconds", "How long answers took to make, by area.", ["area"], buckets=_BUCKETS, **own
        )
        self._database = Counter("congress_database_seconds", "Time that requests waited for the database.", ["area"], **own)
        self._statements = Counter("congress_database_statements", "Statements of requests.", ["area"], **own)

    def add(self, area: str, status: int, seconds: float) -> None:
        self._requests.labels(area, str(status)).inc()
        self._seconds.labels(area).observe(seconds)

    def add_database(self, area: str, seconds: float, statements: int) -> None:
        self._database.labels(area).inc(seconds)
        self._statements.labels(area).inc(statements)

    def counted(self) -> bytes:
        """What all processes of this machine have counted, as Prometheus reads it."""
        registry = self.registry
        if os.environ.get(_SHARED):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def text(self) -> bytes:
        """All of it, and what is asked of the database at this moment."""
        asked = CollectorRegistry()
        asked.register(_Asked())
        return self.counted() + generate_latest(asked)


class _Asked:
    """What stands in the database, and when a worker last looked for something to do."""

    def collect(self) -> Iterator[Metric]:
        moment = now()
        seen = chores.seen_at(current_app)
        if seen is not None:
            yield _gauge("congress_worker_idle_seconds", "Since a worker last looked for work.", (moment - seen).total_seconds())
        try:
            mails, releases = outbox.waiting(moment), publishing.newest(moment)
        except SQLAlchemyError:
            yield _gauge("congress_database_up", "Whether the database answers.", 0)
            return
        finally:
            db.session.rollback()
        yield _gauge("congress_database_up", "Whether the database answers.", 1)
        yield _gauge("congress_outbox_due", "Mails that should have left by now.", mails.due)
        yield _gauge("congress_outbox_oldest_seconds", "How long the oldest of them has waited.", mails.oldest_seconds)
        yield _gauge("congress_outbox_given_up", "Mails that failed or were refused for good.", mails.given_up)
        numbers = GaugeMetricFamily("congress_release_number", "The release in force.", labels=["congress"])
        ages = GaugeMetricFamily("congress_release_age_seconds", "Since it was made.", labels=["congress"])
        for slug, number, age in releases:
            numbers.add_metric([slug], number)
            ages.add_metric([slug], age)
        yield numbers
        yield ages


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _area() -> str:
    endpoint = request.endpoint or ""
    if endpoint in _OPERATORS:
        return "operators"
    first = endpoint.partition(".")[0]
    return "static" if endpoint.endswith("static") else first if first in {"public", "my", "desk"} else "other"


def _is_allowed() -> bool:
    """With the token where one is set; else only from this machine itself, and not by way of a proxy."""
    token = current_app.config["METRICS_TOKEN"]
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def counted(seconds: float, status: int) -> None:
    """Count the running request, whose answer is ready."""
    counts: Counts = current_app.extensions["metrics"]
    area = _area()
    counts.add(area, status, seconds)
    if spent := g.get("database_spent"):
        counts.add_database(area, *spent)


@event.listens_for(Engine, "before_cursor_execute")
def _began(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
    if context is not None:
        context.congress_began = time.perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _ended(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
    if context is not None and has_request_context():
        seconds, statements = g.get("database_spent", (0.0, 0))
        g.database_spent = seconds + time.perf_counter() - context.congress_began, statements + 1


def init_app(app: Flask) -> None:
    app.extensions["metrics"] = Counts()

    @app.get("/metrics")
    def metrics() -> Response:
        if not _is_allowed():
            abort(404)
        counts: Counts = current_app.extensions["metrics"]
        return Response(counts.text(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
