"""The fixed words of a network: creative fields, levels of membership, offices, regions."""

from enum import StrEnum

from flask_babel import lazy_gettext as _


class Field(StrEnum):
    """The seven creative fields of UCCN in June 2018 (architecture came later)."""

    LITERATURE = "literature"
    MUSIC = "music"
    FILM = "film"
    MEDIA_ARTS = "media_arts"
    DESIGN = "design"
    CRAFTS_AND_FOLK_ART = "crafts_and_folk_art"
    GASTRONOMY = "gastronomy"


FIELD_LABELS = {
    Field.LITERATURE: _("Literature"),
    Field.MUSIC: _("Music"),
    Field.FILM: _("Film"),
    Field.MEDIA_ARTS: _("Media Arts"),
    Field.DESIGN: _("Design"),
    Field.CRAFTS_AND_FOLK_ART: _("Crafts and Folk Art"),
    Field.GASTRONOMY: _("Gastronomy"),
}


class ContactKind(StrEnum):
    """The four standing contacts of a member city (domain notes, section 2)."""

    MAYOR = "mayor"
    REPRESENTATIVE = "representative"
    MAIN = "main"
    ALTERNATE = "alternate"


CONTACT_LABELS = {
    ContactKind.MAYOR: _("mayor"),
    ContactKind.REPRESENTATIVE: _("representative of the mayor"),
    ContactKind.MAIN: _("main contact (focal point)"),
    ContactKind.ALTERNATE: _("alternate contact"),
}

# Who is written to first: the person whose work it is.
CONTACT_ORDER = (ContactKind.MAIN, ContactKind.ALTERNATE, ContactKind.REPRESENTATIVE, ContactKind.MAYOR)


class Level(StrEnum):
    """How a city belongs to a network."""

    MEMBER = "member"
    NATIONAL_NETWORK = "national_network"
    INDEX_ONLY = "index_only"
    INITIATOR = "initiator"
    PARTNER = "partner"


LEVEL_LABELS = {
    Level.MEMBER: _("member city"),
    Level.NATIONAL_NETWORK: _("member of a national network"),
    Level.INDEX_ONLY: _("index only, not a member"),
    Level.INITIATOR: _("initiator and coordinator"),
    Level.PARTNER: _("partner city"),
}

# Levels that make a city a member whose delegation takes part in a congress of the network.
MEMBER_LEVELS = (Level.MEMBER, Level.NATIONAL_NETWORK, Level.INITIATOR, Level.PARTNER)


class Precision(StrEnum):
    """How exactly the start of a membership is known: the day, its year (the day is 1 January), or only a year it came after."""

    DAY = "day"
    YEAR = "year"
    AFTER = "after"


class CityKind(StrEnum):
    """What a member is: the Council of Europe's network also has cantons, islands and unions of municipalities."""

    CITY = "city"
    REGION = "region"
    UNION = "union"


CITY_KIND_LABELS = {
    CityKind.CITY: _("city"),
    CityKind.REGION: _("region, canton or island"),
    CityKind.UNION: _("union of municipalities"),
}


class OfficeKind(StrEnum):
    """Offices that a city, or an institution in it, holds for a time."""

    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    STEERING_GROUP = "steering_group"
    NETWORK_COORDINATOR = "network_coordinator"
    LOCAL_OPERATOR = "local_operator"


OFFICE_LABELS = {
    OfficeKind.COORDINATOR: _("subnetwork coordinator"),
    OfficeKind.DEPUTY: _("deputy subnetwork coordinator"),
    OfficeKind.STEERING_GROUP: _("Steering Group"),
    OfficeKind.NETWORK_COORDINATOR: _("coordinator of the network"),
    OfficeKind.LOCAL_OPERATOR: _("local culture operator"),
}


class Region(StrEnum):
    """UNESCO's regional groups."""

    AFRICA = "africa"
    ARAB_STATES = "arab_states"
    ASIA_PACIFIC = "asia_pacific"
    EUROPE_NORTH_AMERICA = "europe_north_america"
    LATIN_AMERICA_CARIBBEAN = "latin_america_caribbean"


REGION_LABELS = {
    Region.AFRICA: _("Africa"),
    Region.ARAB_STATES: _("Arab States"),
    Region.ASIA_PACIFIC: _("Asia and the Pacific"),
    Region.EUROPE_NORTH_AMERICA: _("Europe and North America"),
    Region.LATIN_AMERICA_CARIBBEAN: _("Latin America and the Caribbean"),
}
