"""For operators: is the process alive, may it be sent requests."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from congress.core.db import db

_MIGRATIONS = str(Path(__file__).parent.parent / "migrations")


def database_problem() -> str:
    """Why the database cannot be used, as one sentence; empty when it can."""
    try:
        found = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    except SQLAlchemyError as problem:
        return f"The database cannot be reached ({type(getattr(problem, 'orig', problem)).__name__})."
    finally:
        db.session.rollback()
    script = ScriptDirectory(_MIGRATIONS)
    if found == set(script.get_heads()):
        return ""
    known = {revision.revision for revision in script.walk_revisions()}
    if found <= known:
        return "The database is empty or of an older version. Run: congress init"
    return "The database is of a newer version than this program. Install the newer program."


def known_revisions() -> set[str]:
    """Of the tables, from the first to the newest that this program knows."""
    return {revision.revision for revision in ScriptDirectory(_MIGRATIONS).walk_revisions()}


def init_app(app: Flask) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        problem = database_problem()
        if problem:
            current_app.logger.error("not ready: %s", problem)
        return jsonify(status="not ready" if problem else "ok", reason=problem), 503 if problem else 200
