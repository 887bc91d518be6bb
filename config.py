"""Settings of one installation, read from the environment and refused when they make no sense.

Every setting is a variable ``CONGRESS_<NAME>``. An unknown name or a value of the wrong form stops the start
with one sentence, so that a typing error never becomes a silent default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "CONGRESS_"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
SHORTEST_KEY = 32  # characters; 128 bits and more as hex or base64


class ConfigError(Exception):
    """The environment cannot be used; the message is one sentence that says which variable and what to do."""


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 20 or not low <= int(text) <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return int(text)

    return parse


def _key(text: str) -> str:
    if len(text) < SHORTEST_KEY or len(set(text)) < 10:
        raise ValueError(
            f"it must be at least {SHORTEST_KEY} random characters; make one with: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return text


def _keys(text: str) -> list[str]:
    return [_key(each.strip()) for each in text.split(",")]


def _parts(text: str, schemes: set[str], advice: str) -> SplitResult:
    """The parts of an address. What urlsplit says of a bad one is not passed on, since it may quote a password."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable:
        raise ValueError(advice)
    return parts


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise ValueError("write the path of a folder that is there")
    return Path(text)


def _site_url(text: str) -> str:
    advice = "write an address such as https://congress.example.org"
    parts = _parts(text, {"http", "https"}, advice)
    if parts.query or parts.fragment:
        raise ValueError(advice)
    return text.rstrip("/")


def _smtp_url(text: str) -> str:
    _parts(text, {"smtp", "smtps"}, "write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465")
    return text


def _redis_url(text: str) -> str:
    _parts(text, {"redis", "rediss"}, "write redis://:password@host:6379/0, or rediss://… for TLS")
    return text


def _database_url(text: str) -> str:
    advice = "write sqlite:////path/to/file.sqlite3 or postgresql://user:password@host/database"
    scheme, _, rest = text.partition("://")
    if scheme in {"postgres", "postgresql"}:
        text = f"postgresql+psycopg://{rest}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(advice) from None
    is_file = url.drivername == "sqlite" and url.database and not url.host
    if not is_file and url.drivername != "postgresql+psycopg":
        raise ValueError(advice)
    return text


def _log_format(text: str) -> str:
    if text not in {"text", "json"}:
        raise ValueError("write text or json")
    return text


def _hosts(text: str) -> list[str]:
    hosts = [host.strip() for host in text.split(",")]
    if not all(hosts):
        raise ValueError("write host names with commas between them")
    return hosts


