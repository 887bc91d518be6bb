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


class SubscriberState(StrEnum):
    """Where a subscriber of the newsletter is."""

    ASKED = "asked"
    LISTED = "listed"
    LEFT = "left"
