"""``/my/speaker/<token>/`` and what the public sees of it."""

from __future__ import annotations

import io
import re

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from congress.core import vault
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.feeds.services import calendar_token
from congress.programme.documents.models import StoredFile
from congress.programme.people import services
from congress.programme.people.models import Speaker
from congress.programme.services import return_to_release
from congress.registration.services import confirm
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, make_registration, the_congress, the_item
from tests.speaking import MAYORS, picture, put, release, speaker

PUBLIC = "/krakowice2018/speakers/"
PROGRAMME = "/krakowice2018/programme/"


def save(client: FlaskClient, token: str, **data: object) -> int:
    path = f"/my/speaker/{token}/"
    form = {"csrf_token": csrf_token(client, path), "function_en": "Poet", **data}
    return client.post(path, data=form, content_type="multipart/form-data").status_code


def seen(client: FlaskClient, public_id: str) -> tuple[int, int, int, bool, bool, bool, bool]:
    """The speaker's page, photo and page of the calendar; whether the lists, the session and the programme name the speaker.

    The copy of the programme that devices keep never does.
    """
    assert "Nomsa" not in client.get(PROGRAMME, headers={"X-Offline-Copy": "1"}).text
    return (
        client.get(f"{PUBLIC}{public_id}/").status_code,
        client.get(f"{PUBLIC}{public_id}/photo").status_code,
        client.get("/krakowice2018/calendar/speaker-nomsa-sprecherin/").status_code,
        "Nomsa" in client.get("/krakowice2018/calendar/").text,
        "Nomsa" in client.get(PUBLIC).text,
        "Nomsa" in client.get(f"{PROGRAMME}{MAYORS}").text,
        "Nomsa" in client.get(PROGRAMME).text,
    )


def test_a_speaker_agrees_is_shown_after_the_release_and_gone_at_once_when_withdrawing(app: Flask, client: FlaskClient):
    with app.app_context():
        number, public_id, token = speaker()
        put(number)
        release()
    nothing = (404, 404, 404, False, False, False, False)
    assert seen(client, public_id) == nothing

    photo = (io.BytesIO(picture()), "me.jpg")
    assert save(client, token, may_be_named="y", may_show_photo="y", photo=photo) == 303
    agreed_only = seen(client, public_id)
    with app.app_context():
        release()
    released = seen(client, public_id)
    client.post(f"/my/speaker/{token}/withdraw", data={"csrf_token": csrf_token(client, f"/my/speaker/{token}/")})

    assert (agreed_only, released, seen(client, public_id)) == (nothing, (200, 200, 200, True, True, True, True), nothing)


def test_the_photo_is_ours_not_to_be_sniffed_and_asked_for_again_each_time(app: Flask, client: FlaskClient):
    with app.app_context():
        number, public_id, token = speaker(agrees=True)
        put(number)
        release()
    assert save(client, token, may_be_named="y", may_show_photo="y", photo=(io.BytesIO(picture(kind="PNG")), "me.png")) == 303

    answer = client.get(f"{PUBLIC}{public_id}/photo")

    assert Image.open(io.BytesIO(answer.data)).format == "JPEG"
    headers = {name: answer.headers.get(name) for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")}
    assert headers == {"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
    assert client.get(f"{PUBLIC}{public_id}/photo", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    # Without consent to the photo the page stays, the photo does not; its bytes go when it is deleted.
    assert save(client, token, may_be_named="y") == 303
    assert seen(client, public_id) == (200, 404, 200, True, True, True, True)
    client.post(f"/my/speaker/{token}/photo/delete", data={"csrf_token": csrf_token(client, f"/my/speaker/{token}/")})
    with app.app_context():
        assert (db.session.query(StoredFile).count(), vault.files()) == (0, [])


def test_what_is_no_photo_changes_nothing(app: Flask, client: FlaskClient):
    with app.app_context():
        number, _public_id, token = speaker()
    assert save(client, token, may_be_named="y", photo=(io.BytesIO(b"<svg/>"), "me.svg")) == 422
    with app.app_context():
        kept = db.session.get_one(Speaker, number)
        assert (kept.may_be_named, kept.functions["en"], vault.files()) == (False, "Director", [])


def test_a_link_that_has_ended_says_so_and_one_that_never_was_does_not(app: Flask, client: FlaskClient):
    with app.app_context():
        number, _public_id, token = speaker()
        begin_writing()
        services.renew_link(db.session.get_one(Speaker, number))
        db.session.commit()
    for path in ("", "photo"):
        ended, wrong = client.get(f"/my/speaker/{token}/{path}"), client.get(f"/my/speaker/{'a' * 32}/{path}")
        assert (ended.status_code, wrong.status_code, "Nomsa" in ended.text + wrong.text) == (410, 404, False)


# Public addresses that name a mayor, with the calendar of a delegate that is added to them.
NAMING = ("changes/2/", "changes/1..2/", "schedule.json", "schedule.xml", "calendar/krakowice2018-plenary.ics")


def named(client: FlaskClient, *more: str) -> list[str]:
    """Which addresses name the speaker."""
    paths = [f"/krakowice2018/{path}" for path in (*NAMING, "changes/3/", "changes.atom", f"programme/{MAYORS}")]
    return [path for path in (*paths, *more) if "Nomsa" in client.get(path).text.replace("\r\n ", "")]


def test_calendars_and_schedules_follow_at_once_when_a_speaker_withdraws_and_no_older_release_names_anybody_again(
    app: Flask, client: FlaskClient
):
    with app.app_context():
        number, public_id, token = speaker(agrees=True)
        put(number)
        release()
        begin_writing()
        delegate = make_registration()
        confirm(delegate, actor=HOSTS, now=NOW)
        own = f"/my/calendar/{calendar_token(delegate, key=app.config['SECRET_KEY'], now=NOW)}/krakowice2018.ics"
        db.session.commit()
    feeds = [*(f"/krakowice2018/{path}" for path in NAMING[2:]), own]

    def stamp(path: str) -> tuple[int, str]:
        """SEQUENCE and DTSTAMP of the mayors' session."""
        event = next(
            part for part in client.get(path).text.split("BEGIN:VEVENT") if f"/programme/{MAYORS}" in part.replace("\r\n ", "")
        )
        return int(re.search(r"SEQUENCE:(\d+)", event)[1]), re.search(r"DTSTAMP:(\S+)", event)[1]

    before, etags = named(client, own), {path: client.get(path).headers["ETag"] for path in feeds}
    same = {client.get(path, headers={"If-None-Match": etag}).status_code for path, etag in etags.items()}
    stamps = {path: stamp(path) for path in feeds[2:]}
    client.post(f"/my/speaker/{token}/withdraw", data={"csrf_token": csrf_token(client, f"/my/speaker/{token}/")})
    changed = {client.get(path, headers={"If-None-Match": etag}).status_code for path, etag in etags.items()}

    assert (len(before), same, changed) == (len(NAMING) + 2, {304}, {200})
    assert named(client, own) == []
    for path, (sequence, stamped) in stamps.items():
        assert stamp(path)[0] == sequence + 1
        assert stamp(path)[1] > stamped
    with app.app_context():
        begin_writing()
        the_item(MAYORS).titles = Localised(en="Talks of mayors", pl="Rozmowy burmistrzów")
        db.session.commit()
        release()
        begin_writing()
        return_to_release(the_congress(), 2, note=Localised(en="Back."), by="x", now=NOW)
        db.session.commit()
    assert named(client, own) == []
    assert seen(client, public_id) == (404, 404, 404, False, False, False, False)