def _address(text: str) -> str:
    user, _, host = text.partition("@")
    if not user or not host or "@" in host or any(sign in text for sign in " \t\r\n,;<>"):
        raise ValueError("write one mail address")
    return text


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings; ``metadata["read"]`` turns the text of ``CONGRESS_<NAME>`` into the value or raises ValueError."""

    SECRET_KEY: str = field(default="", repr=False, metadata={"read": _key})
    DATA_KEYS: list[str] = field(default_factory=list, repr=False, metadata={"read": _keys})
    DATABASE_URL: str = field(default="", repr=False, metadata={"read": _database_url})
    INSTANCE: Path = field(default=Path("instance"), metadata={"read": Path})
    SITE_URL: str = field(default="", metadata={"read": _site_url})
    SMTP_URL: str = field(default="", repr=False, metadata={"read": _smtp_url})
    MAIL_FROM: str = field(default="congress@localhost", metadata={"read": _address})
    MAIL_BOUNCES: str = field(default="", metadata={"read": _address})
    TRUSTED_HOSTS: list[str] = field(default_factory=list, metadata={"read": _hosts})
    TRUSTED_PROXIES: int = field(default=0, metadata={"read": _whole(0, 5)})
    RATE_LIMITS: bool = field(default=True, metadata={"read": _flag})
    REDIS_URL: str = field(default="", repr=False, metadata={"read": _redis_url})
    TRANSLATIONS: Path | None = field(default=None, metadata={"read": _folder})
    SIGN_IN_HOURS: int = field(default=12, metadata={"read": _whole(1, 720)})
    SIGN_IN_IDLE_MINUTES: int = field(default=120, metadata={"read": _whole(5, 43_200)})
    MAX_BODY: int = field(default=1_000_000, metadata={"read": _whole(10_000, 1_000_000_000)})
    HSTS_DAYS: int = field(default=365, metadata={"read": _whole(0, 730)})
    METRICS_TOKEN: str = field(default="", repr=False, metadata={"read": _key})
    LOG_FORMAT: str = field(default="text", metadata={"read": _log_format})
    INSECURE_COOKIES: bool = field(default=False, metadata={"read": _flag})
    DEBUG: bool = field(default=False, metadata={"read": _flag})
    TESTING: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Config:
        """Read ``CONGRESS_…`` variables.

        Raises ConfigError for an unknown variable, a value of the wrong form, or a missing one that must be there.
        """
        known = {PREFIX + each.name: each for each in fields(cls) if "read" in each.metadata}
        values: dict[str, object] = {}
        for name in sorted(key for key in environment if key.startswith(PREFIX)):
            if name not in known:
                raise ConfigError(f"{name} is not a setting of this program. Known settings: {', '.join(sorted(known))}.")
            try:
                values[known[name].name] = known[name].metadata["read"](environment[name].strip())
            except ValueError as reason:
                raise ConfigError(f"{name} cannot be used: {reason}.") from None
        for name in ("SECRET_KEY", "DATA_KEYS", "DATABASE_URL"):
            if name not in values:
                raise ConfigError(f"{PREFIX}{name} is not set; the program does not start without it. See README.md.")
        config = cls(**values)  # type: ignore[arg-type]
        if problem := _contradiction(config):
            raise ConfigError(problem)
        return replace(config, TRUSTED_HOSTS=config.TRUSTED_HOSTS or _own_hosts(config.SITE_URL))


def _own_hosts(site_url: str) -> list[str]:
    """The host of a site at https, and what this machine calls itself; of others nothing is known."""
    site = urlsplit(site_url)
    return [site.hostname, *_LOOPBACK] if site.scheme == "https" and site.hostname else []


def _contradiction(config: Config) -> str:
    """What settings, each of them good, must not say together; "" if there is nothing."""
    site = urlsplit(config.SITE_URL)
    is_public = bool(site.hostname) and site.hostname not in _LOOPBACK
    if is_public and config.DEBUG:
        return f"{PREFIX}DEBUG shows what is inside to everybody who reaches {config.SITE_URL}. Leave it out there."
    if is_public and site.scheme == "http" and not config.INSECURE_COOKIES:
        return (
            f"{PREFIX}SITE_URL is at http, where browsers send no cookies of ours back and nobody could sign in. Put TLS in front of it and write https, "
            f"or set {PREFIX}INSECURE_COOKIES=1 while trying things out."
        )
    if site.scheme == "https" and config.INSECURE_COOKIES:
        return f"{PREFIX}INSECURE_COOKIES would let cookies of {config.SITE_URL} go over the network unencrypted. Leave it out there."
    if config.SECRET_KEY in config.DATA_KEYS:
        return f"{PREFIX}DATA_KEYS holds {PREFIX}SECRET_KEY; who learns one must not have both. Make another one in the same way."
    return ""


def demo_config(instance: Path, key: str, *, site_url: str = "") -> Config:
    """Settings of ``congress demo``: everything under ``instance``, plain http."""
    return Config(
        SECRET_KEY=key,
        DATA_KEYS=[key],
        DATABASE_URL=f"sqlite:///{instance.resolve() / 'demo.sqlite3'}",
        INSTANCE=instance.resolve(),
        SITE_URL=site_url,
        MAIL_FROM="congress@krakowice.example",
        INSECURE_COOKIES=True,
    )


class TestConfig(Config):
    """Settings of the tests."""

    __test__ = False

    @classmethod
    def make(cls, database_url: str, instance: Path) -> TestConfig:
        """Settings for one test database and one folder of its own."""
        return cls(
            SECRET_KEY="test-only-key-0123456789-abcdefghijklmnop",  # noqa: S106
            DATA_KEYS=["test-only-data-key-0123456789-abcdefghi"],
            DATABASE_URL=database_url,
            INSTANCE=instance,
            MAIL_FROM="congress@congress.example",
            INSECURE_COOKIES=True,
            RATE_LIMITS=False,
            TESTING=True,
        )
