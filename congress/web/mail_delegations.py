"""What each mail to the contacts of a city says."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext

from congress.congresses.models import Congress
from congress.core.localised import Localised
from congress.delegates import queries, rules, services
from congress.delegates.models import Delegation
from congress.delegates.rules import Recipient
from congress.delegates.vocabulary import DelegationState
from congress.networks import queries as networks
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.registration.delegations import city_queries
from congress.registration.delegations import queries as city_people
from congress.registration.delegations.city_queries import Progress
from congress.web import links
from congress.web.mail_parts import Content, Mail

INVITED, RECEIVED, REMINDED, LINK, HANDED_OVER = (
    "delegation_invited",
    "delegation_received",
    "delegation_reminded",
    "delegation_link",
    "delegation_handed_over",
)


def _content(message: Message) -> Content:
    """The link goes only to whom it belongs to now: not to somebody who has handed over, and not after it was revoked."""
    delegation = queries.get_delegation(message.facts["delegation"])
    if delegation.is_revoked:
        raise NotWanted("the link was revoked")
    if message.template == INVITED and delegation.state is DelegationState.DECLINED:
        raise NotWanted("the city has declined")
    progress = city_queries.progress(delegation)
    if message.template == REMINDED and not (delegation.may_be_reminded or (delegation.was_sent and progress.lacks)):
        raise NotWanted("the city has answered")
    if message.recipient.lower() not in {each.email.lower() for each in recipients(delegation)}:
        raise NotWanted("somebody else is the city's contact now")
    token = services.link_token(delegation, current_app.config["SECRET_KEY"])
    return Content(
        _values(
            delegation.congress, delegation.city.names, message.facts["name"], delegation.most, progress,
            links.absolute("my.delegation.show", token=token), was_sent=delegation.was_sent,
        )
    )  # fmt: skip


def _received(message: Message) -> Content:
    """Who is in the delegation now, and who of them waits for a place."""
    content = _content(message)
    people = city_people.people(queries.get_delegation(message.facts["delegation"]))
    placed, waiting = ([each for each in people if each.holds_place is has_place] for has_place in (True, False))
    names = {"named": placed, "waiting": waiting}
    return Content({**content.values, **{name: [each.delegate.person.name for each in of] for name, of in names.items()}})


def recipients(delegation: Delegation) -> list[Recipient]:
    """To whom mails about a delegation may go now."""
    contacts = networks.contacts(delegation.congress.network, [delegation.city_id])
    return rules.recipients(delegation.holder, contacts.get(delegation.city_id, ()))


def _values(
    congress: Congress, city: Localised, name: str, most: int, progress: Progress, link: str, *, was_sent: bool
) -> dict[str, Any]:
    return {
        "congress": congress, "city": city, "name": name, "most": most, "progress": progress, "was_sent": was_sent, "link": link,
    }  # fmt: skip


_NAMES, _CLOSES = ("name", "city", "link", "most"), {"closes": "_delegation_closes"}
CONTENTS = {
    INVITED: Mail(_content, lazy_gettext("Invitation of a city"), _NAMES, _CLOSES, needed=("link",)),
    RECEIVED: Mail(
        _received, lazy_gettext("Delegation received"), ("name", "city", "link"), {"people_named": "_delegation_people"},
        needed=("link",),
    ),
    REMINDED: Mail(
        _content, lazy_gettext("Reminder to a city"), _NAMES,
        _CLOSES | {"headline": "_delegation_reminded_headline", "progress": "_delegation_reminded_progress"}, needed=("progress", "link"),
    ),
    LINK: Mail(_content, lazy_gettext("New link of a delegation"), _NAMES, needed=("link",)),
    HANDED_OVER: Mail(_content, lazy_gettext("Delegation handed over"), _NAMES, needed=("link",)),
}  # fmt: skip


def example(congress: Congress, city: rules.ChasedCity, to: Recipient, progress: Progress | None) -> dict[str, Any]:
    """The values of a mail to this contact, with dots instead of the secret link."""
    return _values(
        congress, city.names, to.name, city.most, progress or Progress(), f"{links.site_url()}/my/delegation/…/",
        was_sent=city.state in rules.WAS_SENT,
    )  # fmt: skip
