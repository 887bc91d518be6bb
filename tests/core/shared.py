"""One database for many tests: what they do is undone, and to commit is an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from congress.core.db import db
from tests.conftest import Databases, use


@pytest.fixture
def shared_app(databases: Databases, tmp_path: Path) -> Flask:
    """An application on a copy of the loaded congress that no test changes for good."""
    app = databases.app("shared")
    use(app, tmp_path)
    return app


@pytest.fixture
def undone(shared_app: Flask) -> Iterator[Flask]:
    """A context whose transaction is rolled back at the end: as ``context``, but quicker, for tests that never commit."""
    with shared_app.app_context():
        session = db.session()
        event.listen(session, "before_commit", _refuse)
        yield shared_app
        db.session.rollback()
        event.remove(session, "before_commit", _refuse)


def _refuse(_session: object) -> None:
    raise AssertionError("a test that commits takes the fixture `context`")
