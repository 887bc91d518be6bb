"""A backup is of one moment however much is written meanwhile, and what is restored elsewhere is the same, byte for byte."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from flask_migrate import Migrate

from config import TestConfig
from congress import MIGRATIONS, cli
from congress.commands import backups
from congress.core import sealed, vault
from congress.core.backups import tables
from congress.core.backups.archive import BadBackup, Contents, Reader
from congress.core.db import begin_writing, db
from congress.feeds.services import calendar_token
from congress.programme.documents.models import StoredFile
from tests.conftest import Databases, disconnect, forget_releases, make_app, use
from tests.factories import NOW, make_registration, the_congress

PUBLIC = ["calendar/krakowice2018-programme.ics", "calendar/krakowice2018-programme.ics?lang=pl", "schedule.json", "schedule.xml", "changes.atom"]  # fmt: skip
FILE = b"%PDF-1.7 a paper %%EOF"
WRITES = 6  # while the backup is made


class Busy(io.BytesIO):
    """Where a backup is written to, while somebody registers and a file is deleted between its blocks."""

    def __init__(self, app: Flask, file: str) -> None:
        super().__init__()
        self.app, self.file, self.registered = app, file, 0

    def write(self, block: object) -> int:
        if self.registered < WRITES:
            self.registered += 1
            other = threading.Thread(target=self._work)
            other.start()
            other.join()
        return super().write(block)  # type: ignore[arg-type]

    def _work(self) -> None:
        with self.app.app_context():
            begin_writing()
            make_registration(email=f"late{self.registered}@kanazawa.example")
            if self.registered == 1:
                db.session.execute(sa.delete(StoredFile).where(StoredFile.public_id == self.file))
                vault.delete_after_commit(self.file)
            db.session.commit()


def keep_file() -> str:
    """A paper whose bytes lie in the vault; its name there."""
    begin_writing()
    row = StoredFile(
        public_id="f0000000-0000-4000-8000-000000000001", congress_id=the_congress().id, name="paper.pdf", media_type="application/pdf",
        size=len(FILE), sha256=vault.digest(FILE), uploaded_at=NOW, uploaded_by="o@krakow.example",
    )  # fmt: skip
    vault.write(row.public_id, FILE)
    db.session.add(row)
    db.session.commit()
    return row.public_id


def made(stream: io.BytesIO | None = None) -> tuple[io.BytesIO, Contents]:
    stream = stream or io.BytesIO()
    return stream, backups.back_up(stream, NOW)


def restored(path: Path, stream: io.BytesIO) -> Contents:
    path.write_bytes(stream.getvalue())
    reader = Reader(path)
    reader.check()
    return backups.put_back(reader, other_keys=False)


@contextmanager
def elsewhere(databases: Databases, folder: Path) -> Iterator[Flask]:
    """Another installation with the same keys: an empty database and an empty folder."""
    url = databases.make()
    forget_releases()
    app = make_app(url, folder)
    try:
        with app.app_context():
            yield app
    finally:
        disconnect(app)
        databases.drop(url)


def feeds(app: Flask, token: str) -> dict[str, bytes]:
    paths = [*(f"/krakowice2018/{path}" for path in PUBLIC), f"/my/calendar/{token}/krakowice2018.ics"]
    answers = {path: app.test_client().get(path) for path in paths}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.data + str(answer.headers["ETag"]).encode() for path, answer in answers.items()}


@pytest.fixture
def other_kind(databases, request, kinds, tmp_path_factory) -> Databases:
    """Databases of the other kind: what SQLite gave goes to PostgreSQL, and what PostgreSQL gave to SQLite."""
    kind = "postgresql" if databases.kind == "sqlite" else "sqlite"
    if kind not in kinds:
        server = request.getfixturevalue("postgresql_url") if kind == "postgresql" else ""
        kinds[kind] = Databases(kind, tmp_path_factory.mktemp(kind), server)
    return kinds[kind]


def test_a_backup_made_under_load_and_restored_elsewhere_gives_the_same_rows_files_and_feeds(context, other_kind, tmp_path):
    begin_writing()
    token = calendar_token(make_registration(email="asker@kanazawa.example"), key=context.config["SECRET_KEY"], now=NOW)
    db.session.commit()
    file = keep_file()
    quiet = made()[1]
    before = feeds(context, token)

    busy, done = made(Busy(context, file))
    assert busy.registered == WRITES
    assert (done.digests, done.files, done.missing) == (quiet.digests, [file], [])
    after_load = made()[1]
    assert rows_of(after_load, "registrations") == rows_of(done, "registrations") + WRITES
    assert (after_load.files, list(vault.folder().glob(".*"))) == ([], [])

    with elsewhere(other_kind, tmp_path / "elsewhere") as other:
        restored(tmp_path / "backup", busy)
        again = made()[1]
        assert [(each.name, each.rows) for each in again.tables] == [(each.name, each.rows) for each in quiet.tables]
        assert again.digests == quiet.digests
        assert vault.read(file, name="paper.pdf", sha256=vault.digest(FILE)) == FILE
        assert feeds(other, token) == before
        begin_writing()
        make_registration(email="new@kanazawa.example")  # ids go on after those that were restored
        db.session.commit()
    use(context, tmp_path)


def rows_of(contents: Contents, table: str) -> int:
    return next(each.rows for each in contents.tables if each.name == table)


def test_rows_read_one_table_after_the_other_without_a_moment_are_of_several(context, monkeypatch):
    """The control: the same load, with a transaction of its own for each table."""
    file = keep_file()
    plain = tables.lines

    def each_by_itself(_connection, columns):
        with db.engine.connect() as connection:
            yield from plain(connection, columns)

    quiet = made()[1]
    monkeypatch.setattr(tables, "lines", each_by_itself)
    assert made(Busy(context, file))[1].digests != quiet.digests


def test_every_column_is_of_a_kind_that_a_backup_knows():
    assert {kind for table in db.metadata.sorted_tables for _name, kind in tables.columns_of(table).kinds} <= set(tables._KINDS)
    with pytest.raises(TypeError, match=r"t\.i: no backup knows Interval yet"):
        tables.columns_of(sa.Table("t", sa.MetaData(), sa.Column("i", sa.Interval())))


# What people run, on SQLite.


@pytest.fixture
def installation(kinds, tmp_path_factory, tmp_path) -> dict[str, str]:
    """The environment of an installation with the congress of 2018."""
    if "sqlite" not in kinds:
        kinds["sqlite"] = Databases("sqlite", tmp_path_factory.mktemp("sqlite"), "")
    shutil.copy(kinds["sqlite"].loaded.removeprefix("sqlite:///"), tmp_path / "here.sqlite3")
    key, other = "test-only-key-0123456789-abcdefghijklmnop", "test-only-data-key-0123456789-abcdefghi"
    return {
        "CONGRESS_SECRET_KEY": key,
        "CONGRESS_DATA_KEYS": other,
        "CONGRESS_DATABASE_URL": f"sqlite:///{tmp_path}/here.sqlite3",
        "CONGRESS_INSTANCE": str(tmp_path / "here"),
    }


def run(environment: dict[str, str], *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, list(words), env=environment)
    return done.exit_code, (done.output.splitlines() or [""])[-1]


def test_commands_write_check_and_restore_a_file_that_only_its_owner_reads(installation, tmp_path):
    file = tmp_path / "backup"
    there = installation | {
        "CONGRESS_DATABASE_URL": f"sqlite:///{tmp_path}/there.sqlite3",
        "CONGRESS_INSTANCE": f"{tmp_path}/there",
    }
    code, said = run(installation, "backup", str(file))
    assert (code, said.endswith(f" tables and 0 files are in {file}."), file.stat().st_mode & 0o777) == (0, True, 0o600)
    assert run(installation, "restore", "--only-check", str(file)) == (0, f"{file} is whole.")
    code, said = run(there, "restore", str(file))
    assert (code, said.endswith("are here. Next: congress check")) == (0, True), said
    full = "Error: The database holds something already. Restore into an empty one, so that nothing is overwritten."
    assert run(there, "restore", str(file)) == (1, full)
    assert not list(tmp_path.glob("*.part"))


def changed(source: Path, target: Path, name: str, change) -> Path:
    """A backup with one member changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, change(content) if each == name else content)
    return target


