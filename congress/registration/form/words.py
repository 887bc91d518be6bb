"""The fixed words of the pages of the form."""

from enum import StrEnum

from flask_babel import lazy_gettext as _

# Of the Secretariat, where it takes part; elsewhere people work in the languages of the congress.
WORKING_LANGUAGES = {"en": _("English"), "fr": _("French")}


class Diet(StrEnum):
    """What somebody eats or does not eat."""

    VEGETARIAN = "vegetarian"
    VEGAN = "vegan"
    HALAL = "halal"
    KOSHER = "kosher"
    GLUTEN_FREE = "gluten_free"
    LACTOSE_FREE = "lactose_free"


DIET_LABELS = {
    Diet.VEGETARIAN: _("vegetarian"),
    Diet.VEGAN: _("vegan"),
    Diet.HALAL: _("halal"),
    Diet.KOSHER: _("kosher"),
    Diet.GLUTEN_FREE: _("without gluten"),
    Diet.LACTOSE_FREE: _("without lactose"),
}


class Aid(StrEnum):
    """What somebody needs to take part."""

    WHEELCHAIR = "wheelchair"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    ASSISTANT = "assistant"
    QUIET_ROOM = "quiet_room"


AID_LABELS = {
    Aid.WHEELCHAIR: _("access with a wheelchair"),
    Aid.HEARING_LOOP: _("hearing loop"),
    Aid.SIGN_LANGUAGE: _("sign language interpreter"),
    Aid.ASSISTANT: _("room for an assistant who comes with me"),
    Aid.QUIET_ROOM: _("quiet room"),
}
