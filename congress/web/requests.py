"""Each request: its id, its transaction, its log line, and what every page may use."""

from __future__ import annotations

import logging
import time
import uuid

from flask import Flask, Response, abort, g, request

from congress.accounts import audit
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.web import forms, limits, metrics, uploads

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_log = logging.getLogger("congress.requests")


def init_app(app: Flask) -> None:
    # Before the blueprints look up what an address is about: a transaction that will write must say so first.
    @app.url_value_preprocessor
    def _begin(_endpoint: str | None, values: dict[str, object] | None) -> None:
        g.request_id = uuid.uuid4().hex[:12]
        g.began_at = time.monotonic()
        if any(isinstance(value, str) and not value.isprintable() for value in (values or {}).values()):
            abort(404)  # nothing here is named with control characters, and PostgreSQL refuses some of them
        limits.check_asker()
        if request.method not in _SAFE:
            uploads.read_body()
            limits.check_typed()
            begin_writing()

    @app.after_request
    def _finish(response: Response) -> Response:
        forms.tell_refusal(response)
        response.headers["X-Request-ID"] = g.get("request_id", "-")
        # The rule, not the path: paths hold secret links.
        rule = request.url_rule.rule if request.url_rule else "(no such address)"
        spent = time.monotonic() - g.get("began_at", time.monotonic())
        told = {"method": request.method, "rule": rule, "status": response.status_code, "ms": round(spent * 1000)}
        whence = audit.origin_of(db.session()) if response.status_code == 403 else None
        account = whence.account_id if whence else None  # who was refused something, by number
        who = "" if account is None else f" account {account}"
        _log.info("%s %s %s %d %dms%s", g.get("request_id", "-"), *told.values(), who, extra=told | {"account": account})
        metrics.counted(spent, response.status_code)
        return response

    @app.context_processor
    def _page() -> dict[str, object]:
        return {"congress": g.get("congress"), "now": now(), "request_id": g.get("request_id", "")}
