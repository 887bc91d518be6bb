"""One database for many tests: what they do is undone, and to commit is an error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from config import TestConfig
from congress import create_app
from congress.core.db import db


@pytest.fixture(scope="package")
def shared_app(databases, loaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a copy of the loaded congress that no test changes for good."""
    url = databases.make(loaded)
    app = create_app(TestConfig.make(url, tmp_path_factory.mktemp("shared")))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


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
