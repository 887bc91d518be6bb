"""The console script, as people run it: in a folder of its own, mostly without settings."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from congress import cli, demo

KEY = "0123456789abcdef0123456789abcdef"
Run = Callable[..., Result]


NAMED = 4  # people in a demo whom a city has named, beside those who registered


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CONGRESS_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    """Runs a command, with the settings given."""
    handlers, level = logging.root.handlers[:], logging.root.level

    def run_(*words: str, **settings: str) -> Result:
        environment = {f"CONGRESS_{name}": value for name, value in settings.items()}
        return CliRunner().invoke(cli.main, list(words), env=environment)

    yield run_
    logging.root.handlers[:], logging.root.level = handlers, level


@pytest.fixture(scope="module")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo with few delegates, which tests copy."""
    made = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made)
        result = CliRunner().invoke(cli.main, ["demo", "--no-serve", "--delegates", "5"])
    assert result.exit_code == 0, result.output
    return made / "instance"


@pytest.fixture
def a_demo(folder: Path, made_demo: Path) -> Path:
    """The database of a demo in the working folder."""
    (folder / "instance").mkdir()
    for path in made_demo.glob("demo.*"):  # with what SQLite still has beside its file
        shutil.copy(path, folder / "instance")
    return folder / "instance" / "demo.sqlite3"


