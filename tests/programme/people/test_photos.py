"""Photos: what is kept of a file that somebody sends."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from congress.core.files import BadUpload
from congress.programme.people import photos

PLACE = b"50.0647 N 19.9450 E"


def picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 900), **more: object) -> bytes:
    made = BytesIO()
    image = Image.new("RGBA" if kind == "PNG" else "RGB", size, "#0b57a4")
    image.putpixel((0, 0), (255, 0, 0))
    image.save(made, kind, **more)
    return made.getvalue()


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, PLACE.decode()  # lies on its side; a description
    return picture(exif=exif)


def test_a_photo_is_upright_small_and_without_what_the_camera_wrote(undone: Flask):
    assert PLACE in turned()

    kept = photos.check("IMG_1.jpg", BytesIO(turned()))

    found = Image.open(BytesIO(kept.content))
    assert (kept.name, kept.media_type, found.size, PLACE in kept.content) == ("photo.jpg", "image/jpeg", (600, 800), False)
    assert dict(found.getexif()) == {}


def test_a_transparent_png_becomes_a_jpeg_on_white(undone: Flask):
    made = BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(made, "PNG")

    kept = photos.check("logo.png", BytesIO(made.getvalue()))

    assert Image.open(BytesIO(kept.content)).getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.jpg", picture(size=(100, 400)), "too small"),
        ("a.jpg", picture()[:100] + b"\xff\xd9", "cannot be read"),
        ("a.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>IEND", "cannot be read"),
        ("a.pdf", b"%PDF-1.4\n%%EOF", "not a picture"),
        ("a.svg", b"<svg/>", "not a PDF, PNG or JPEG"),
        ("a.jpg", b"", "empty"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_to_do(undone: Flask, name, content, sentence):
    with undone.test_request_context(), pytest.raises(BadUpload, match=sentence):
        photos.check(name, BytesIO(content))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(undone: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(photos, "_MOST_PIXELS", 1000)
    with undone.test_request_context(), pytest.raises(BadUpload, match="50 million"):
        photos.check("a.png", BytesIO(picture("PNG")))