def said_of(**values: object):
    return lambda content: json.dumps(json.loads(content) | values)


def test_what_cannot_be_restored_is_refused_with_a_sentence_and_nothing_is_written(installation, tmp_path):
    whole = tmp_path / "backup"
    assert run(installation, "backup", str(whole))[0] == 0
    (tmp_path / "cut").write_bytes(whole.read_bytes()[:-2000])
    changed(whole, tmp_path / "edited", "tables/cities.jsonl", lambda content: content.replace(b"krakow", b"xrakow"))
    changed(whole, tmp_path / "newer", "backup.json", said_of(format=2))
    changed(whole, tmp_path / "later", "backup.json", said_of(revision="9999", program="9.9"))
    changed(whole, tmp_path / "outside", "backup.json", said_of(files=["../../etc/passwd"]))
    other = "another-key-0123456789-abcdefghijklmnopqr"
    settings = TestConfig.make(f"sqlite:///{tmp_path}/new.sqlite3", tmp_path / "new")
    said = {
        name: refusal(tmp_path / file, dataclasses.replace(settings, **more)).replace(f"{tmp_path}/", "")
        for name, file, more in [
            ("cut", "cut", {}), ("edited", "edited", {}), ("newer", "newer", {}), ("later", "later", {}), ("outside", "outside", {}),
            ("none", "none", {}), ("data", "backup", {"DATA_KEYS": [other]}), ("secret", "backup", {"SECRET_KEY": other}),
        ]
    }  # fmt: skip
    assert said == {
        "cut": "cut is no whole backup: it was cut off, or is something else. Take another one.",
        "edited": "tables/cities.jsonl in the backup was changed after it was made. Take another one.",
        "newer": "newer was made by a newer program. Install that one, then restore.",
        "later": "The backup was made by a newer program (9.9). Install that one, then restore.",
        "outside": "The backup names a file as Congress never does. Take another one.",
        "none": "none cannot be read: No such file or directory.",
        "data": "CONGRESS_DATA_KEYS here do not open what is sealed in the backup (passports, diets, answers, files). Set those of the "
        "place where it was made; or, where they are lost for good, restore the rest with --other-keys.",
        "secret": "CONGRESS_SECRET_KEY here is not that of the backup: no secret link and no subscribed calendar would go on working. Set "
        "that of the place where it was made; or, where it is lost for good, restore with --other-keys.",
    }
    lost = nothing_but_a_database(dataclasses.replace(settings, DATA_KEYS=[other]))
    with lost.app_context():
        assert sa.inspect(db.engine).get_table_names() == []
        assert backups.put_back(Reader(whole), other_keys=True).tables
    disconnect(lost)


