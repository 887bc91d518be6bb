"""The address of a calendar as a reader wants it, and the pages of programs that subscribe to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from congress.core.languages import LANGUAGES
from congress.web import links

BOTH = "both"
# What a page offers, by the name in its own address; the names in a calendar's address are those of feeds.options.
OFFERED = {
    "alarm": ("5", "15", "30", "60", "1440"),
    "free": ("0", "1"),
    "tbc": ("1",),
    "deadlines": ("1",),
}
PUBLIC = ("language", "alarm", "free", "tbc")
OWN = ("language", "alarm", "deadlines")
OF_OTHERS = ("language", "alarm")


@dataclass(frozen=True)
class Choice:
    """What a reader has chosen on a page, as it stands in the page's address; an empty value leaves it to the calendar."""

    language: str = ""
    alarm: str = ""
    free: str = ""
    tbc: str = ""
    deadlines: str = ""

    @property
    def is_any(self) -> bool:
        return self != Choice()

    def options(self, offered: Collection[str], *, reads: str, otherwise: str) -> dict[str, str]:
        """The options in a calendar's address. ``reads`` is the reader's language, ``otherwise`` what the calendar speaks by itself."""
        language = self.language or reads
        if language == BOTH:
            language = ",".join([reads, *(code for code in LANGUAGES if code != reads)])
        found = {"lang": language} if language != otherwise else {}
        return found | {name: getattr(self, name) for name in offered if name != "language" and getattr(self, name)}


def offers(name: str) -> tuple[str, ...]:
    """What a page offers under this name."""
    return (*LANGUAGES, BOTH) if name == "language" else OFFERED[name]


def chosen(asked: Mapping[str, str], offered: Collection[str]) -> Choice:
    """The reader's choice; what is not offered counts as not chosen."""
    return Choice(**{name: asked[name] for name in offered if asked.get(name) in offers(name)})


@dataclass(frozen=True)
class Subscription:
    """A calendar's https address, the name that programs propose for it, and their addresses that subscribe to it."""

    address: str
    name: str

    @property
    def webcal(self) -> str:
        return links.webcal(self.address)

    @property
    def google(self) -> str:
        return links.google(self.address)

    @property
    def outlook(self) -> str:
        return links.outlook(self.address, self.name)

    @property
    def office(self) -> str:
        return links.outlook(self.address, self.name, host="outlook.office.com")


def subscription(address: str, name: str, options: Mapping[str, str]) -> Subscription:
    """The calendar at ``address`` with these options."""
    return Subscription(links.with_options(address, options), name)
