"""How two states of a session differ."""

from __future__ import annotations

from congress.programme.proposals import content
from congress.programme.proposals.content import Difference

DRAFT = {
    "titles": {"en": "Literature", "pl": "Literatura"},
    "descriptions": {"en": "To be written"},
    "takes_guests": False,
    "contributors": [{"id": 1, "part": "chair", "name": "Ada Nowa", "minutes": None}],
}


def test_only_what_is_otherwise_is_proposed():
    assert content.changed(DRAFT, {**DRAFT, "takes_guests": True}) == {"takes_guests": True}
    assert content.changed(DRAFT, dict(DRAFT)) == {}
    texts = {**DRAFT, "titles": {"en": "Books", "pl": "Literatura"}, "descriptions": {"pl": "Wkrótce"}}
    assert content.changed(DRAFT, texts) == {"titles": {"en": "Books"}, "descriptions": {"en": "", "pl": "Wkrótce"}}


def test_what_is_proposed_leaves_the_other_languages_as_they_are_by_then():
    now = {**DRAFT, "titles": {"en": "Literature", "pl": "Książki", "fr": "Livres"}}
    wanted = {"titles": {"en": "Books"}, "descriptions": {"en": ""}, "takes_guests": True}
    assert content.merged(now, wanted) == {
        **now, "titles": {"en": "Books", "fr": "Livres", "pl": "Książki"}, "descriptions": {}, "takes_guests": True,
    }  # fmt: skip


def test_texts_are_compared_language_by_language():
    wanted = {"titles": {"pl": "Literatura dziś"}, "descriptions": {"pl": "Wkrótce"}}
    assert content.differences(DRAFT, wanted, languages=["en", "pl"]) == [
        Difference("titles", "pl", "Literatura", "Literatura dziś", "Literatura"),
        Difference("descriptions", "pl", "", "Wkrótce", ""),
    ]


def test_what_the_draft_says_by_now_is_no_difference_and_what_changed_meanwhile_is_named():
    now = {**DRAFT, "takes_guests": True, "titles": {"en": "Books", "pl": "Literatura"}}
    wanted = {"titles": {"en": "Letters"}, "takes_guests": True}
    assert content.differences(now, wanted, then=DRAFT, languages=["en", "pl"]) == [
        Difference("titles", "en", "Books", "Letters", "Literature", is_stale=True)
    ]


def test_a_fingerprint_names_the_state_and_the_proposal_that_waits():
    same = content.fingerprint(dict(reversed(DRAFT.items())))
    assert content.fingerprint(DRAFT) == same
    assert len({same, content.fingerprint(DRAFT, 1), content.fingerprint({**DRAFT, "takes_guests": True})}) == 3


def test_a_name_spelled_better_is_the_same_person_and_another_name_is_not():
    assert content.is_same_person("Lukasz  Zolty", "Łukasz Żółty")
    assert not content.is_same_person("Łukasz Żółty", "Ada Nowa")
