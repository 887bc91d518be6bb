"""What a new congress begins with, of those who come."""

from __future__ import annotations

from congress.congresses.models import Congress
from congress.delegates import services
from congress.delegates.services import Terms
from congress.delegates.vocabulary import USUAL_CATEGORIES, Category


def offer_usual_roles(congress: Congress) -> None:
    """Offer in the form only the roles that a congress of this kind usually has; organisers change it among the limits. Flushes."""
    usual = USUAL_CATEGORIES.get(congress.kind, tuple(Category))
    services.set_terms(congress, {each: Terms(is_offered=False) for each in Category if each not in usual})
