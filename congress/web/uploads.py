"""Files over HTTP: which addresses take them, and how they are given back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request, send_file

from congress.core import files, vault
from congress.programme.documents.models import StoredFile
from congress.registration.questions.models import Upload

FILES_AT_ONCE = 3  # of the largest size, in one form
# Should a browser show it after all, nothing in it runs, loads or sends anything.
_POLICY = {"default-src": "'none'", "frame-ancestors": "'none'", "sandbox": ""}
View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """A view whose form holds files: its requests may be larger than others. Stands under the route."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def gives_file(view: View) -> View:
    """A view that gives back what somebody sent. Stands under the route."""
    view.talisman_view_options = {"content_security_policy": _POLICY}  # type: ignore[attr-defined]
    return view


def most_bytes(app: Flask) -> int:
    """How large a request with files may be."""
    return FILES_AT_ONCE * files.LARGEST + int(app.config["MAX_CONTENT_LENGTH"])


def read_body() -> None:
    """Take in what is sent, within the limit of the address: it comes as slowly as its sender likes, so never while a lock is held."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False):
        request.max_content_length = most_bytes(current_app)
    request.form  # noqa: B018  (parsed when it is first asked for)


def given(upload: Upload | StoredFile) -> Response:
    """The file, to be saved and never shown by the browser. Raises vault.LostFile."""
    response = send_file(
        BytesIO(vault.read(upload.public_id, name=upload.name, sha256=upload.sha256)),
        mimetype=upload.media_type,
        as_attachment=True,
        download_name=upload.name,
        etag=False,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def shown(photo: StoredFile) -> Response:
    """A picture that we wrote ourselves, for a page. Asked for again each time, since consent may end. Raises vault.LostFile."""
    content = vault.read(photo.public_id, name=photo.name, sha256=photo.sha256)
    response = send_file(BytesIO(content), mimetype="image/jpeg", download_name="photo.jpg", etag=False)
    response.set_etag(photo.sha256[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
