"""Tables that organisers import stand here between the pages of an import: encrypted, for whoever sent them, for a day at most."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, cast

from flask import request
from flask_babel import gettext as _

from congress.core import sealed
from congress.core.clock import now
from congress.core.files import delete_older
from congress.core.sheets import BadSheet, Sheet
from congress.web import purging


def keep(sheet: Sheet, *, purpose: str, congress_id: int, account_id: int) -> str:
    """The name under which the table is kept; those that nobody came back to are deleted."""
    delete_older(_folder(), now() - purging.TABLES_KEPT)
    name = secrets.token_hex(16)
    content = json.dumps({"of": [purpose, congress_id, account_id], "sheet": asdict(sheet)})
    path = _folder() / name
    path.touch(mode=0o600)
    path.write_bytes(sealed.seal(content.encode()))
    return name


def received(read: Callable[[BinaryIO], Sheet], *, purpose: str, congress_id: int, account_id: int) -> str:
    """Keep the table that the form of this request brings, as ``read`` reads it; the name under which. Raises BadSheet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadSheet(_("Choose a file."))
    sheet = read(cast(BinaryIO, sent.stream))
    return keep(sheet, purpose=purpose, congress_id=congress_id, account_id=account_id)


def find(name: str, *, purpose: str, congress_id: int, account_id: int) -> Sheet | None:
    """The table that this account sent for this purpose and congress."""
    if not _is_name(name):
        return None
    try:
        found = json.loads(sealed.unseal((_folder() / name).read_bytes()))
    except (OSError, sealed.Unreadable):
        return None
    if found.get("of") != [purpose, congress_id, account_id]:
        return None
    table = found["sheet"]
    return Sheet(tuple(table["header"]), [tuple(each) for each in table["rows"]], table["lines"], table["encoding"])


def forget(name: str) -> None:
    if _is_name(name):
        (_folder() / name).unlink(missing_ok=True)


def _is_name(name: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32}", name) is not None


def _folder() -> Path:
    folder = purging.tables_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
