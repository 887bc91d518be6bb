"""``/accessibility/``: how accessible the site is, what is not, whom to ask and how to complain.

The order of its parts and the ids that begin with ``a11y-`` are those of the Polish accessibility declaration (Act of 4 April 2019 on
the digital accessibility of websites and mobile applications of public bodies, and its technical conditions, version 2.0 of 2024):
programs of the ministry look for them.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from congress.congresses import queries as congresses
from congress.programme import queries as programme

bp = Blueprint("accessibility", __name__, url_prefix="/accessibility")

# Of the text of the page, which is written with the program: whoever changes what it says sets the second one.
DRAWN_UP_ON = date(2026, 11, 22)
REVIEWED_ON = date(2026, 11, 22)


@bp.get("/")
def show() -> ResponseReturnValue:
    return render_template(
        "public/accessibility/show.html",
        congresses=congresses.congresses(only_published=True),
        published=programme.release_times(),
        drawn_up_on=DRAWN_UP_ON,
        reviewed_on=REVIEWED_ON,
        address=url_for("public.home.index", _external=True),
    )
