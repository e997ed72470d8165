"""Figures as bytes: the same figure gives the same bytes, on any day."""

import base64
import io
import re
from typing import TYPE_CHECKING

from reportgen.figures.style import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RASTER_DPI = 300
"""Resolution of what a picture holds as pixels."""

EMBEDDED = re.compile(rb"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
COMMENT = re.compile(rb"<!--.*?-->\s*", re.DOTALL)
INDENT = re.compile(rb"\n\s+")
GLYPH = re.compile(rb"(#|id=\")DejaVuSans(-Bold)?-")
PLACE = re.compile(rb' d="[^"]*"| [xy]="[^"]*"|translate\([^)]*\)')
PIXELATED = b' style="image-rendering:crisp-edges;image-rendering:pixelated"'
LONG = re.compile(rb"-?\d+\.\d{3,}")


@look()
def to_svg(figure: "Figure") -> bytes:
    """Returns the figure as SVG, its type as outlines.

    Saving moves the layout of a figure: save each one once, and draw it afresh.
    """
    buffer = io.BytesIO()
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(buffer, format="svg", dpi=RASTER_DPI, metadata=metadata)
    return _packed(buffer.getvalue())


def _packed(svg: bytes) -> bytes:
    """Returns the same drawing in about three quarters of the bytes.

    Comments repeat each text, names of glyphs its typeface, and places have six
    decimals where two are a three-hundredth of a millimetre. Scales keep theirs.
    """
    svg = INDENT.sub(b"\n", COMMENT.sub(b"", svg))
    svg = GLYPH.sub(lambda name: name[1] + (b"b" if name[2] else b"g"), svg)
    # Our pixels are enlarged already; a browser that then skips some makes them ragged.
    svg = svg.replace(PIXELATED, b"")
    svg = PLACE.sub(lambda place: LONG.sub(_rounded, place[0]), svg)
    return EMBEDDED.sub(_packed_picture, svg)


def _rounded(decimal: re.Match[bytes]) -> bytes:
    """Returns a number with two decimals at most."""
    return b"%g" % round(float(decimal[0]), 2)


def _packed_picture(embedded: re.Match[bytes]) -> bytes:
    """Returns an embedded picture, packed again."""
    png = _packed_png(base64.b64decode(embedded[1]))
    return b"data:image/png;base64," + base64.b64encode(png)


def _packed_png(png: bytes) -> bytes:
    """Returns the same picture, without alpha, in one byte a pixel where that is exact.

    Matplotlib writes four. A channel of alpha would become a mask in the PDF.
    """
    from PIL import Image

    image = Image.open(io.BytesIO(png))
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        return png
    opaque = image.convert("RGB")
    packed = io.BytesIO()
    for mode in ("L", "P"):
        narrow = opaque.convert(mode, palette=Image.Palette.ADAPTIVE)
        if narrow.convert("RGB").tobytes() == opaque.tobytes():
            narrow.save(packed, format="png", optimize=True)
            return packed.getvalue()
    opaque.save(packed, format="png", optimize=True)
    return packed.getvalue()
