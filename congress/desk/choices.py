"""Lists to choose from that several pages of the desk offer."""

from __future__ import annotations

from flask_babel import gettext as _

from congress.congresses.forms import OccasionForm
from congress.congresses.models import Congress
from congress.core.languages import named
from congress.networks import queries as networks
from congress.networks.models import City, Network
from congress.programme.models import ProgrammeItem
from congress.programme.people import queries as people
from congress.web.filters import by_name, text


def languages(congress: Congress) -> dict[str, str]:
    """The languages of the congress, by code."""
    return named(congress.languages)


def cities(congress: Congress, also: City | None = None) -> list[tuple[str, str]]:
    """Cities of the network and of the hosts by slug, in the order of the reader's language; ``also`` one that may be none of them."""
    found = {each.city.slug: each.city for each in networks.members(congress.network, congress.starts_on)}
    found |= {each.slug: each for each in congress.hosts}
    if also is not None:
        found[also.slug] = also
    return [(each.slug, text(each.names)) for each in by_name(found.values())]


def speakers(congress: Congress) -> list[tuple[str, str]]:
    """Speakers by id, with what tells two of one name apart."""
    return [
        (str(each.id), ", ".join(filter(None, (each.name, text(each.functions), text(each.city.names) if each.city else ""))))
        for each in people.speakers(congress)
    ]


def items(congress: Congress) -> list[tuple[str, str]]:
    """Items of the draft by code."""
    return [(each.code, _named(each)) for each in people.items(congress)]


def _named(item: ProgrammeItem) -> str:
    return f"{item.code} · {text(item.titles)}"


def typed_hosts(form: OccasionForm, network: Network) -> list[City]:
    """The host cities that were typed; where one is not known that stands on the field, and none come back."""
    found = {line: networks.find_city_named(network, line) for line in form.lines_of_hosts}
    cities, unknown = [each for each in found.values() if each], [line for line, city in found.items() if city is None]
    if unknown:
        said = _("“%(typed)s” is not a city that we know. Write its name as on the page of its network.", typed=unknown[0][:60])
        form.add_error("hosts", said)
    elif len({each.id for each in cities}) < len(cities):
        form.add_error("hosts", _("Name each host city once."))
    return [] if form.errors else cities
