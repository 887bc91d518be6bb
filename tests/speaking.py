"""Speakers, sessions with people, documents and pictures for tests of pages: arranged and committed."""

from __future__ import annotations

import io
from typing import Any

from flask import current_app
from PIL import Image

from congress.core.db import begin_writing, db
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.programme.documents import services as documents
from congress.programme.people import contributors, services
from congress.programme.people.models import Speaker
from congress.programme.people.services import Words
from congress.programme.services import release_programme
from congress.programme.vocabulary import Audience, Part
from tests.factories import NOW, the_city, the_congress, the_item
from tests.registration.asking import PDF

BY = "olga@krakowice.example"
MAYORS = "P026"  # a session of the loaded congress


def picture(size: tuple[int, int] = (400, 500), kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#0b57a4").save(made, kind)
    return made.getvalue()


def speaker(name: str = "Nomsa Sprecherin", *, agrees: bool = False, **changes: Any) -> tuple[int, str, str]:
    """A speaker's id, public id and link."""
    begin_writing()
    values: dict[str, Any] = {
        "name": name, "functions": Localised(en="Director"), "biographies": Localised(en="Writes."),
        "email": "nomsa@kanazawa.example", "city": the_city("kanazawa"),
    }  # fmt: skip
    made = services.add(the_congress(), Words(**(values | changes)))
    if agrees:
        services.agree(made, may_be_named=True, may_show_photo=True, now=NOW)
    token = services.link_token(made, current_app.config["SECRET_KEY"])
    db.session.commit()
    return made.id, made.public_id, token


def put(speaker_id: int, code: str = MAYORS, part: Part = Part.MAYOR, minutes: int | None = 5) -> None:
    begin_writing()
    who = db.session.get_one(Speaker, speaker_id)
    contributors.add(the_item(code), speaker=who, city=None, part=part, minutes=minutes, by=BY, now=NOW)
    db.session.commit()


def release() -> None:
    begin_writing()
    release_programme(the_congress(), note=Localised(en="People."), by=BY, now=NOW)
    db.session.commit()


def document(code: str = MAYORS, audience: Audience = Audience.EVERYONE, title: str = "Agenda") -> str:
    """The public id of the file."""
    begin_writing()
    made = documents.add(
        the_item(code), Checked(f"{title}.pdf", "application/pdf", PDF), titles=Localised(en=title), audience=audience,
        language="en", by=BY, now=NOW,
    )  # fmt: skip
    db.session.commit()
    return made.file.public_id
