"""A picture somebody sends: read once, made small, and nothing kept but what is seen."""

import base64
import io

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

LARGEST_SENT = 10_000_000
LARGEST_KEPT = 200_000
MOST_PIXELS = 60_000_000
"""More than any phone takes; a small file can unfold into more memory than there is."""
LONGEST_SIDE = 1024
QUALITIES = (82, 70, 55, 40, 25)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
FORMATS = ("JPEG", "PNG", "WEBP")


def small_jpeg(sent: bytes) -> str | None:
    """The picture as base64 of a JPEG of at most 200 kB without place, time or camera.

    None: too large, or no picture we can read.
    """
    if not 0 < len(sent) <= LARGEST_SENT:
        return None
    try:
        # WeasyPrint, which makes our paper, lets the whole process take torn pictures.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        with Image.open(io.BytesIO(sent), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = _flat(upright)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, *BOMBS):
        return None
    return _packed(plain)


def _flat(picture: Image.Image) -> Image.Image:
    """Only the colours, on white where it was see-through: no metadata comes along."""
    colours = picture.convert("RGBA")
    flat = Image.new("RGB", colours.size, "white")
    flat.paste(colours, mask=colours.getchannel("A"))
    return flat


def _packed(picture: Image.Image) -> str | None:
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, format="JPEG", quality=quality, optimize=True)
        if out.tell() <= LARGEST_KEPT:
            return base64.b64encode(out.getvalue()).decode()
    return None
