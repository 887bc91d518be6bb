"""Refusals: exceptions that carry the sentence a person reads."""


class CongressError(Exception):
    """A rule said no. The message is one translated sentence that says what to do."""


class NotAllowed(CongressError):
    """The person may not do this."""
