"""How services of sign-ups say no."""

from congress.core.errors import CongressError


class SignUpsClosed(CongressError):
    """The event takes no sign-ups now."""


class SignUpEnded(CongressError):
    """The sign-up was cancelled or has lapsed."""


class NoSeats(CongressError):
    """There are not so many free places."""


class OfferEnded(CongressError):
    """The places that were offered have gone to somebody else."""
