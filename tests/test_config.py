"""Settings: every variable good and bad, and never a secret in a message."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from config import Config, ConfigError, demo_config

KEY = "0123456789abcdef0123456789abcdef"
OTHER_KEY = "fedcba9876543210fedcba9876543210"
THIRD_KEY = "02468ace13579bdf02468ace13579bdf"
LEAST = {"CONGRESS_SECRET_KEY": KEY, "CONGRESS_DATA_KEYS": OTHER_KEY, "CONGRESS_DATABASE_URL": "sqlite:////srv/congress.sqlite3"}

SMTP = "write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465"
SITE = "write an address such as https://congress.example.org"
DATABASE = "write sqlite:////path/to/file.sqlite3 or postgresql://user:password@host/database"
WEAK = "it must be at least 32 random characters; make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
REDIS = "write redis://:password@host:6379/0, or rediss://… for TLS"
FLAG = "write 1 or 0"
DAYS = "write a whole number from 0 to 730"
MAIL = "write one mail address"
HOSTS = "write host names with commas between them"

GOOD: dict[str, list[tuple[str, Any]]] = {
    "SECRET_KEY": [(KEY, KEY), (f" {KEY}\n", KEY)],
    "DATA_KEYS": [(THIRD_KEY, [THIRD_KEY]), (f"{THIRD_KEY}, {OTHER_KEY}", [THIRD_KEY, OTHER_KEY])],
    "DATABASE_URL": [
        ("sqlite:////srv/c.sqlite3", "sqlite:////srv/c.sqlite3"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d?sslmode=require", "postgresql+psycopg://u:p@h:5433/d?sslmode=require"),
        ("postgresql+psycopg:///d", "postgresql+psycopg:///d"),
        ("postgresql://u:p[a@h/d", "postgresql+psycopg://u:p[a@h/d"),
    ],
    "INSTANCE": [("/var/lib/congress", Path("/var/lib/congress"))],
    "SITE_URL": [
        ("https://congress.example", "https://congress.example"),
        ("http://[::1]:8000/sub/", "http://[::1]:8000/sub"),
    ],
    "SMTP_URL": [
        ("smtp://u:p%40ss@mail.example:587", "smtp://u:p%40ss@mail.example:587"),
        ("smtps://mail.example", "smtps://mail.example"),
    ],
    "MAIL_FROM": [("office@krakow.example", "office@krakow.example")],
    "MAIL_BOUNCES": [("bounces@krakow.example", "bounces@krakow.example")],
    "TRUSTED_HOSTS": [("congress.example, www.congress.example", ["congress.example", "www.congress.example"])],
    "TRUSTED_PROXIES": [("0", 0), ("5", 5)],
    "RATE_LIMITS": [("0", False)],
    "REDIS_URL": [("rediss://:p@r.example:6379/1", "rediss://:p@r.example:6379/1")],
    "TRANSLATIONS": [("/", Path("/"))],
    "SIGN_IN_HOURS": [("1", 1), ("720", 720)],
    "SIGN_IN_IDLE_MINUTES": [("5", 5), ("43200", 43_200)],
    "MAX_BODY": [("10000", 10_000), ("1000000000", 1_000_000_000)],
    "HSTS_DAYS": [("0", 0), ("730", 730)],
    "METRICS_TOKEN": [(KEY, KEY)],
    "LOG_FORMAT": [("json", "json"), ("text", "text")],
    "INSECURE_COOKIES": [("1", True), ("off", False)],
    "DEBUG": [("TRUE", True), ("no", False)],
}
BAD: dict[str, list[tuple[str, str]]] = {
    "SECRET_KEY": [("", WEAK), ("hunter2", WEAK), (KEY[:31], WEAK), ("aaaaaaaaabbbbbbbbbbccccccccccdddddddddd", WEAK)],
    "DATA_KEYS": [("", WEAK), ("hunter2", WEAK), (f"{KEY},", WEAK), (f"{KEY},sesame", WEAK)],
    "METRICS_TOKEN": [("", WEAK), ("hunter2", WEAK)],
    "LOG_FORMAT": [("", "write text or json"), ("xml", "write text or json")],
    "DATABASE_URL": [
        ("", DATABASE),
        ("congress.sqlite3", DATABASE),
        ("mysql://u:sesame@h/d", DATABASE),
        ("sqlite:/srv/c.sqlite3", DATABASE),
        ("sqlite://srv/c.sqlite3", DATABASE),
        ("postgresql://u:sesame@h:port/d", DATABASE),
        ("sqlite://", DATABASE),
    ],
    "SITE_URL": [
        ("", SITE),
        ("congress.example", SITE),
        ("ftp://congress.example", SITE),
        ("https://", SITE),
        ("https://congress.example/?q=1", SITE),
        ("https://congress.example/#top", SITE),
        ("https://[congress.example", SITE),
        ("https://congress.example:port", SITE),
    ],
    "SMTP_URL": [
        ("", SMTP),
        ("mail.example:25", SMTP),
        ("http://mail.example", SMTP),
        ("smtp://", SMTP),
        ("smtp://u:sesame@mail.example:port", SMTP),
        ("smtp://u:sesame@mail.example:99999", SMTP),
        ("smtp://u:ses\u2100me@mail.example", SMTP),
        ("smtp://u:sesame@[mail.example", SMTP),
    ],
    "MAIL_FROM": [
        ("", MAIL),
        ("office", MAIL),
        ("@", MAIL),
        ("Office <office@krakow.example>", MAIL),
        ("a@x.example,b@x.example", MAIL),
    ],
    "MAIL_BOUNCES": [("", MAIL), ("bounces", MAIL)],
    "TRUSTED_HOSTS": [("", HOSTS), ("congress.example,,", HOSTS)],
    "TRUSTED_PROXIES": [
        (text, "write a whole number from 0 to 5") for text in ("", "-1", "6", "1.0", "one", "²", "1_0", "9" * 5000)
    ],
    "RATE_LIMITS": [("often", FLAG)],
    "REDIS_URL": [(text, REDIS) for text in ("", "localhost:6379", "redis://", "redis://:sesame@r.example:port")],
    "TRANSLATIONS": [(text, "write the path of a folder that is there") for text in ("/no/such", "/etc/hosts")],
    "SIGN_IN_HOURS": [(text, "write a whole number from 1 to 720") for text in ("0", "721", "two")],
    "SIGN_IN_IDLE_MINUTES": [(text, "write a whole number from 5 to 43200") for text in ("4", "43201", "-5")],
    "MAX_BODY": [(text, "write a whole number from 10000 to 1000000000") for text in ("9999", "1000000001", "1e6", "1 MB")],
    "HSTS_DAYS": [("-1", DAYS), ("731", DAYS), ("year", DAYS)],
    "INSECURE_COOKIES": [("", FLAG), ("2", FLAG)],
    "DEBUG": [("maybe", FLAG)],
}


def test_every_setting_is_tried_here():
    settings = {each.name for each in fields(Config) if each.name != "TESTING"}
    assert (set(GOOD), set(BAD)) == (settings, settings - {"INSTANCE"})  # any text is a folder


@pytest.mark.parametrize(("name", "text", "value"), [(name, *each) for name, all_of in GOOD.items() for each in all_of])
def test_a_good_value_is_read(name, text, value):
    assert getattr(Config.from_environment({**LEAST, f"CONGRESS_{name}": text}), name) == value


@pytest.mark.parametrize(("name", "text", "advice"), [(name, *each) for name, all_of in BAD.items() for each in all_of])
def test_a_bad_value_is_refused_by_name_with_what_to_do(name, text, advice):
    with pytest.raises(ConfigError) as refused:
        Config.from_environment({**LEAST, f"CONGRESS_{name}": text})
    assert str(refused.value) == f"CONGRESS_{name} cannot be used: {advice}."


def test_the_message_is_all_that_is_told_of_a_bad_value():
    with pytest.raises(ConfigError) as refused:
        Config.from_environment({**LEAST, "CONGRESS_SMTP_URL": "smtp://u:sesame@mail.example:port"})
    assert (refused.value.__cause__, refused.value.__suppress_context__) == (None, True)


def test_an_unknown_variable_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError) as refused:
        Config.from_environment({**LEAST, "CONGRESS_DATABSE_URL": "postgresql://u:sesame@h/d"})
    known = ", ".join(sorted(f"CONGRESS_{each.name}" for each in fields(Config) if each.name != "TESTING"))
    assert str(refused.value) == f"CONGRESS_DATABSE_URL is not a setting of this program. Known settings: {known}."


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEYS", "DATABASE_URL"])
def test_the_program_does_not_start_without(name):
    environment = {key: value for key, value in LEAST.items() if key != f"CONGRESS_{name}"}
    with pytest.raises(ConfigError) as refused:
        Config.from_environment(environment)
    assert str(refused.value) == f"CONGRESS_{name} is not set; the program does not start without it. See README.md."


def test_variables_of_other_programs_are_not_read():
    assert Config.from_environment({**LEAST, "SECRET_KEY": "weak", "DEBUG": "1", "congress_debug": "1"}) == (
        Config(SECRET_KEY=KEY, DATA_KEYS=[OTHER_KEY], DATABASE_URL="sqlite:////srv/congress.sqlite3")
    )


def test_the_printed_settings_hold_no_secret():
    config = Config(SECRET_KEY=KEY, DATA_KEYS=[OTHER_KEY], DATABASE_URL="postgresql://u:sesame@h/d", SMTP_URL="smtp://u:sesame@h")
    assert [secret for secret in (KEY, OTHER_KEY, "sesame") if secret in repr(config)] == []


def test_the_demo_keeps_everything_in_its_folder(tmp_path):
    assert demo_config(tmp_path, KEY, site_url="http://127.0.0.1:8000") == Config(
        SECRET_KEY=KEY,
        DATA_KEYS=[KEY],
        DATABASE_URL=f"sqlite:///{tmp_path}/demo.sqlite3",
        INSTANCE=tmp_path,
        SITE_URL="http://127.0.0.1:8000",
        MAIL_FROM="congress@krakowice.example",
        INSECURE_COOKIES=True,
    )


@pytest.mark.parametrize(
    ("together", "told"),
    [
        ({"SITE_URL": "https://c.example", "DEBUG": "1"}, "CONGRESS_DEBUG shows what is inside"),
        ({"SITE_URL": "http://c.example"}, "CONGRESS_SITE_URL is at http"),
        ({"SITE_URL": "https://c.example", "INSECURE_COOKIES": "1"}, "CONGRESS_INSECURE_COOKIES would let cookies"),
        ({"DATA_KEYS": f"{OTHER_KEY},{KEY}"}, "CONGRESS_DATA_KEYS holds CONGRESS_SECRET_KEY"),
        ({"SITE_URL": "http://c.example", "INSECURE_COOKIES": "1"}, ""),
        ({"SITE_URL": "http://localhost:8000", "DEBUG": "1"}, ""),
        ({"SITE_URL": "https://c.example"}, ""),
    ],
)
def test_settings_that_are_dangerous_together_stop_the_start(together, told):
    try:
        Config.from_environment(LEAST | {f"CONGRESS_{name}": text for name, text in together.items()})
        said = ""
    except ConfigError as refused:
        said = str(refused)
    assert (said[: len(told)], bool(said), KEY in said) == (told, bool(told), False)


def test_a_site_at_https_answers_to_its_own_name_only():
    def hosts(**settings):
        return Config.from_environment(LEAST | {f"CONGRESS_{name}": text for name, text in settings.items()}).TRUSTED_HOSTS

    own = ["localhost", "127.0.0.1", "::1"]
    assert (hosts(), hosts(SITE_URL="https://c.example:8443/x"), hosts(SITE_URL="http://localhost:8000")) == (
        [],
        ["c.example", *own],
        [],
    )
    assert hosts(SITE_URL="https://c.example", TRUSTED_HOSTS="www.c.example") == ["www.c.example"]
