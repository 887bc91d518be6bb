"""What a calendar's address may ask for: ``?lang=en,pl&alarm=15&free=1``. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

LONGEST_ALARM = 10_080  # minutes: a week


@dataclass(frozen=True)
class Options:
    """What a subscriber asks for.

    ``languages``: the first is the reader's; two make titles bilingual. ``alarm``: minutes before the start.
    ``is_free``: whether entries leave the reader free, None as the feed does by itself. ``form``: ``ics`` or ``jcal``.
    """

    languages: tuple[str, ...]
    with_unconfirmed: bool = False
    with_deadlines: bool = False
    alarm: int | None = None
    is_free: bool | None = None
    form: str = "ics"


class WrongOption(ValueError):
    """The address asks for something that there is not; ``option`` is its name."""

    def __init__(self, option: str) -> None:
        super().__init__(option)
        self.option = option


def read_options(asked: Iterable[tuple[str, str]], *, otherwise: str, known: Collection[str], takes: Collection[str]) -> Options:
    """The options of an address. ``otherwise`` is the language if none is asked for, ``takes`` what this feed understands.

    Raises WrongOption for an unknown or repeated option, and for a wrong value.
    """
    given: dict[str, str] = {}
    for name, value in asked:
        if name not in takes or name in given:
            raise WrongOption(name)
        given[name] = value
    languages = tuple(given.get("lang", otherwise).split(","))
    if len(set(languages)) != len(languages) or not set(languages) <= set(known):
        raise WrongOption("lang")
    for name in ("tbc", "deadlines"):
        if given.get(name, "1") != "1":
            raise WrongOption(name)
    if given.get("free", "1") not in {"0", "1"}:
        raise WrongOption("free")
    if given.get("format", "ics") not in {"ics", "jcal"}:
        raise WrongOption("format")
    return Options(
        languages=languages,
        with_unconfirmed="tbc" in given,
        with_deadlines="deadlines" in given,
        alarm=_minutes(given["alarm"]) if "alarm" in given else None,
        is_free=given["free"] == "1" if "free" in given else None,
        form=given.get("format", "ics"),
    )


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= LONGEST_ALARM):
        raise WrongOption("alarm")
    return int(text)
