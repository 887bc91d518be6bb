"""Speakers of the demo, the order of the mayors, and what cities offer to present: invented, in the draft and not released."""

from __future__ import annotations

from datetime import datetime

from congress.congresses.models import Congress
from congress.core.localised import Localised
from congress.core.text import fold
from congress.delegates.services import delegation_of
from congress.demo import ORGANISER
from congress.networks import queries as networks
from congress.networks.models import City
from congress.networks.vocabulary import Field
from congress.programme.models import ProgrammeItem
from congress.programme.offerings import services as offerings
from congress.programme.offerings.services import Words as Offered
from congress.programme.people import contributors, queries, services
from congress.programme.people.services import Words
from congress.programme.vocabulary import Kind, OfferingKind, Part

# Cities whose mayors spoke in 2018, with invented names and lives: function in both languages, minutes, who has agreed to be named.
_MAYORS = (
    ("Fiona Hartley-Ross", "edinburgh", "Lord Provost", "Burmistrzyni", 5, True,
     "Taught Scottish literature for twenty years before she stood for the council; opened the city’s libraries on Sundays.",
     "Przez dwadzieścia lat uczyła literatury szkockiej, zanim weszła do rady miasta; otworzyła miejskie biblioteki w niedziele."),
    ("Étienne Valmont", "limoges", "Mayor", "Burmistrz", 5, True,
     "A ceramist by training, he brought the workshops of porcelain makers back to the old town.",
     "Ceramik z wykształcenia, sprowadził pracownie porcelany z powrotem na stare miasto."),
    ("Marina Alencastro", "joao-pessoa", "Deputy mayor", "Zastępczyni burmistrza", 5, False, "", ""),
)  # fmt: skip
_PRESENTED_IN = "P039"  # the session of 2018 in which cities presented completed projects and good practices
_WHERE_NOBODY_IS_NAMED = "fabriano"  # its mayor speaks; who that will be is not known yet
_OFFERED = (
    ("fabriano", OfferingKind.PROJECT, Field.CRAFTS_AND_FOLK_ART, "Paper for every school", "Papier w każdej szkole",
     "Paper makers taught in forty schools; each child made a book.", "Papiernicy uczyli w czterdziestu szkołach; każde dziecko zrobiło książkę.", 10, True),
    ("dundee", OfferingKind.GOOD_PRACTICE, Field.DESIGN, "Designers in the town hall", "Projektanci w ratuszu",
     "Every city department works with a designer for three months.", "Każdy wydział miasta pracuje przez trzy miesiące z projektantem.", 15, True),
    ("mannheim", OfferingKind.PROJECT, Field.MUSIC, "Concerts in backyards", "Koncerty na podwórkach",
     "A hundred concerts in a hundred yards, organised by those who live there.", "Sto koncertów na stu podwórkach, zorganizowanych przez mieszkańców.", 10, False),
)  # fmt: skip


def add_speakers(congress: Congress, *, key: str, now: datetime) -> None:
    """The mayors' session in order, and presentations of which two are chosen."""
    items = queries.items(congress)
    mayors = next((each for each in items if each.kind is Kind.MAYORS), None)
    if mayors is not None:
        _add_mayors(congress, mayors, key=key, now=now)
    presented = next((each for each in items if each.code == _PRESENTED_IN), None)
    for slug, kind, field, en, pl, about_en, about_pl, minutes, is_chosen in _OFFERED:
        city = networks.find_city(slug)
        if city is None:
            continue
        words = Offered(
            kind=kind, field=field, titles=Localised(en=en, pl=pl), descriptions=Localised(en=about_en, pl=about_pl),
            presenter="", minutes=minutes, website="",
        )  # fmt: skip
        offered = offerings.offer(delegation_of(congress, city), words, now=now)
        if is_chosen:
            offerings.choose(offered, presented, minutes=minutes, seen=offered.version, by=ORGANISER, now=now)


def _add_mayors(congress: Congress, item: ProgrammeItem, *, key: str, now: datetime) -> None:
    for name, slug, en, pl, minutes, agrees, life_en, life_pl in _MAYORS:
        city: City | None = networks.find_city(slug)
        mail = f"{fold(name.split()[0])}@{slug}.example"
        words = Words(
            name=name, functions=Localised(en=en, pl=pl), biographies=Localised(en=life_en, pl=life_pl), email=mail, city=city,
        )  # fmt: skip
        speaker = services.add(congress, words)
        services.link_token(speaker, key)
        if agrees:
            services.agree(speaker, may_be_named=True, may_show_photo=False, now=now)
        contributors.add(item, speaker=speaker, city=city, part=Part.MAYOR, minutes=minutes, by=ORGANISER, now=now)
    city = networks.find_city(_WHERE_NOBODY_IS_NAMED)
    contributors.add(item, speaker=None, city=city, part=Part.MAYOR, minutes=5, by=ORGANISER, now=now)
