"""What mails about sessions say to those who give them, and to organisers whose planned release did not come out."""

from __future__ import annotations

from flask_babel import lazy_gettext

from congress.accounts import queries as accounts
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import db
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme import queries as programme
from congress.programme.people.models import Speaker
from congress.programme.publishing.models import PlannedRelease
from congress.programme.publishing.services import FAILED_TEMPLATE
from congress.registration import speaker_notices
from congress.web import filters, links, mail_registrations
from congress.web.mail_parts import Content, Mail


def _sessions_changed(message: Message) -> Content:
    """To a speaker or a coordinator. The message keeps up to which release it tells: a later one does not tell it again."""
    congress = db.session.get_one(Congress, message.congress_id)
    if "speaker" in message.facts:
        speaker = db.session.get(Speaker, message.facts["speaker"])
        if speaker is None or not speaker.email:
            raise NotWanted("the speaker has left")
        name, recipient = speaker.name, f"speaker-{speaker.id}"
    else:
        account = accounts.get_account(message.facts["account"])
        name, recipient = account.name, f"account-{account.id}"
    news = speaker_notices.news(congress, recipient, message.facts, now=now())
    message.facts = {**message.facts, "up_to": news.up_to}
    if not news.changes:
        raise NotWanted("nothing is left to tell")
    return Content(
        {
            "congress": congress,
            "name": name,
            "note": news.release.notes,
            "is_provisional": programme.released(congress).is_provisional,
            "changes": mail_registrations.told(congress, news.changes),
            "link": links.absolute("public.programme.index", congress=congress.slug),
        }
    )


def _release_failed(message: Message) -> Content:
    plan = db.session.get_one(PlannedRelease, message.facts["plan"])
    congress = db.session.get_one(Congress, plan.congress_id)
    return Content(
        {
            "congress": congress,
            "moment": filters.moment(plan.due_at, congress.zone),
            "why": plan.why_not,
            "link": links.absolute("desk.releases.index", congress=congress.slug),
        }
    )


CONTENTS = {
    speaker_notices.TEMPLATE: Mail(
        _sessions_changed, lazy_gettext("Sessions of speakers and coordinators have changed"),
        ("name", "link", "number_of_changes"),
        {"headline": "_sessions_changed_headline", "how_much": "_sessions_changed_number", "changes": "_changes"}, ("changes",),
    ),
    FAILED_TEMPLATE: Mail(
        _release_failed, lazy_gettext("A planned release did not come out"), ("moment", "why", "link"),
        fixed=lazy_gettext("It goes to organisers only."),
    ),
}  # fmt: skip
