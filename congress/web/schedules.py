"""What a schedule of the c3voc says of a congress, and its words in a language."""

from __future__ import annotations

from flask_babel import gettext as _

from congress.congresses.models import Congress, CongressKind
from congress.core.kept import remembered
from congress.core.text import first_upper
from congress.feeds import schedule
from congress.web import feed_words, links
from congress.web.language import speaking


def conference(congress: Congress, language: str) -> schedule.Conference:
    return schedule.Conference(
        slug=congress.slug,
        name=congress.names.text(language),
        description=congress.long_names.text(language),
        starts_on=congress.starts_on,
        ends_on=congress.ends_on,
        timezone=congress.timezone,
        site=links.site_url(),
        url=links.absolute("public.home.show", congress=congress.slug),
        page=links.absolute("public.programme.show", congress=congress.slug, code="CODE"),
    )


@remembered
def words(language: str, kind: CongressKind) -> schedule.Words:
    said = feed_words.words(language, kind)
    with speaking(language, kind):
        nowhere = first_upper(_("place to be confirmed"))
    return schedule.Words(
        language=language,
        fields=said.fields,
        audiences={audience: first_upper(name) for audience, name in said.audiences.items()},
        open_end=said.open_end,
        nowhere=nowhere,
        website=said.website,
        stream=said.stream,
    )
