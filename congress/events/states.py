"""Where a sign-up and a subscriber are."""

from enum import StrEnum

from flask_babel import lazy_gettext as _


class SignUpState(StrEnum):
    """Where a sign-up of the public is. An unconfirmed one keeps its places for a while and lapses."""

    UNCONFIRMED = "unconfirmed"
    TAKEN = "taken"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


SIGN_UP_LABELS = {
    SignUpState.UNCONFIRMED: _("waits for the mailed link"),
    SignUpState.TAKEN: _("has places"),
    SignUpState.WAITING: _("on the waiting list"),
    SignUpState.OFFERED: _("places are offered"),
    SignUpState.CANCELLED: _("cancelled"),
    SignUpState.LAPSED: _("lapsed"),
}
ENDED = frozenset({SignUpState.CANCELLED, SignUpState.LAPSED})
CONFIRMED = frozenset({SignUpState.TAKEN, SignUpState.OFFERED, SignUpState.WAITING})  # the mailed link was followed


class Way(StrEnum):
    """How somebody of the public gets into an item of the programme, as far as sign-ups know."""

    NOT_PUBLIC = "not_public"
    CANCELLED = "cancelled"
    OVER = "over"
    TICKETS = "tickets"
    NO_SIGN_UP = "no_sign_up"
    CLOSED = "closed"
    OPEN = "open"


WAY_LABELS = {
    Way.NOT_PUBLIC: _("not open to the public"),
    Way.CANCELLED: _("cancelled"),
    Way.OVER: _("over"),
    Way.TICKETS: _("tickets elsewhere"),
    Way.NO_SIGN_UP: _("no sign-up needed"),
    Way.CLOSED: _("sign-ups closed"),
    Way.OPEN: _("sign-ups open"),
}


class SubscriberState(StrEnum):
    """Where a subscriber of the newsletter is."""

    ASKED = "asked"
    LISTED = "listed"
    LEFT = "left"


SUBSCRIBER_LABELS = {
    SubscriberState.ASKED: _("waits for the mailed link"),
    SubscriberState.LISTED: _("on the list"),
    SubscriberState.LEFT: _("has left the list"),
}
