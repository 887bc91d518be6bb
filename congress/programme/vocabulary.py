"""The fixed words of a programme."""

from enum import StrEnum

from flask_babel import lazy_gettext as _


class Kind(StrEnum):
    """What a programme item is."""

    PLENARY = "plenary"
    SUBGROUP = "subgroup"
    MAYORS = "mayors"
    INTEGRATION = "integration"
    WORKSHOP = "workshop"
    PANEL = "panel"
    CITY_PRESENTATION = "city_presentation"
    NETWORKING = "networking"
    CEREMONY = "ceremony"
    STEERING = "steering"
    REGISTRATION = "registration"
    BREAK = "break"
    SOCIAL = "social"
    TRANSFER = "transfer"
    VISIT = "visit"
    PRESS = "press"
    DEBATE = "debate"
    ACCOMPANYING = "accompanying"


KIND_LABELS = {
    Kind.PLENARY: _("Plenary"),
    Kind.SUBGROUP: _("Subgroup"),
    Kind.MAYORS: _("Mayors"),
    Kind.INTEGRATION: _("Integration session"),
    Kind.WORKSHOP: _("Workshop"),
    Kind.PANEL: _("Panel"),
    Kind.CITY_PRESENTATION: _("City presentation"),
    Kind.NETWORKING: _("Networking"),
    Kind.CEREMONY: _("Ceremony"),
    Kind.STEERING: _("Steering Group"),
    Kind.REGISTRATION: _("Registration desk"),
    Kind.BREAK: _("Break"),
    Kind.SOCIAL: _("Social programme"),
    Kind.TRANSFER: _("Transfer"),
    Kind.VISIT: _("Visit"),
    Kind.PRESS: _("Press"),
    Kind.DEBATE: _("Debate"),
    Kind.ACCOMPANYING: _("Accompanying event"),
}

# What gatherings for those whom cities name do not have: there are no mayors among them, and no bodies of the network.
_OF_CONGRESSES = frozenset({Kind.MAYORS, Kind.SUBGROUP, Kind.INTEGRATION, Kind.STEERING})
KINDS = dict.fromkeys(("study_visit", "seminar", "expert_meeting"), tuple(each for each in Kind if each not in _OF_CONGRESSES))


class Audience(StrEnum):
    """For whom an item is."""

    EVERYONE = "everyone"
    DELEGATES = "delegates"
    FIELD = "field"
    INVITATION = "invitation"


AUDIENCE_LABELS = {
    Audience.EVERYONE: _("open to the public"),
    Audience.DELEGATES: _("delegates only"),
    Audience.FIELD: _("delegates of the field"),
    Audience.INVITATION: _("by invitation"),
}


class Timing(StrEnum):
    """How exactly the time of a placement is known."""

    TIMED = "timed"
    ALL_DAY = "all_day"
    TO_BE_CONFIRMED = "to_be_confirmed"


class Ticketing(StrEnum):
    """How one gets into a public event."""

    FREE = "free"
    TICKETED = "ticketed"
    UNKNOWN = "unknown"


TICKETING_LABELS = {
    Ticketing.FREE: _("free"),
    Ticketing.TICKETED: _("ticketed"),
    Ticketing.UNKNOWN: _("admission to be confirmed"),
}


class Part(StrEnum):
    """What a person does in an item."""

    SPEAKER = "speaker"
    CHAIR = "chair"
    INTERPRETER = "interpreter"
    COORDINATOR = "coordinator"
    MAYOR = "mayor"


PART_LABELS = {
    Part.SPEAKER: _("Speaker"),
    Part.CHAIR: _("Chair"),
    Part.INTERPRETER: _("Interpreter"),
    Part.COORDINATOR: _("Coordinator"),
    Part.MAYOR: _("Mayor"),
}
SERVING_PARTS = (Part.INTERPRETER,)  # named on day sheets, not in the programme


class Action(StrEnum):
    """What a change of the draft did."""

    CREATED = "created"
    EDITED = "edited"
    PLACED = "placed"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    DELETED = "deleted"
    IMPORTED = "imported"
    APPROVED = "approved"


class ProposalState(StrEnum):
    """What has become of a coordinator's proposal."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    REPLACED = "replaced"


class OfferingKind(StrEnum):
    """What a city offers to present."""

    PROJECT = "project"
    GOOD_PRACTICE = "good_practice"


class OfferingState(StrEnum):
    """What has become of an offering."""

    OFFERED = "offered"
    CHOSEN = "chosen"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PlanState(StrEnum):
    """What has become of a planned release."""

    WAITING = "waiting"
    RELEASED = "released"
    FAILED = "failed"
    STOPPED = "stopped"
