"""Photographs as they are kept: upright, of a sensible size, without where they were taken."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_EDGE = 2000
THUMBNAIL_EDGE = 320
# A photograph is read at a fraction of its size; a drawing must be opened whole.
MOST_PIXELS = {"JPEG": 120_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85
ORIENTATION, LOCATION = 0x0112, 0x8825


class BadImage(ValueError):
    """Not a picture that can be opened; `code` is "broken" or "too_many_pixels"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def prepared(data: bytes, *, keep_origin: bool = False) -> bytes:
    """The picture as it is kept, in its own format.

    Turned upright, at most LONGEST_EDGE pixels, without its camera's notes (place, time, owner)
    unless `keep_origin`. Raises BadImage.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _prepared(data, LONGEST_EDGE, keep_origin=keep_origin)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise BadImage("too_many_pixels") from bomb
        except (OSError, UnidentifiedImageError, SyntaxError, ValueError) as broken:
            if isinstance(broken, BadImage):
                raise
            raise BadImage("broken") from broken


def thumbnail(data: bytes) -> bytes:
    """A small JPEG of a picture kept by `prepared`, for a list. Raises BadImage."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            picture.draft("RGB", (THUMBNAIL_EDGE, THUMBNAIL_EDGE))
            small = _flat(picture)
            small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
            small.info.clear()
            out = BytesIO()
            small.save(out, "JPEG", quality=QUALITY)
            return out.getvalue()
    except (OSError, SyntaxError, ValueError) as broken:
        raise BadImage("broken") from broken


def _prepared(data: bytes, edge: int, *, keep_origin: bool) -> bytes:
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        form = str(picture.format)
        if picture.width * picture.height > MOST_PIXELS[form]:
            raise BadImage("too_many_pixels")
        # JPEG only: opens at the smallest fraction that is still large enough.
        picture.draft(None, (edge, edge))
        picture.load()
        notes = picture.getexif()
        colours = picture.info.get("icc_profile")
        upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("P", "1", "I;16", "I", "F"):
        upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
    upright.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    upright.info.clear()
    said = {"icc_profile": colours} if colours else {}
    if keep_origin:
        notes.pop(ORIENTATION, None)
        said["exif"] = notes.tobytes()
    out = BytesIO()
    if form == "PNG":
        upright.save(out, form, optimize=True, **said)
    else:
        if form == "JPEG" and upright.mode not in ("RGB", "L", "CMYK"):
            upright = upright.convert("RGB")
        upright.save(out, form, quality=QUALITY, **said)
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it is transparent."""
    if picture.mode in ("RGB", "L"):
        return picture.copy()
    layer = picture.convert("RGBA")
    ground = Image.new("RGB", layer.size, "white")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def has_location(data: bytes) -> bool:
    """Whether a picture tells where it was taken."""
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        return bool(picture.getexif().get_ifd(LOCATION))
