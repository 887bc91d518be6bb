"""What the mails to coordinators say about their proposals."""

from __future__ import annotations

from flask_babel import lazy_gettext

from congress.accounts import queries as accounts
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme.proposals import queries
from congress.programme.proposals.services import APPROVED, REJECTED
from congress.programme.vocabulary import ProposalState
from congress.web import filters, links
from congress.web.mail_parts import Content, Mail

_STATES = {APPROVED: ProposalState.APPROVED, REJECTED: ProposalState.REJECTED}


def _content(message: Message) -> Content:
    proposal = queries.get_proposal(message.facts["proposal"])
    if proposal.state is not _STATES[message.template]:
        raise NotWanted("the proposal is in another state")
    item, account = proposal.item, accounts.find_account(message.recipient)
    return Content(
        {
            "congress": item.congress,
            "name": account.name if account else message.recipient,
            "title": filters.text(item.titles),
            "why": proposal.reason,
            "sessions_link": links.absolute("desk.field.edit", congress=item.congress.slug, code=item.code),
        }
    )


CONTENTS = {
    APPROVED: Mail(_content, lazy_gettext("Proposal of a coordinator: approved"), ("name", "title", "sessions_link")),
    REJECTED: Mail(
        _content, lazy_gettext("Proposal of a coordinator: rejected"), ("name", "title", "why", "sessions_link"), needed=("why",)
    ),
}
