"""What is still missing of what a person has to tell before the congress. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Missing(StrEnum):
    """Something that is missing, in the order in which it is asked for."""

    TRAVEL = "travel"
    NIGHTS = "nights"
    LETTER = "letter"
    NEEDS = "needs"
    SESSIONS = "sessions"
    CONSENTS = "consents"


@dataclass(frozen=True)
class Told:
    """What is known of one person. ``steps_done`` names the steps of the form that the person has been through."""

    category: str
    has_travel: bool = False  # day of arrival and of departure
    has_nights: bool = False  # where each night is spent, or that no hotel is needed
    needs_letter: bool = False
    has_passport: bool = False
    has_needs: bool = False
    has_sessions: bool = False
    has_agreed: bool = False  # to the use of the data
    steps_done: Collection[str] = ()


def missing(told: Told) -> tuple[Missing, ...]:
    """What is missing, in order. Of a mayor nothing is asked but what a letter for the visa needs."""
    letter = told.needs_letter and not told.has_passport
    if told.category == "mayor":
        return (Missing.LETTER,) if letter else ()
    no_sessions = told.category in {"companion", "press"} or told.has_sessions or "sessions" in told.steps_done
    lacks = {
        Missing.TRAVEL: not told.has_travel,
        Missing.NIGHTS: not told.has_nights,
        Missing.LETTER: letter,
        Missing.NEEDS: not (told.has_needs or "needs" in told.steps_done),
        Missing.SESSIONS: not no_sessions,
        Missing.CONSENTS: not told.has_agreed,
    }
    return tuple(each for each, is_missing in lacks.items() if is_missing)
