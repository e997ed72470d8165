"""Figures as bytes: the same figure gives the same bytes, on any day."""

import base64
import io
import re
from typing import TYPE_CHECKING

from reportgen.figures.smaller import smaller
from reportgen.figures.style import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RASTER_DPI = 300
"""Resolution of what a picture holds as pixels."""

EMBEDDED = re.compile(rb"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
ENOUGH = 6
"""Level of compression: 9 takes four times as long for a tenth of the bytes."""

PIXELATED = b' style="image-rendering:crisp-edges;image-rendering:pixelated"'


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
    """Returns the same drawing in less than half of the bytes."""
    # Our pixels are enlarged already; a browser that then skips some makes them ragged.
    svg = svg.replace(PIXELATED, b"")
    # PDF/A forbids smoothing, and WeasyPrint reads any word but "auto" as without.
    svg = svg.replace(b"<image ", b'<image image-rendering="optimizeQuality" ')
    return smaller(EMBEDDED.sub(_packed_picture, svg))


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
    # Beyond 256 colours neither grey nor a palette holds them all.
    for mode in ("L", "P") if opaque.getcolors(256) else ():
        narrow = opaque.convert(mode, palette=Image.Palette.ADAPTIVE)
        if narrow.convert("RGB").tobytes() == opaque.tobytes():
            narrow.save(packed, format="png", compress_level=ENOUGH)
            return packed.getvalue()
    opaque.save(packed, format="png", compress_level=ENOUGH)
    return packed.getvalue()
