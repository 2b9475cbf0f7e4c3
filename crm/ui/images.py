"""Photos and logos people upload: read once, made small, without what cameras write into them."""

from __future__ import annotations

import io
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

SIDE = 256
LOGO = (480, 160)
LARGEST_UPLOAD = 10 * 1024 * 1024


def square_photo(upload: File[bytes]) -> ContentFile[bytes]:
    """A WebP of 256 × 256 pixels from any image. Raises `ValidationError` for what is no image, or too large a one."""
    out = io.BytesIO()
    ImageOps.fit(_read(upload).convert("RGB"), (SIDE, SIDE)).save(out, "WEBP", quality=82)
    return ContentFile(out.getvalue(), name="photo.webp")


def small_logo(upload: File[bytes]) -> ContentFile[bytes]:
    """A PNG within 480 × 160 pixels from any image, transparent where it was. Raises as `square_photo` does."""
    image = _read(upload).convert("RGBA")
    image.thumbnail(LOGO)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return ContentFile(out.getvalue(), name="logo.png")


def _read(upload: File[bytes]) -> Image.Image:
    if upload.size > LARGEST_UPLOAD:
        raise ValidationError(_("This image is larger than 10 MB. Choose a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = ImageOps.exif_transpose(Image.open(upload))
            image.load()
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("This image cannot be read. Choose a PNG, a JPEG or a WebP.")) from error
    return image
