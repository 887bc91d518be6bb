"""What the mails to coordinators say about their proposals."""

from __future__ import annotations

from flask_babel import lazy_gettext

from congress.accounts import queries as accounts
from congress.core.db import db
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme.documents import proposing
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.proposals.models import Proposal
from congress.programme.proposals.services import APPROVED, REJECTED
from congress.programme.vocabulary import ProposalState
from congress.web import filters, links
from congress.web.mail_parts import Content, Mail

_STATES = {APPROVED: ProposalState.APPROVED, REJECTED: ProposalState.REJECTED}


def _content(message: Message) -> Content:
    proposal = db.session.get(Proposal, message.facts["proposal"])
    if proposal is None or proposal.state is not _STATES[message.template]:
        raise NotWanted("the proposal is in another state, or its session was deleted")
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


_DOCUMENT_STATES = {proposing.APPROVED: ProposalState.APPROVED, proposing.REJECTED: ProposalState.REJECTED}


def _document(message: Message) -> Content:
    document = db.session.get(Document, message.facts["document"])
    if document is None or document.proposal is not _DOCUMENT_STATES[message.template]:
        raise NotWanted("the document was taken back or replaced")
    item, account = db.session.get_one(ProgrammeItem, document.item_id), accounts.find_account(message.recipient)
    return Content(
        {
            "congress": item.congress,
            "name": account.name if account else message.recipient,
            "document": filters.text(document.titles),
            "title": filters.text(item.titles),
            "why": document.reason,
            "sessions_link": links.absolute("desk.field_documents.index", congress=item.congress.slug, code=item.code),
        }
    )


CONTENTS = {
    APPROVED: Mail(_content, lazy_gettext("Proposal of a coordinator: approved"), ("name", "title", "sessions_link")),
    REJECTED: Mail(
        _content, lazy_gettext("Proposal of a coordinator: rejected"), ("name", "title", "why", "sessions_link"), needed=("why",)
    ),
    proposing.APPROVED: Mail(
        _document, lazy_gettext("Document of a coordinator: approved"), ("name", "document", "title", "sessions_link")
    ),
    proposing.REJECTED: Mail(
        _document,
        lazy_gettext("Document of a coordinator: rejected"),
        ("name", "document", "title", "why", "sessions_link"),
        needed=("why",),
    ),
}
