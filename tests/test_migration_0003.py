"""What the third migration does with rows that are there."""

from __future__ import annotations

import flask_migrate
import pytest
import sqlalchemy as sa

from congress.core.db import db
from tests.test_migrations import _AT, _MESSAGE, ROWS_OF_0001, differences, insert, rows, stored_checks

NEW_IN_0003 = {
    "bookings": {"state": "taken", "offered_until": None},
    "congresses": {"max_people": None, "offer_hours": None, "silent_days": 14},
    "delegates": {
        "part": "member", "badge_name": "", "badge_city": "", "working_language": "en", "also": [], "needs_interpretation": False,
        "in_mayors_session": False, "speaks": False, "speech_title": "", "remark": "",
    },
    "delegations": {
        "state": "not_invited", "link_version": 1, "link_digest": None, "code_digest": None, "focal_name": "", "focal_email": "",
        "focal_language": "en", "invited_at": None, "opened_at": None, "active_at": None, "submitted_at": None,
        "decline_reason": "", "max_override": None, "min_override": None, "limit_reason": "", "version": 1,
    },
    "messages": {"congress_id": None, "about": ""},
    "people": {"title": "", "pronouns": "", "phone": ""},
    "programme_items": {
        "offer_hours": None, "takes_guests": False, "public_places": None, "takes_sign_ups": False, "sign_ups_close_at": None,
        "most_per_sign_up": 4,
    },
    "registrations": {
        "badge_code": None, "queued_at": None, "offered_until": None, "awaits_focal_point": False, "steps_done": [],
        "erasure_asked_at": None, "erased_at": None, "replaces_id": None, "version": 1,
    },
}  # fmt: skip
# Columns whose new values are other ones in each row.
_OWN = {"public_id", "holds_place", "started_at", "searched", "sorted_as"}


@pytest.fixture
def filled(new_app):
    """A database of 0002 with rows; what they are."""
    with new_app().app_context():
        flask_migrate.upgrade(revision="0001")
        for table, row in ROWS_OF_0001:
            insert(table, row)
        flask_migrate.upgrade(revision="0002")
        yield rows()


def test_rows_are_kept_and_get_the_right_new_values(filled):
    flask_migrate.upgrade(revision="0003")
    after = rows()
    for table, found in filled.items():
        own = [{key: value for key, value in row.items() if key not in _OWN or key in found[0]} for row in after[table]]
        assert own == [row | NEW_IN_0003.get(table, {}) for row in found], table
    assert [(row["holds_place"], row["started_at"] == row["submitted_at"]) for row in after["registrations"]] == [
        (True, True),
        (False, True),
    ]
    assert [len(row["public_id"]) for row in after["delegations"]] == [36]
    flask_migrate.upgrade()
    assert differences() == []


def test_rows_survive_the_way_back_and_a_second_upgrade(filled):
    flask_migrate.upgrade(revision="0003")
    flask_migrate.downgrade(revision="0002")
    assert {table: found for table, found in rows().items() if table in filled} == filled
    flask_migrate.upgrade(revision="0003")
    flask_migrate.upgrade()
    assert differences() == []


_REGISTRATION = {
    "congress_id": 5, "state": "submitted", "holds_place": True, "link_version": 1, "started_at": _AT, "submitted_at": _AT,
    "awaits_focal_point": False, "steps_done": "[]", "version": 1, "id": 30, "public_id": "p-30", "delegate_id": 8,
    "identity": "c", "submission_key": "s-30", "link_digest": "l-30",
}  # fmt: skip


def more_columns(row: dict[str, object]) -> dict[str, object]:
    """With the columns that later work adds and that may not be empty."""
    present = {column["name"] for column in sa.inspect(db.engine).get_columns("registrations")}
    return row | {name: "" for name in ("searched", "sorted_as") if name in present}


_NEVER: list[dict[str, object]] = [
    {"state": "other"},
    {"state": "rejected"},  # with a place
    {"state": "waiting"},  # with a place and no offer
    {"holds_place": False},  # registered without a place
    {"identity": "a", "delegate_id": 8},  # sent already by the one who is confirmed
    {"delegate_id": 7},  # who has a live one
]


def test_what_must_never_be_is_refused_after_the_upgrade(filled):
    flask_migrate.upgrade(revision="0003")
    for changes in _NEVER:
        with pytest.raises(sa.exc.IntegrityError):
            insert("registrations", more_columns(_REGISTRATION | changes))


def test_the_way_back_leaves_what_0002_can_hold(filled):
    flask_migrate.upgrade(revision="0003")
    insert("registrations", more_columns(_REGISTRATION | {"state": "waiting", "holds_place": False, "submitted_at": None}))
    insert("bookings", {"id": 31, "registration_id": 17, "item_id": 10, "state": "waiting", "booked_at": _AT})
    insert("roles", {"id": 32, "account_id": 2, "kind": "registration_desk", "congress_id": 5})
    insert("messages", _MESSAGE | {"id": 33, "key": "k-33", "state": "sent", "congress_id": 5, "about": "registration:17"})
    flask_migrate.downgrade(revision="0002")
    after = rows()
    assert [(row["id"], row["state"]) for row in after["registrations"]] == [
        (17, "confirmed"),
        (18, "cancelled"),
        (30, "cancelled"),
    ]
    assert ([row["id"] for row in after["bookings"]], after["roles"]) == ([19], [])
    taken_back = stored_checks()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision="0002")
    assert taken_back == stored_checks()
