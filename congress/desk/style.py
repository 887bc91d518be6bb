"""``/desk/style/``: every part that pages are made of, in every state. For those who work on the pages, so only while CONGRESS_DEBUG is set.

Its own words are in English whatever the reader's language: nobody else sees them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, g, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField, EmailField, FileField, RadioField, SelectField, SelectMultipleField, SubmitField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from congress.congresses import queries as congresses
from congress.core.forms import BaseForm, LineField, TextField
from congress.core.localised import Localised
from congress.networks.vocabulary import Field
from congress.programme.entries import Entry, Place
from congress.web import charts, maps

bp = Blueprint("style", __name__, url_prefix="/style")
LONG = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung in Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
_NINE = datetime(2018, 6, 12, 7, tzinfo=UTC)


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class SampleForm(BaseForm):
    """A field of each kind."""

    name = LineField("Name", [InputRequired("Please enter a name.")], description="As it stands in the passport.")
    email = EmailField("E-mail address", [InputRequired("Please enter an address such as name@city.example.")])
    phone = LineField("Phone")
    motive = TextField("What brings you here", description="A few sentences.")
    city = SelectField("City", choices=_choices({"": "", "krakow": "Kraków", "long": LONG}))
    way = RadioField(
        "How you come",
        choices=_choices({"train": "By train", "coach": f"By coach from {LONG}"}),
        validators=[InputRequired("Please choose one.")],
    )
    wishes = SelectMultipleField(
        "What you need", choices=_choices({"ramp": "A way without steps", "loop": "An induction loop"}),
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    day = DateField("Day", [InputRequired("Please enter a day.")])
    photo = FileField("Photograph", description="JPEG or PNG, 5 MB at the most.")
    agreed = BooleanField("I agree", [InputRequired("Please tick this, or we may not keep your answers.")])
    send = SubmitField("Send")


def _entry(code: str, title: str, **values: Any) -> Entry:
    usual: dict[str, Any] = {
        "uid": code, "code": code, "item": code, "type": "session", "kind": "plenary", "titles": Localised(en=title), "audience": "delegates",
        "timing": "timed", "starts_at": _NINE, "ends_at": _NINE + timedelta(hours=1),
        "place": Place(venue_names=Localised(en="Congress Centre"), room_names=Localised(en="room 1"), city_names=Localised(en="Kraków")),
    }  # fmt: skip
    return Entry(**(usual | values))


def entries() -> list[tuple[Entry, bool]]:
    """Lines of a programme in each state, and whether they are going on."""
    return [
        (_entry("S1", "A plenary"), False),
        (_entry("S2", "Going on now"), True),
        (_entry("S3", "Cancelled", status="cancelled"), False),
        (_entry("S4", "Provisional", is_plausible=True), False),
        (_entry("S5", "For everybody, of a field", field="music", audience="everyone"), False),
        (_entry("S6", "By invitation, without a time", audience="invitation", timing="to_be_confirmed", starts_at=None, ends_at=None), False),
        (_entry("S7", "Coffee", kind="break"), False),
        (_entry("S9", "With people", people=tuple(("speaker", f"{name}, Mayor of {LONG[:30]}") for name in ("Ewa", "Jan", "Zoë", "Li"))), False),
        (_entry("S8", f"A title of two hundred signs: {LONG}, {LONG}"[:200], place=Place()), False),
    ]  # fmt: skip


def cards() -> list[dict[str, str]]:
    """Cards of the desk's timetable in each state, as the script draws them."""
    usual = {
        "time": "09:00–10:30",
        "title": "A session",
        "access": "Delegates only",
        "more": "Plenary",
        "classes": "kind-plenary is-closed",
        "clash": "",
    }
    return [
        usual,
        usual | {"title": "For everybody, of a field", "access": "Open to the public", "more": "Workshop, Music", "classes": "kind-social field-music is-public"},
        usual | {"title": "In a conflict", "classes": "kind-workshop field-film is-closed", "more": "Workshop, Film", "clash": "conflict"},
        usual | {"title": "Cancelled", "access": "Delegates only, cancelled", "classes": "kind-debate is-closed is-cancelled"},
        usual | {"title": "Coffee", "time": "10:30–11:00", "more": "Break", "classes": "kind-break is-closed"},
        usual | {"title": "On its way", "more": "Transfer", "classes": "kind-transfer is-closed ec-preview"},
        usual | {"title": "No time yet", "time": "no time", "classes": "kind-press is-closed"},
        usual | {"title": LONG, "time": "19:30 (end open)", "more": "Ceremony, Crafts and Folk Art", "classes": "kind-ceremony field-crafts_and_folk_art is-public"},
    ]  # fmt: skip


@bp.get("/")
def index() -> ResponseReturnValue:
    if not current_app.config["DEBUG"]:
        abort(404)
    g.congress = next(iter(congresses.congresses()), None)  # lines of a programme lead to its pages
    wrong = SampleForm(data={"name": "", "motive": LONG})
    wrong.validate()
    days = [(date(2018, 5, 1) + timedelta(days=n), (n * 7) % 23) for n in range(30)]
    return render_template(
        "desk/style/index.html",
        forms={"as it comes": SampleForm(prefix="plain-"), "refused": wrong},
        entries=entries(),
        subgroups=[_entry(f"F{n}", f"Subgroup {n}", kind="subgroup", field=field.value) for n, field in enumerate(Field)],
        workshops=[_entry(f"W{n}", title, kind="workshop") for n, title in enumerate(("A workshop", LONG))],
        cards=cards(),
        fields=[field.value for field in Field],
        chart=charts.days(days),
        places=maps.places([(host, "literature") for host in g.congress.hosts], g.congress.hosts) if g.congress else [],
        long=LONG,
    )
