"""Who works at the demo besides the organiser: a coordinator with a proposal that waits, a press office. Names and words are invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_security import hash_password

from congress.accounts import services as accounts
from congress.accounts.rules import Held, RoleKind
from congress.congresses.models import Congress
from congress.core.localised import Localised
from congress.demo import organiser_password
from congress.networks.vocabulary import Field
from congress.programme.proposals import content, queries, services

COORDINATOR, READER, TEAM = "literature@krakowice.example", "interpreters@krakowice.example", "katowice@krakowice.example"
DOOR, GUARD = "doors@krakowice.example", "privacy@krakowice.example"
SECRETARIAT = "secretariat@krakowice.example"
_PRESS = "press@krakowice.example"
_PRESS_OFFICE = Localised(
    en=f"Paulina Prasowa (invented for this demo)\n{_PRESS}\nEach day from 8:30 at the registration desk: cards, interviews, a quiet room to write in.",
    pl=f"Paulina Prasowa (osoba zmyślona na potrzeby wersji pokazowej)\n{_PRESS}\nCodziennie od 8.30 przy recepcji: akredytacje, wywiady, cichy pokój do pracy.",
)
_PICTURES = Localised(
    en="Pictures may be taken at everything that is open to the press, without flash while somebody is speaking. Please ask before a portrait.",
    pl="Na wydarzeniach otwartych dla prasy można fotografować, podczas wystąpień bez lampy błyskowej. Przed zrobieniem portretu prosimy zapytać.",
)
EVERYBODY = (SECRETARIAT, COORDINATOR, TEAM, READER, DOOR, GUARD)


def add_team(congress: Congress, *, key: str, now: datetime) -> None:
    """A coordinator of literature, a reader of day sheets, somebody at the doors, a data protection officer, an organiser of Katowice's own
    team, and the network's secretariat, all with the organiser's password."""
    hashed_password = hash_password(organiser_password(key))
    for email, name, role in (
        (COORDINATOR, "Lidia Literacka", Held(RoleKind.FIELD_COORDINATOR, congress.id, field=Field.LITERATURE.value)),
        (READER, "Irena Tłumacz", Held(RoleKind.PROGRAMME_READER, congress.id)),
        (DOOR, "Daria Drzwiowa", Held(RoleKind.CHECK_IN, congress.id)),
        (GUARD, "Iwona Inspektorska", Held(RoleKind.DATA_PROTECTION, congress.id)),
        (TEAM, "Karol Katowicki", Held(RoleKind.ORGANISER, congress.id, city="katowice")),
    ):
        accounts.give_role(accounts.create_account(email, name, hashed_password=hashed_password, now=now), role)
    secretary = accounts.create_account(SECRETARIAT, "Sabina Sekretarska", hashed_password=hashed_password, now=now)
    accounts.give_role(secretary, Held(RoleKind.SECRETARIAT, None), network_id=congress.network_id)
    congress.press_offices, congress.photo_terms = _PRESS_OFFICE, _PICTURES
    _propose(congress, now - timedelta(hours=20))


def _propose(congress: Congress, now: datetime) -> None:
    """An agenda for the meeting of the field, in both languages."""
    for session in queries.sessions(congress, [Field.LITERATURE.value]):
        if session.code != "P029":
            continue
        before = queries.values(session)
        agenda = {
            "en": "09:00 Welcome\n09:15 Reports of the cities\n10:45 Residencies for writers: a common programme\n12:00 Elections",
            "pl": "09:00 Powitanie\n09:15 Sprawozdania miast\n10:45 Rezydencje dla pisarzy: wspólny program\n12:00 Wybory",
        }
        services.propose(
            session, {**before, "descriptions": agenda, "takes_guests": True}, seen=content.fingerprint(before),
            remark="Please keep the room until 13:00: the elections may take longer.", by=COORDINATOR, now=now,
        )  # fmt: skip
