"""Random programmes: small ones where everything gets in the way of everything, and large ones as congresses have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from congress.programme.conflicts import Facts, RoomFacts, Slot

WARSAW = ZoneInfo("Europe/Warsaw")
# Nights in which clocks go forward and back, and one in which nothing happens.
FIRST_DAYS = (date(2018, 3, 24), date(2018, 10, 27), date(2018, 6, 12))
KINDS = (
    "plenary", "ceremony", "mayors", "subgroup", "subgroup", "workshop", "workshop", "networking", "social", "city_presentation",
    "steering", "registration", "break", "transfer", "transfer", "visit", "accompanying",
)  # fmt: skip


def seeded(seed: int) -> Random:
    """The same chances for the same seed."""
    return Random(seed)  # noqa: S311


def entangled(random: Random, most: int = 14) -> tuple[list[Slot], Facts]:
    """Up to ``most`` slots in three days, two cities and two rooms, some without a time, all day, cancelled or of impossible length."""
    day = random.choice(FIRST_DAYS)
    midnight = datetime.combine(day, datetime.min.time(), WARSAW).astimezone(UTC)
    slots = [_slot(random, number, day, midnight) for number in range(random.randrange(most + 1))]
    away = midnight + timedelta(hours=random.randrange(48))
    facts = Facts(
        zone=WARSAW,
        starts_on=day,
        ends_on=day + timedelta(days=1),
        now=midnight + timedelta(hours=random.randrange(24)),
        rooms={1: RoomFacts(50, frozenset({"screen"}), True), 2: RoomFacts(20)},
        rooms_closed={1: ((away, away + timedelta(hours=3)),)},
        people_away={"speaker:1": ((away, away + timedelta(hours=5)),)},
        hours={(11, day): (midnight + timedelta(hours=9), midnight + timedelta(hours=random.choice((18, 26)))), (12, day): None},
        between_cities=random.choice((0, 30, 90)),
        between_venues={frozenset({11, 12}): 20, frozenset({11, 21}): 75},
        lone_cities={7: frozenset({"music"}), 8: frozenset({"film"})},
        participants=random.choice((None, 30)),
    )
    return slots, facts


def _slot(random: Random, number: int, day: date, midnight: datetime) -> Slot:
    timing = random.choice(("timed",) * 8 + ("all_day", "to_be_confirmed"))
    first = day + timedelta(days=random.randrange(-1, 3))
    starts_at = midnight + timedelta(minutes=15 * random.randrange(4 * 60))
    length = random.choice((None, -30, 0, 30, 60, 60, 90, 90, 180, 26 * 60))
    ends_at = None if length is None else starts_at + timedelta(minutes=length)
    is_timed = timing == "timed"
    city, venue, room = random.choice(((1, 11, 1), (1, 12, None), (2, 21, 2), (2, 21, None), (1, None, None), (None, None, None)))
    kind = random.choice(KINDS)
    return Slot(
        uid=f"u{random.randrange(10**6)}-{number}",
        item=f"P{random.randrange(12):03}",
        kind=kind,
        timing=timing,
        starts_at=starts_at if is_timed else None,
        ends_at=ends_at if is_timed else None,
        starts_on=None if is_timed else first,
        ends_on=None if is_timed else first + timedelta(days=random.randrange(2)),
        is_cancelled=random.random() < 0.1,
        city=city,
        other_city=(3 - city if city else None) if kind == "transfer" else None,
        venue=venue,
        room=room,
        field=random.choice(("", "music", "film")),
        audience=random.choice(("everyone", "delegates", "delegates", "field", "field", "invitation")),
        people_expected=random.choice((None, 10, 30, 60)),
        seats=random.choice((None, 20, 50)),
        needs=frozenset(random.sample(("screen", "piano"), random.randrange(3))),
        needs_step_free=random.random() < 0.2,
        setup_minutes=random.choice((0, 0, 15, 60)),
        clearing_minutes=random.choice((0, 0, 15)),
        people=tuple(random.sample(("speaker:1", "speaker:2", "mayor:1", "name:jan nowak"), random.randrange(3))),
        cities=frozenset(random.sample((7, 8, 9), random.randrange(2))),
        delegates=frozenset(random.sample(range(5), random.randrange(4))),
        titles={"en": "Title", "pl": random.choice(("Tytuł", "", "T" * 120))},
        described_in=frozenset(random.sample(("en", "pl"), random.randrange(3))),
        was_skipped=random.random() < 0.05,
    )


def large(items: int, *, seed: int = 2018) -> tuple[list[Slot], Facts]:
    """A programme of ten days: a room for every 20 items and half as many people as items, most of it placed well."""
    random = seeded(seed)
    rooms, people = max(5, items // 20), max(10, items // 2)
    first = date(2018, 6, 12)
    midnight = datetime.combine(first, datetime.min.time(), WARSAW).astimezone(UTC)
    fields = ("literature", "music", "film", "media_arts", "design", "crafts_and_folk_art", "gastronomy")
    slots = []
    for number in range(items):
        room = number % rooms
        turn = number // rooms  # of the 20 and more in this room: two a day
        starts_at = midnight + timedelta(days=turn % 10, hours=9 + 4 * (turn // 10 % 3), minutes=15 * random.randrange(4))
        is_field = random.random() < 0.02
        slots.append(
            Slot(
                uid=f"uid-{number}", item=f"P{number:05}", kind="workshop", starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=random.choice((60, 90, 120, 180))),
                city=1 + room % 2, venue=10 + room % 20, room=room, audience="field" if is_field else "delegates",
                field=random.choice(fields) if is_field else "", people_expected=random.choice((20, 40, 80)),
                setup_minutes=random.choice((0, 15)), people=_few(random, "speaker:", people),
                delegates=frozenset(random.sample(range(people), min(people, 3))), titles={"en": "A title", "pl": "Tytuł"},
                described_in=frozenset({"en", "pl"}),
            )
        )  # fmt: skip
    facts = Facts(
        zone=WARSAW, starts_on=first, ends_on=first + timedelta(days=9), now=midnight - timedelta(days=30),
        rooms={room: RoomFacts(random.choice((40, 80, 200))) for room in range(rooms)},
    )  # fmt: skip
    return slots, facts


def _few(random: Random, prefix: str, people: int) -> Sequence[str]:
    return tuple(f"{prefix}{random.randrange(people)}" for _number in range(random.choice((1, 1, 2))))
