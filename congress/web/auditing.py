"""For the audit log: who asks, by which page, from where; and that rows are noted at all."""

from __future__ import annotations

from flask import Flask, g, request
from flask_security import current_user

from congress.accounts import audit, trail
from congress.accounts.audit import Origin, What
from congress.accounts.models import Account
from congress.core.clock import now
from congress.core.db import begin_writing, db


def init_app(app: Flask) -> None:
    trail.listen(db.session)

    @app.before_request
    def _begin() -> None:
        if request.path.startswith("/desk/"):  # elsewhere nobody works here, and nobody's session is looked at
            audit.begin(_origin(current_user if current_user.is_authenticated else None))


def _origin(account: Account | None) -> Origin:
    return Origin(
        account=account.email if account else "",
        account_id=account.id if account else None,
        page=request.endpoint or "",
        request_id=g.get("request_id", ""),
        address=audit.network_of(request.remote_addr),
        congress_id=congress.id if (congress := g.get("congress")) else None,
    )


def note_export() -> None:
    """Somebody is about to be given a file with data of people; the entry stands before the file is made."""
    label = (request.view_args or {}).get("suffix") or request.path.rpartition("/")[2]
    is_safe = request.method in {"GET", "HEAD"}
    if is_safe:
        begin_writing()
    audit.record(What.EXPORTED, kind=(request.endpoint or "").split(".")[1], label=str(label), now=now())
    if is_safe:
        db.session.commit()
