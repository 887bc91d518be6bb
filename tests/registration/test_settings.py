"""Settings of a congress and members of a network are written alike on both databases."""

from __future__ import annotations

from datetime import date, timedelta

from congress.congresses.settings import Settings
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import Window
from congress.networks import members, queries
from congress.networks.members import CityFacts, MemberFacts
from congress.networks.vocabulary import CityKind, Level, Precision
from congress.programme import queries as programme
from congress.registration import settings
from tests.factories import NOW, the_city, the_congress, the_network, utc


def test_hosts_change_places_and_deadlines_keep_their_times_of_day_in_another_zone(undone: None):
    congress = the_congress()
    window = Window(congress_id=congress.id, closes_at=utc(2018, 5, 20, 22))
    db.session.add(window)
    starts = {each.uid: each.starts_at for each in programme.placements(congress) if each.starts_at}
    same = {name: getattr(congress, name) for name in Settings.__dataclass_fields__}
    wanted = Settings(**{**same, "timezone": "Asia/Seoul"})
    moved = settings.change_settings(
        congress, wanted, [the_city("katowice"), the_city("krakow")], with_draft=False, by="somebody", now=NOW
    )
    db.session.expire_all()
    assert [each.slug for each in the_congress().hosts] == ["katowice", "krakow"]
    assert (window.closes_at, moved) == (utc(2018, 5, 20, 15), len(starts))
    now_at = {each.uid: each.starts_at for each in programme.placements(the_congress()) if each.starts_at}
    assert now_at == {uid: at - timedelta(hours=7) for uid, at in starts.items()}


def test_a_city_is_of_the_network_once_at_a_time(undone: None):
    facts = CityFacts(names=Localised(en="Gdynia"), kind=CityKind.CITY, country="PL", point=None, population=None)
    member = MemberFacts(
        level=Level.MEMBER, national_network="", took_index=False, since=date(2019, 1, 1), precision=Precision.YEAR, until=None,
        field=None, field_since=None,
    )  # fmt: skip
    made = members.add_member(the_network(), facts, member)
    refused = []
    for change in (lambda: members.add_member(the_network(), facts, member), lambda: members.change_member(made, member)):
        try:
            change()
        except members.CannotBe as refusal:
            refused.append(refusal.field)
    assert refused == ["name_en"]
    found = queries.find_membership(the_network(), the_city("gdynia"), date(2019, 1, 1))
    assert (found, queries.find_membership(the_network(), the_city("gdynia"), date(2018, 12, 31))) == (made, None)
