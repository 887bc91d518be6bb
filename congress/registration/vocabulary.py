"""The fixed words of registration."""

from enum import StrEnum

from flask_babel import lazy_gettext as _

from congress.registration.delegations.pasting import Wrong
from congress.registration.missing import Missing
from congress.registration.states import State

STATE_LABELS = {
    State.INVITED: _("invited"),
    State.STARTED: _("started, not sent yet"),
    State.SUBMITTED: _("received, to be confirmed by the hosts"),
    State.WAITING: _("on the waiting list"),
    State.CONFIRMED: _("confirmed"),
    State.CHECKED_IN: _("checked in"),
    State.REJECTED: _("not accepted"),
    State.CANCELLED: _("withdrawn"),
    State.REPLACED: _("replaced by another person"),
}


class By(StrEnum):
    """Who moved a registration."""

    PERSON = "person"
    FOCAL_POINT = "focal_point"
    ORGANISER = "organiser"
    SYSTEM = "system"


BY_LABELS = {
    By.PERSON: _("the person"),
    By.FOCAL_POINT: _("the city’s focal point"),
    By.ORGANISER: _("the organisers"),
    By.SYSTEM: _("the program"),
}


class ConsentKind(StrEnum):
    """What a person agrees to, each on its own."""

    PRIVACY = "privacy"
    PARTICIPANT_LIST = "participant_list"
    PARTICIPANT_LIST_PUBLIC = "participant_list_public"
    PHOTOS = "photos"
    HOTEL = "hotel"
    NEWSLETTER = "newsletter"


CONSENT_LABELS = {
    ConsentKind.PRIVACY: _("I have read how my data are used and agree to their use for organising the congress."),
    ConsentKind.PARTICIPANT_LIST: _("My name and city may appear in the list of participants that other delegates see."),
    ConsentKind.PARTICIPANT_LIST_PUBLIC: _("My name and city may appear in the list of participants that everybody can see."),
    ConsentKind.PHOTOS: _("Photographs and films on which I can be recognised may be published in reports of the congress."),
    ConsentKind.HOTEL: _("My name and the dates of my stay may be given to the hotel that the hosts work with."),
    ConsentKind.NEWSLETTER: _("Send me the newsletter of the hosts."),
}
CONSENT_VERSION = "2018-06"  # changes whenever one of these sentences does


class BookingState(StrEnum):
    """Where a person is with an item that was chosen."""

    TAKEN = "taken"
    OFFERED = "offered"  # a freed place is kept until the offer ends
    WAITING = "waiting"
    ASKED = "asked"  # a guest of another field, until its coordinator agrees


HOLDS_PLACE = (BookingState.TAKEN, BookingState.OFFERED)


class StationKind(StrEnum):
    """Where one arrives and leaves."""

    KRK = "krk"
    KTW = "ktw"
    KRAKOW_STATION = "krakow_station"
    KATOWICE_STATION = "katowice_station"
    OTHER = "other"


STATION_LABELS = {
    StationKind.KRK: _("Kraków Airport (KRK)"),
    StationKind.KTW: _("Katowice Airport (KTW)"),
    StationKind.KRAKOW_STATION: _("Kraków main station"),
    StationKind.KATOWICE_STATION: _("Katowice station"),
    StationKind.OTHER: _("elsewhere, or by car"),
}


class RoomKind(StrEnum):
    """Which hotel room."""

    SINGLE = "single"
    TWIN = "twin"
    NONE = "none"


ROOM_LABELS = {
    RoomKind.SINGLE: _("single room"),
    RoomKind.TWIN: _("twin room"),
    RoomKind.NONE: _("I need no hotel"),
}


class QuestionKind(StrEnum):
    """What an organiser's question asks for."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DATE = "date"
    TIME = "time"
    COUNTRY = "country"
    FILE = "file"


QUESTION_LABELS = {
    QuestionKind.TEXT: _("text in one line"),
    QuestionKind.LONG_TEXT: _("longer text"),
    QuestionKind.NUMBER: _("number"),
    QuestionKind.CHOICE: _("one of several"),
    QuestionKind.CHOICES: _("any of several"),
    QuestionKind.YES_NO: _("yes or no"),
    QuestionKind.DATE: _("date"),
    QuestionKind.TIME: _("time"),
    QuestionKind.COUNTRY: _("country"),
    QuestionKind.FILE: _("file"),
}


class Retention(StrEnum):
    """How long data are kept, in days after the congress; ``KEPT`` with the registration."""

    PASSPORT = "passport"
    NEEDS = "needs"
    TRAVEL = "travel"
    KEPT = "kept"


RETENTION_DAYS = {Retention.PASSPORT: 30, Retention.NEEDS: 30, Retention.TRAVEL: 90, Retention.KEPT: None}
RETENTION_LABELS = {
    Retention.PASSPORT: _("30 days after the congress, as passport data"),
    Retention.NEEDS: _("30 days after the congress, as needs"),
    Retention.TRAVEL: _("90 days after the congress, as travel"),
    Retention.KEPT: _("as long as the registration"),
}

MISSING_LABELS = {
    Missing.TRAVEL: _("arrival and departure"),
    Missing.NIGHTS: _("nights"),
    Missing.LETTER: _("data for the invitation letter"),
    Missing.NEEDS: _("dietary and access needs"),
    Missing.SESSIONS: _("choice of sessions"),
    Missing.CONSENTS: _("consents"),
}

WRONG_LABELS = {
    Wrong.NEEDED: _("This is missing."),
    Wrong.TOO_LONG: _("This is too long."),
    Wrong.UNPRINTABLE: _("There are invisible control characters in it."),
    Wrong.NO_ADDRESS: _("This is not an e-mail address."),
    Wrong.UNKNOWN_WORD: _("This word is not known here. Use one from the list under the form."),
}
