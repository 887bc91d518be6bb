"""What is refused about delegations, each with the sentence that says what to do."""

from congress.core.errors import CongressError


class WrongState(CongressError):
    """The delegation is not where this can be done."""


class NobodyToWriteTo(CongressError):
    """No contact of the city has a mail address."""
