"""Photos of speakers: read as pictures, turned upright, made small and written anew, so that nothing else that the file held is kept.

What a camera writes into a file (place, time, names) and what somebody hides in one does not survive.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import BinaryIO

from flask_babel import gettext as _
from PIL import Image, ImageOps

from congress.core import files
from congress.core.files import BadUpload, Checked

ACCEPTED = ".png,.jpg,.jpeg"
LARGEST_SIDE = 800  # pixels that are kept: twice what pages show
_MOST_PIXELS = 50_000_000
_LEAST_SIDE = 120
_FORMATS = ("JPEG", "PNG")


def check(name: str, stream: BinaryIO) -> Checked:
    """The photo as it may be kept and shown: a JPEG without anything but the picture. Raises BadUpload."""
    sent = files.check(name, stream)
    if sent.media_type not in {"image/jpeg", "image/png"}:
        raise BadUpload(_("This is not a picture. Choose a JPEG or PNG file."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # told by its size below, and by a file that cannot be read
            picture = Image.open(BytesIO(sent.content), formats=_FORMATS)
            if picture.width * picture.height > _MOST_PIXELS:
                raise BadUpload(_("The picture has more than 50 million pixels. Make it smaller and choose it again."))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except BadUpload:
        raise
    except Exception:  # a decoder fails in many ways, and all of them mean this
        raise BadUpload(_("This picture cannot be read. Save it again as JPEG and choose it again.")) from None
    if min(upright.size) < _LEAST_SIDE:
        raise BadUpload(_("The picture is too small: it must be at least %(side)d pixels wide and high.", side=_LEAST_SIDE))
    return Checked("photo.jpg", "image/jpeg", _written(upright))


def _written(picture: Image.Image) -> bytes:
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    flat = Image.new("RGB", picture.size, "white")
    with_alpha = picture.convert("RGBA")
    flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
    kept = BytesIO()
    flat.save(kept, "JPEG", quality=85, optimize=True)
    return kept.getvalue()