def refusal(file: Path, settings: TestConfig) -> str:
    """What is said when this file is to be restored into a new installation."""
    app = nothing_but_a_database(settings)
    with app.app_context(), pytest.raises(BadBackup) as refused:
        reader = Reader(file)
        reader.check()
        backups.put_back(reader, other_keys=False)
    disconnect(app)
    return str(refused.value)


def nothing_but_a_database(settings: TestConfig) -> Flask:
    """As much of the application as a restore uses; the whole one takes a second to make."""
    app = Flask("congress")
    app.config.update(SECRET_KEY=settings.SECRET_KEY, SQLALCHEMY_DATABASE_URI=settings.DATABASE_URL)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    db.init_app(app)
    sealed.use_keys(settings.DATA_KEYS)
    vault.use_folder(settings.INSTANCE / "uploads")
    return app


def test_a_file_that_is_nowhere_is_told_and_the_rest_is_backed_up(context):
    file = keep_file()
    next(vault.folder().glob(f"*/{file}")).unlink()
    done = made()[1]
    assert (done.missing, done.files) == ([file], [])


def test_a_row_that_points_to_nothing_is_refused_at_the_end(context, databases, tmp_path):
    stream, _done = made()
    (tmp_path / "whole").write_bytes(stream.getvalue())
    changed(tmp_path / "whole", tmp_path / "torn", "tables/cities.jsonl", lambda _content: b"")
    url = databases.make()
    app = nothing_but_a_database(TestConfig.make(url, tmp_path / "elsewhere"))
    with app.app_context():
        with pytest.raises(sa.exc.IntegrityError):
            backups.put_back(Reader(tmp_path / "torn"), other_keys=False)
        with db.engine.connect() as connection:
            assert tables.is_empty(connection)
        restored(tmp_path / "backup", stream)  # it can be tried again
    disconnect(app)
    databases.drop(url)
    use(context, tmp_path)


def test_a_backup_without_its_last_part_is_none():
    with pytest.raises(BadBackup):
        Reader(Path(__file__))
