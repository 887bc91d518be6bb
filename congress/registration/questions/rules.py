"""Which of the organisers' questions a person is asked, and until when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CONDITIONAL = frozenset({"choice", "choices", "yes_no"})  # kinds whose answers may show another question


@dataclass(frozen=True)
class Rule:
    """What decides about one question. ``step`` is its number in the form; ``shown_if`` the code of another question, empty: always."""

    code: str
    kind: str = "text"
    step: int = 0
    categories: frozenset[str] = frozenset()  # empty: for all
    shown_if: str = ""
    shown_if_value: str = ""
    closes_at: datetime | None = None
    is_retired: bool = False


def is_for(rule: Rule, categories: Collection[str]) -> bool:
    """Whether the question is for a person of these categories; one who has two roles is asked what either is asked."""
    return not rule.is_retired and (not rule.categories or not rule.categories.isdisjoint(categories))


def is_closed(rule: Rule, now: datetime, opened_until: datetime | None = None) -> bool:
    """Half-open as all windows; ``opened_until`` is until when the step was opened for this one person."""
    if rule.closes_at is None or now < rule.closes_at:
        return False
    return opened_until is None or opened_until <= now


def is_shown(rule: Rule, rules: Mapping[str, Rule], answers: Mapping[str, Any]) -> bool:
    """Whether the answers given so far show the question; a question that is itself not shown shows no other."""
    seen = set()
    while rule.shown_if:
        above = rules.get(rule.shown_if)
        if above is None or rule.code in seen or not fits(answers.get(above.code), rule.shown_if_value):
            return False
        seen.add(rule.code)
        rule = above
    return True


def fits(answer: Any, wanted: str) -> bool:
    """Whether an answer is the one that a condition names: among several choices one of them, yes and no as words."""
    if isinstance(answer, bool):
        return wanted == ("yes" if answer else "no")
    return wanted in answer if isinstance(answer, list) else answer is not None and answer == wanted


def circle(rules: Iterable[Rule]) -> list[str]:
    """Codes of questions that wait for each other's answers; empty if there are none."""
    above = {rule.code: rule.shown_if for rule in rules}
    for code in above:
        way = [code]
        while (code := above.get(code, "")) and code not in way:
            way.append(code)
        if code:
            return way[way.index(code) :]
    return []


def asked_too_early(rules: Iterable[Rule]) -> list[tuple[str, str]]:
    """Pairs of codes: a question on an earlier page than the one whose answer shows it."""
    known = {rule.code: rule for rule in rules}
    return [
        (rule.code, rule.shown_if) for rule in known.values() if rule.shown_if in known and rule.step < known[rule.shown_if].step
    ]
