"""Addresses of a congress: a blueprint's links keep the congress of the page."""

from __future__ import annotations

from flask import Blueprint, current_app, g


def keep_congress(blueprint: Blueprint) -> None:
    """Let ``url_for`` fill in the congress of this request wherever an address of the blueprint wants one."""

    @blueprint.url_defaults
    def _fill_in(endpoint: str, values: dict[str, object]) -> None:
        if "congress" in values or g.get("congress") is None:
            return
        if current_app.url_map.is_endpoint_expecting(endpoint, "congress"):
            values["congress"] = g.congress.slug
