"""``/desk/<congress>/field-cities/``: the cities of a coordinator's own field: who comes, and who is silent.

No addresses: a coordinator reads who has agreed to be seen by other delegates, of the others how many they are.
"""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.delegates.rules import Wanted
from congress.registration.participants import participants
from congress.web import chase

bp = Blueprint("field_cities", __name__, url_prefix="/<congress>/field-cities")


@bp.get("/")
def index() -> ResponseReturnValue:
    moment = now()
    fields = sorted(rules.fields_of(current_user.held, g.congress.id))
    present = participants(g.congress, for_delegates=True)
    return render_template(
        "desk/field_cities/index.html",
        lists=[(field, chase.chase_list(g.congress, Wanted(field=field), now=moment)) for field in fields],
        present={each.city.id: each for each in present if each.city},
        now=moment,
    )
