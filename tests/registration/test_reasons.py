"""What the program writes into histories is read in the language of the reader."""

from __future__ import annotations

import pytest
from flask_babel import force_locale
from sqlalchemy import insert, select, update

from congress.core.db import db
from congress.core.sentences import said
from congress.delegates import services as delegates
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.vocabulary import DelegationEventKind
from congress.registration.models import Move, Registration
from congress.registration.organising import corrections
from congress.registration.organising.decisions import note
from congress.registration.queries import why_ended
from congress.registration.reasons import _CORRECTED, Reason
from congress.registration.states import State
from tests.factories import HOSTS, NOW, make_registration, the_city, the_congress


def written(registration: Registration, language: str) -> str:
    """The last line of the history as a reader of this language sees it."""
    with force_locale(language):
        return str(db.session.scalar(select(Move.why).where(Move.registration_id == registration.id).order_by(Move.id.desc())))


def test_a_line_written_in_polish_is_read_in_english_and_the_other_way_round(undone):
    made = make_registration()
    values = {name: getattr(made.delegate.person, name) for name in ("title", "email", "language", "phone")}
    values |= {
        name: getattr(made.delegate, name)
        for name in ("organisation", "function", "badge_name", "badge_city", "category", "part")
    }
    with force_locale("pl"):
        corrections.correct(
            made, values | {"given_name": "Zoë", "family_name": "New"}, over_limit=False, actor=HOSTS, now=NOW
        )  # fmt: skip
    english, polish = written(made, "en"), written(made, "pl")
    assert english == "corrected: given name, family name"
    assert (polish.startswith("corrected"), polish.endswith("imię, nazwisko")) == (False, True)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_what_people_wrote_and_rows_of_before_stay_as_they_are(undone, language):
    made = make_registration()
    note(made, HOSTS, NOW, "połączono z numerem 7")
    assert written(made, language) == "połączono z numerem 7"


def test_the_reason_in_a_mail_is_in_the_language_of_the_mail(undone):
    made = make_registration()
    row = {"registration_id": made.id, "before": State.SUBMITTED, "after": made.state, "at": NOW, "by": HOSTS.by}
    db.session.execute(insert(Move).values(row | {"name": "", "why": said("refused")}))
    shown = []
    for language in ("en", "pl"):
        with force_locale(language):
            shown.append(why_ended(made))
    assert shown[0] == "The city’s focal point has not accepted the registration."
    assert len(set(shown)) == 2
    assert all(each.isprintable() for each in shown)


def test_every_code_has_a_sentence_and_every_correction_a_name(undone):
    arguments = {"same": ["4"], "merged": ["4"], "opened": ["travel", "Late flight"], "corrected": list(_CORRECTED)}
    arguments |= {"city": ["Kanazawa", "Łódź"], "session": ["A workshop", "needed there"]}
    made, shown = make_registration(), {}
    for code in Reason.sentences:
        note(made, HOSTS, NOW, said(code, *arguments.get(code, [])))
        shown[code] = written(made, "en")
    unknown = {code: " ".join([code, *arguments.get(code, [])]) for code in shown}
    assert {code for code in shown if shown[code] == unknown[code] or not shown[code].isprintable()} == set()
    assert not any(name in shown["corrected"] for name in _CORRECTED if "_" in name)
    assert (shown["merged"], shown["opened"]) == ("merged with number 4", "form opened: Travel and stay. Late flight")


@pytest.mark.parametrize("kept", ["\x1f", "\x1funknown\x1f4", "\x1fmerged\x1fx", "\x1fmerged", "\x1fopened\x1fhat\x1fno"])
def test_what_no_sentence_fits_is_shown_as_it_is(undone, kept):
    made = make_registration()
    db.session.execute(update(Move).where(Move.registration_id == made.id).values(why=kept))
    assert written(made, "en") == " ".join(kept[1:].split("\x1f"))


def test_a_long_reason_is_cut_and_still_a_sentence(undone):
    made = make_registration()
    note(made, HOSTS, NOW, said("opened", "travel", "x" * 600))
    assert written(made, "en").startswith("form opened: Travel and stay. xxx")


def test_the_code_of_a_letter_is_told_in_the_language_of_the_reader(undone):
    delegation = delegates.delegation_of(the_congress(), the_city("ostersund"))
    assert isinstance(delegation, Delegation)
    with force_locale("pl"):
        delegates.issue_code(delegation, key="k", by="host@krakowice.example", now=NOW)
    chosen = select(DelegationEvent.kind, DelegationEvent.detail).where(DelegationEvent.delegation_id == delegation.id)
    with force_locale("en"):
        assert db.session.execute(chosen).all() == [(DelegationEventKind.INVITED, "code for the letter of invitation")]
