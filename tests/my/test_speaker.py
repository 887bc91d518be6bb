"""``/my/speaker/<token>/`` and what the public sees of it."""

from __future__ import annotations

import io

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from congress.core import vault
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.programme.documents.models import StoredFile
from congress.programme.people import services
from congress.programme.people.models import Speaker
from congress.programme.services import return_to_release
from tests.conftest import csrf_token
from tests.factories import NOW, the_congress, the_item
from tests.speaking import MAYORS, picture, put, release, speaker

PUBLIC = "/krakowice2018/speakers/"


def save(client: FlaskClient, token: str, **data: object) -> int:
    path = f"/my/speaker/{token}/"
    form = {"csrf_token": csrf_token(client, path), "function_en": "Poet", **data}
    return client.post(path, data=form, content_type="multipart/form-data").status_code


def seen(client: FlaskClient, public_id: str) -> tuple[int, int, int, bool, bool, bool]:
    """The speaker's page, photo and page of the calendar; whether the lists and the session name the speaker."""
    return (
        client.get(f"{PUBLIC}{public_id}/").status_code,
        client.get(f"{PUBLIC}{public_id}/photo").status_code,
        client.get("/krakowice2018/calendar/speaker-nomsa-sprecherin/").status_code,
        "Nomsa" in client.get("/krakowice2018/calendar/").text,
        "Nomsa" in client.get(PUBLIC).text,
        "Nomsa" in client.get(f"/krakowice2018/programme/{MAYORS}").text,
    )


def test_a_speaker_agrees_is_shown_after_the_release_and_gone_at_once_when_withdrawing(app: Flask, client: FlaskClient):
    with app.app_context():
        number, public_id, token = speaker()
        put(number)
        release()
    nothing = (404, 404, 404, False, False, False)
    assert seen(client, public_id) == nothing

    photo = (io.BytesIO(picture()), "me.jpg")
    assert save(client, token, may_be_named="y", may_show_photo="y", photo=photo) == 303
    agreed_only = seen(client, public_id)
    with app.app_context():
        release()
    released = seen(client, public_id)
    client.post(f"/my/speaker/{token}/withdraw", data={"csrf_token": csrf_token(client, f"/my/speaker/{token}/")})

    assert (agreed_only, released, seen(client, public_id)) == (nothing, (200, 200, 200, True, True, True), nothing)


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
    assert seen(client, public_id) == (200, 404, 200, True, True, True)
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


def test_whoever_has_withdrawn_is_named_of_no_release_and_does_not_come_back_with_an_older_one(app: Flask, client: FlaskClient):
    with app.app_context():
        number, public_id, token = speaker(agrees=True)
        put(number)
        release()

    def named() -> list[str]:
        """The public addresses that name the speaker."""
        paths = [
            "changes/2/",
            "changes/3/",
            "changes/1..2/",
            "changes.atom",
            "schedule.json",
            "calendar/krakowice2018-plenary.ics",
        ]
        return [path for path in paths if "Nomsa" in client.get(f"/krakowice2018/{path}").text.replace("\r\n ", "")]

    before = named()
    client.post(f"/my/speaker/{token}/withdraw", data={"csrf_token": csrf_token(client, f"/my/speaker/{token}/")})
    with app.app_context():
        release()
    after = named()
    with app.app_context():
        begin_writing()
        the_item(MAYORS).titles = Localised(en="Talks of mayors", pl="Rozmowy burmistrzów")
        db.session.commit()
        release()
        begin_writing()
        return_to_release(the_congress(), 2, note=Localised(en="Back."), by="x", now=NOW)
        db.session.commit()

    assert before == ["changes/2/", "changes/1..2/", "schedule.json", "calendar/krakowice2018-plenary.ics"]
    assert (after, named()) == ([], [])
    assert seen(client, public_id) == (404, 404, 404, False, False, False)
