"""What registration refuses, each with the sentence that says what to do."""

from congress.core.errors import CongressError


class RegistrationClosed(CongressError):
    """It is before the opening or after the closing of the registration."""


class NotAMember(CongressError):
    """The city is not a member of the network on the first day of the congress."""


class RegistrationEnded(CongressError):
    """The registration was withdrawn, not accepted or replaced."""


class CannotMove(CongressError):
    """The registration is not where this can be done."""


class NoPlace(CongressError):
    """A limit is reached."""


class SessionFull(CongressError):
    """All places of the session are taken."""


class CannotChoose(CongressError):
    """The session is not one that this person may add."""


class StepClosed(CongressError):
    """The page of the form cannot be filled in now."""


class NotReady(CongressError):
    """Something is missing before the registration can be sent."""


class NameTaken(CongressError):
    """Another registration of this congress is known by this name and address."""