def rows(path: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def said(result: Result) -> tuple[int, str]:
    """Exit code and everything that was said, which is never a traceback."""
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, re.sub(r"^\(no CONGRESS_.*\n", "", result.output).strip()


def test_the_demo_is_kept_at_its_second_start(run, a_demo):
    before = rows(a_demo, "SELECT * FROM registrations")
    result = run("demo", "--no-serve", "--delegates", "9")
    assert (result.exit_code, "Using the demo made earlier" in result.output, len(before)) == (0, True, 5 + NAMED)
    assert rows(a_demo, "SELECT * FROM registrations") == before


def test_a_fresh_demo_begins_from_nothing(run, a_demo):
    mail = a_demo.parent / "mail"
    mail.mkdir()
    (mail / "000001-letter.eml").write_text("old")
    result = run("demo", "--no-serve", "--fresh", "--delegates", "2")
    assert (result.exit_code, rows(a_demo, "SELECT count(*) FROM registrations"), list(mail.iterdir())) == (0, [(2 + NAMED,)], [])


def test_the_demo_names_its_pages_and_keeps_its_key_to_its_owner(run, folder, a_demo):
    result = run("demo", "--no-serve", "--port", "8123")
    assert "http://127.0.0.1:8123/krakowice2018/programme/" in result.output
    (password,) = re.findall(r"password +(\S+)", result.output)
    assert password == demo.organiser_password((a_demo.parent / "demo.key").read_text())


def test_the_demo_makes_a_key_that_only_its_owner_reads(made_demo):
    assert ((made_demo / "demo.key").stat().st_mode & 0o777, len((made_demo / "demo.key").read_text())) == (0o600, 64)


def test_350_delegates_come_from_160_cities_of_64_countries_with_40_mayors(run, folder):
    assert run("demo", "--no-serve").exit_code == 0
    path = folder / "instance" / "demo.sqlite3"
    assert rows(
        path,
        "SELECT count(*), count(DISTINCT c.id), count(DISTINCT c.country_code), sum(d.category = 'mayor'), "
        "sum(p.email LIKE '%.example'), count(DISTINCT p.email) FROM registrations r JOIN delegates d ON d.id = r.delegate_id "
        "JOIN people p ON p.id = d.person_id JOIN delegations g ON g.id = d.delegation_id JOIN cities c ON c.id = g.city_id WHERE r.submitted_at IS NOT NULL",
    ) == [(350, 160, 64, 40, 350, 350)]
    assert rows(path, "SELECT DISTINCT state FROM messages") == [("sent",)]


@pytest.mark.parametrize(
    ("today", "year"), [(datetime(2026, 5, 31), 2026), (datetime(2026, 6, 1), 2027), (datetime(2027, 12, 31), 2028)]  # noqa: DTZ001
)  # fmt: skip
def test_an_upcoming_demo_lies_on_the_same_weekdays_of_the_next_june(run, folder, today, year):
    with time_machine.travel(today, tick=False):
        assert run("demo", "--no-serve", "--upcoming", "--delegates", "0").exit_code == 0
    ((first, last),) = rows(folder / "instance" / "demo.sqlite3", "SELECT starts_on, ends_on FROM congresses")
    days = [date.fromisoformat(first), date.fromisoformat(last)]
    assert [(day.year, day.month, day.isoweekday()) for day in days] == [(year, 6, 2), (year, 6, 5)]


@pytest.mark.parametrize("year", range(2019, 2060))
def test_the_shift_is_whole_weeks_into_june(year):
    shift = demo.shift_to_next_june(date(year, 1, 1))
    days = [date(2018, 6, 7) + shift, date(2018, 6, 16) + shift]
    assert (shift.days % 7, {(day.year, day.month) for day in days}) == (0, {(year, 6)})


@pytest.mark.parametrize("command", [["run"], ["worker", "--once"], ["init"], ["release", "krakowice2018"]])
def test_without_settings_one_line_says_which_is_missing(run, command):
    sentence = "Error: CONGRESS_SECRET_KEY is not set; the program does not start without it. See README.md."
    assert said(run(*command)) == (1, sentence)


def test_a_weak_key_is_refused_without_being_shown(run, folder):
    code, sentence = said(run("run", SECRET_KEY="hunter2hunter2", DATABASE_URL=f"sqlite:///{folder}/c.sqlite3"))
    assert (code, "hunter2" in sentence, sentence.startswith("Error: CONGRESS_SECRET_KEY cannot be used: ")) == (1, False, True)


def test_an_empty_database_says_what_to_run(run, folder):
    settings = {"SECRET_KEY": KEY, "DATA_KEYS": KEY[::-1], "DATABASE_URL": f"sqlite:///{folder}/c.sqlite3"}
    assert said(run("worker", "--once", **settings)) == (
        1,
        "Error: The database is empty or of an older version. Run: congress init",
    )


def test_init_makes_a_database_that_can_be_used(run, folder):
    settings = {"SECRET_KEY": KEY, "DATA_KEYS": KEY[::-1], "DATABASE_URL": f"sqlite:///{folder}/c.sqlite3"}
    for _again in range(2):
        code, sentence = said(run("init", **settings))
        assert (code, sentence.startswith("The database is ready.")) == (0, True)
    assert said(run("worker", "--once", **settings)) == (0, "")


def test_a_database_in_a_folder_that_is_not_there_cannot_be_reached(run, folder):
    settings = {"SECRET_KEY": KEY, "DATA_KEYS": KEY[::-1], "DATABASE_URL": f"sqlite:///{folder}/none/c.sqlite3"}
    assert said(run("worker", "--once", **settings)) == (1, "Error: The database cannot be reached (OperationalError).")


def test_a_file_that_is_no_database_is_told(run, a_demo):
    a_demo.write_bytes(b"this is a text, not a database\n" * 100)
    assert said(run("worker", "--once")) == (1, "Error: The database cannot be reached (DatabaseError).")
    assert said(run("demo", "--no-serve"))[0] == 1


def test_a_database_of_a_newer_version_is_told(run, a_demo):
    connection = sqlite3.connect(a_demo)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    sentence = "Error: The database is of a newer version than this program. Install the newer program."
    assert said(run("worker", "--once")) == (1, sentence)
    assert said(run("demo", "--no-serve"))[0] == 1


def test_a_locked_database_is_told_and_nothing_is_written(run, a_demo, monkeypatch):
    monkeypatch.setattr("congress.core.db.BUSY_TIMEOUT", 100)
    other = sqlite3.connect(a_demo, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = said(run("release", "krakowice2018"))
    finally:
        other.close()
    assert answer == (1, "Error: The database did not take it: database is locked. Nothing was written.")


@pytest.fixture
def released(run, a_demo):
    """A demo whose draft has been released: it begins with sessions that have got rooms."""
    code, sentence = said(run("release", "krakowice2018", "--hold-mail"))
    assert (code, sentence.partition("\n")[0]) == (0, "Release 3: 20 changed. Mails: held back.")


def test_with_nothing_changed_there_is_nothing_to_release(run, released):
    assert said(run("release", "krakowice2018")) == (1, "Error: Nothing has changed since the last release.")


def test_an_unknown_congress_is_told_with_the_known_ones(run, a_demo):
    assert said(run("release", "krakowice2019")) == (1, "Error: There is no congress “krakowice2019”. Known: krakowice2018.")


def test_a_bad_programme_is_told_by_line_and_nothing_is_written(run, folder, a_demo):
    before = rows(a_demo, "SELECT * FROM placements")
    (folder / "bad.csv").write_text(
        "id,date,start,end,city,title_en,type,access\nX1,2018-06-31,09:00,10:00,Kraków,Talk,plenary,closed\n"
    )
    answer = said(run("import-programme", "bad.csv", "--congress", "krakowice2018"))
    assert answer == (1, "Error: bad.csv, line 2, column date: “2018-06-31” is no date; write it as 2018-06-12")
    assert rows(a_demo, "SELECT * FROM placements") == before


def test_a_programme_is_imported_and_released(run, folder, released):
    (folder / "good.csv").write_text(
        "id,date,start,end,city,title_en,type,access\nX1,2099-06-13,09:00,10:00,Kraków,Talk,plenary,closed\n"
    )
    assert said(run("import-programme", "good.csv", "--congress", "krakowice2018")) == (0, "1 added, 0 changed, 0 unchanged.")
    assert said(run("release", "krakowice2018")) == (0, "Release 4: 1 changed. Mails: 5.\n  X1 added: Talk")


def test_mails_of_a_release_can_be_held_back(run, a_demo, released):
    connection = sqlite3.connect(a_demo)
    connection.execute("UPDATE placements SET is_cancelled = 1 WHERE code = 'P022'")
    connection.commit()
    connection.close()
    code, sentence = said(run("release", "krakowice2018", "--hold-mail"))
    assert (code, sentence.partition("\n")[0]) == (0, "Release 4: 1 changed. Mails: held back.")
    assert rows(a_demo, "SELECT count(*) FROM messages WHERE template = 'programme_changed'") == [(0,)]
    assert rows(a_demo, "SELECT are_people_told FROM releases ORDER BY number") == [(0,), (1,), (0,), (0,)]


def test_a_worker_delivers_what_is_due_once(run, a_demo):
    connection = sqlite3.connect(a_demo)
    connection.execute("UPDATE messages SET state = 'queued' WHERE id <= 2")
    connection.commit()
    connection.close()
    assert said(run("worker", "--once")) == (0, "2 sent")
    assert said(run("worker", "--once")) == (0, "")
    assert len(list((a_demo.parent / "mail").glob("*.eml"))) == 2


def organiser(
    run: Run,
    *,
    email: str = "anna@krakow.example",
    password: str = "correct horse battery",
    slug: str = "",
) -> tuple[int, str]:
    scope = ["--congress", slug] if slug else []
    return said(run("create-organiser", "--email", email, "--name", "Anna", "--password", password, *scope))


def test_an_organiser_is_made_once(run, a_demo):
    assert organiser(run, slug="krakowice2018") == (0, "anna@krakow.example may sign in at /desk/sign-in.")
    assert organiser(run, email="Anna@Krakow.Example") == (
        1, "Error: There is an account with the address Anna@krakow.example already.",
    )  # fmt: skip
    found = "SELECT kind, congress_id FROM roles JOIN accounts ON accounts.id = account_id WHERE email LIKE 'anna@%'"
    assert rows(a_demo, found) == [("organiser", 1)]


def test_a_lost_second_factor_is_taken_away_told_and_written_down(run, a_demo):
    organiser(run)
    assert said(run("reset-second-factor", "anna@krakow.example")) == (1, "Error: anna@krakow.example has no second factor.")
    connection = sqlite3.connect(a_demo)
    connection.execute(
        "INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, backup_state, device_type, usage, name, lastuse_datetime)"
        " SELECT id, x'01', x'02', 0, 0, '', 'first', 'Laptop', '2018-05-10 09:00:00' FROM accounts WHERE email LIKE 'anna@%'"
    )
    connection.commit()
    connection.close()
    assert said(run("reset-second-factor", "ANNA@krakow.example"))[0] == 0
    assert rows(a_demo, "SELECT name FROM passkeys") == []
    assert rows(a_demo, "SELECT recipient FROM messages WHERE template = 'account_changed'") == [("anna@krakow.example",)]
    assert rows(a_demo, "SELECT account, what, label FROM audit_entries WHERE kind = 'accounts'") == [
        ("command line", "factor_changed", "reset")
    ]


def granted(run: Run, *words: str) -> tuple[int, str]:
    account = ("--name", "Lidia", "--password", "correct horse battery")
    return said(run("grant", "krakowice2018", "lidia@krakow.example", *words, *account))


def test_a_coordinator_gets_an_account_and_further_roles_but_none_twice(run, a_demo):
    for words in (("field_coordinator", "--field", "literature"), ("organiser", "--city", "katowice")):
        assert granted(run, *words) == (
            0, f"lidia@krakow.example is {words[0]} of krakowice2018 now, and may sign in at /desk/sign-in.",
        )  # fmt: skip
        assert granted(run, *words) == (1, "Error: Lidia has this role already.")
    found = "SELECT kind, field, city FROM roles JOIN accounts ON accounts.id = account_id WHERE email LIKE 'lidia@%' ORDER BY 1"
    assert rows(a_demo, found) == [("field_coordinator", "literature", ""), ("organiser", "", "katowice")]


@pytest.mark.parametrize(
    "words",
    [
        ("field_coordinator",), ("field_coordinator", "--field", "opera"), ("organiser", "--field", "film"),
        ("programme_reader", "--city", "katowice"), ("organiser", "--city", "lodz"),
    ],
)  # fmt: skip
def test_a_role_without_its_scope_or_with_one_that_is_not_its_own_is_refused(run, a_demo, words):
    code, sentence = granted(run, *words)
    assert (code, sentence.startswith(("Error: Say --field", "Error: --city is for"))) == (1, True)
    assert rows(a_demo, "SELECT count(*) FROM accounts WHERE email LIKE 'lidia@%'") == [(0,)]


def test_an_organiser_of_no_congress_may_do_everything(run, a_demo):
    organiser(run)
    assert rows(a_demo, "SELECT kind, congress_id FROM roles ORDER BY id DESC LIMIT 1") == [("site_administrator", None)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "elevenchars"}, "Error: This is too short. Write at least 12 characters."),
        ({"email": "anna"}, "Error: “anna” is not a mail address."),
        ({"slug": "none"}, "Error: There is no congress “none”. Known: krakowice2018."),
    ],
)
def test_an_organiser_that_cannot_be_is_refused(run, a_demo, typed, sentence):
    before = rows(a_demo, "SELECT * FROM accounts")
    assert organiser(run, **typed) == (1, sentence)
    assert rows(a_demo, "SELECT * FROM accounts") == before


def test_a_file_that_is_not_there_is_told(run, a_demo):
    code, sentence = said(run("import-cities", "none.csv", "--network", "uccn"))
    assert (code, sentence) == (1, "Error: none.csv cannot be read: No such file or directory.")


def test_an_unknown_network_is_told_with_the_known_ones(run, a_demo):
    code, sentence = said(run("import-cities", "none.csv", "--network", "nato"))
    assert (code, sentence) == (1, "Error: There is no network “nato”. Known: uccn, koalicja-miast, icc.")
