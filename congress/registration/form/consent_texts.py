"""The words of each consent, by version: what people have agreed to stays readable when the words change.

A version is never edited once somebody has agreed to it: new words are a new version here, and its name in vocabulary.CONSENT_VERSION.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from congress.congresses.models import Congress, CongressKind
from congress.core.localised import Localised
from congress.registration.vocabulary import CONSENT_VERSION, ConsentKind

_MAY: Mapping[ConsentKind, Localised] = {
    ConsentKind.PRIVACY: Localised(
        en="I have read how my data are used and agree to their use for organising the congress.",
        pl="Znam zasady przetwarzania moich danych i wyrażam zgodę na ich wykorzystanie do organizacji kongresu.",
    ),
    ConsentKind.PARTICIPANT_LIST: Localised(
        en="My name and city may appear in the list of participants that other delegates see.",
        pl="Moje imię, nazwisko i miasto mogą się znaleźć na liście osób uczestniczących, widocznej dla innych delegacji.",
    ),
    ConsentKind.PHOTOS: Localised(
        en="Photographs and films on which I can be recognised may be published in reports of the congress.",
        pl="Wyrażam zgodę na publikację w relacjach z kongresu zdjęć i nagrań z moim wizerunkiem.",
    ),
    ConsentKind.NEWSLETTER: Localised(
        en="Send me the newsletter of the hosts.",
        pl="Chcę otrzymywać biuletyn gospodarzy.",
    ),
}
_JUNE: Mapping[ConsentKind, Localised] = {
    **_MAY,
    ConsentKind.PARTICIPANT_LIST_PUBLIC: Localised(
        en="My name and city may appear in the list of participants that everybody can see.",
        pl="Moje imię, nazwisko i miasto mogą się znaleźć na liście osób uczestniczących, dostępnej dla wszystkich.",
    ),
    ConsentKind.HOTEL: Localised(
        en="My name and the dates of my stay may be given to the hotel that the hosts work with.",
        pl="Moje imię i nazwisko oraz daty pobytu mogą zostać przekazane hotelowi, z którym współpracują gospodarze.",
    ),
}
_JUNE_ELSEWHERE: Mapping[ConsentKind, Localised] = {
    **_JUNE,
    ConsentKind.PRIVACY: Localised(
        en="I have read how my data are used and agree to their use for organising this event.",
        pl="Znam zasady przetwarzania moich danych i wyrażam zgodę na ich wykorzystanie do organizacji tego wydarzenia.",
    ),
    ConsentKind.PARTICIPANT_LIST: Localised(
        en="My name and city may appear in the list of participants that other participants see.",
        pl="Moje imię, nazwisko i miasto mogą się znaleźć na liście osób uczestniczących, widocznej dla innych uczestników.",
    ),
    ConsentKind.PHOTOS: Localised(
        en="Photographs and films on which I can be recognised may be published in reports of this event.",
        pl="Wyrażam zgodę na publikację w relacjach z tego wydarzenia zdjęć i nagrań z moim wizerunkiem.",
    ),
}
_ELSEWHERE = f"{CONSENT_VERSION}-event"
VERSIONS: Mapping[str, Mapping[ConsentKind, Localised]] = {"2018-05": _MAY, "2018-06": _JUNE, _ELSEWHERE: _JUNE_ELSEWHERE}


def version_for(congress: Congress) -> str:
    """The words that hold today: those of congresses, or those for a study visit, a seminar or a meeting."""
    return CONSENT_VERSION if congress.kind is CongressKind.CONGRESS else _ELSEWHERE


def texts(language: str, version: str) -> dict[ConsentKind, str]:
    """What each consent says in this language, in the order in which they are asked."""
    said = VERSIONS[version]
    return {kind: _in(said[kind], language) for kind in ConsentKind if kind in said}


def words(kind: ConsentKind, version: str, language: str) -> str:
    """What was agreed to; empty where the version is not known."""
    return _in(VERSIONS.get(version, {}).get(kind, Localised()), language)


def _in(said: Localised, language: str) -> str:
    """As it is written here; in a further language, which is in force, as its catalogue has the English words."""
    return said.get(language) or (gettext(said.text("en")) if said else "")
