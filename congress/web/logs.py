"""What stands in the log: one line for each thing, as text or as JSON, with the request's number and without anybody's data.

Whatever was formatted is looked through once more: addresses of mail and secret tokens are covered. Of an exception there is its kind and
where it arose, never what it says, since databases and parsers quote what people typed; with ``CONGRESS_DEBUG`` there is all of it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from flask import g, has_request_context

FORMATS = ("text", "json")
FIELDS = ("method", "rule", "status", "ms", "account")  # of a request's line, in JSON by themselves
_ADDRESS = re.compile(r"[^\s@<>\"'(=,;:]+@[^\s@<>\"'),;:]+")
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])[a-z2-7]{32}(?![A-Za-z0-9])"
    r"|(?<![\w.-])\.?[\w-]{16,}(\.[\w-]{6,})?\.[\w-]{27}(?![\w-])"  # signed, as those of signing in are
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # with which somebody could write lines of their own into the log
_HERE = Path(__file__).parents[2]
_NOISY = ("alembic", "waitress.queue")


def covered(text: str) -> str:
    """The text as one line without addresses of mail and secret tokens."""
    if not text.isprintable():  # a line of each request: what is quick to see is seen first
        text = _CONTROL.sub(" ", text)
    if "@" in text:
        text = _ADDRESS.sub("(address)", text)
    return _TOKEN.sub("(token)", text)


def trace(problem: BaseException) -> list[str]:
    """Where an exception arose: its kind, then file, line and function of each call; then the same of what caused it."""
    found: list[str] = []
    seen: set[int] = set()
    each: BaseException | None = problem
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        found.append(type(each).__qualname__)
        for frame in traceback.extract_tb(each.__traceback__):
            found.append(f"{_short(frame.filename)}:{frame.lineno} {frame.name}")
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found


def _short(name: str) -> str:
    path = Path(name)
    if path.is_relative_to(_HERE):
        return str(path.relative_to(_HERE))
    return "/".join(path.parts[-3:])


class Lines(logging.Formatter):
    """``whole``: exceptions with all they say, for one's own machine."""

    def __init__(self, *, as_json: bool, whole: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._as_json, self._whole = as_json, whole

    def format(self, record: logging.LogRecord) -> str:
        problem = record.exc_info[1] if record.exc_info else None
        if self._whole and not self._as_json:
            return super().format(record)
        if self._as_json:
            return json.dumps(self._fields(record, problem), ensure_ascii=False, default=str)
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {covered(record.getMessage())}"
        return "\n  ".join([line, *trace(problem)] if problem else [line])

    def _fields(self, record: logging.LogRecord, problem: BaseException | None) -> dict[str, object]:
        number = g.get("request_id") if has_request_context() else None
        return {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": covered(record.getMessage()),
            **({"request_id": number} if number else {}),
            **{name: value for name in (*FIELDS, "request_id") if (value := getattr(record, name, None)) is not None},
            **({"trace": trace(problem)} if problem else {}),
        }


def write_to_stderr(kind: str, *, whole: bool = False) -> None:
    """Where a program's own handlers are set up already, they stay; called by what starts the program."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(as_json=kind == "json", whole=whole))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # No line says them, and each costs time to ask.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
