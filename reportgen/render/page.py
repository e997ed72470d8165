"""The HTML page: one frame, a template for each section, everything inside one file."""

import shlex
from base64 import b64encode
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reportgen.card import Page
from reportgen.record import Picture
from reportgen.render.folder import template_folder
from reportgen.render.matrix import few, linked, matrix, row_name, sheets
from reportgen.render.numbers import FILTERS
from reportgen.render.script import page_script
from reportgen.render.style import content_hash, stylesheet
from reportgen.render.templating import filled
from reportgen.render.typeface import first_stranger

SVG = "image/svg+xml"

PLAIN = "='/:;,()+-.!*$?@_~"
"""What stands for itself in an address and in an attribute within double quotes."""

STYLE, STYLE_HASH = Markup("<style-rules>"), Markup("<style-hash>")
"""Places kept in a page: no word of a record holds one, since its `<` is escaped."""


def html_page(card: Page) -> str:
    """Returns the page with its stylesheet, script, font and pictures inside.

    The font holds the characters of the page, so the page is made before its style
    is, which then takes the places that were kept for it.
    """
    environment = _environment()
    # Our own script and our own marks, without a word of the record.
    script = Markup(page_script())  # noqa: S704 - as said above
    kept = {
        "card": card,
        "style": STYLE,
        "style_hash": STYLE_HASH,
        "script": script,
        "script_hash": content_hash(script),
    }
    page = filled(environment, "card.html", {**kept, "lacking": ""})
    if lacking := first_stranger(page):
        page = filled(environment, "card.html", {**kept, "lacking": lacking})
    style = stylesheet(card, page)
    return page.replace(STYLE_HASH, content_hash(style)).replace(STYLE, style)


def _environment() -> Environment:
    """Returns the templates' world: all is escaped, a misspelt name is an error."""
    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    environment.filters["command"] = shlex.join
    environment.filters["data_url"] = _data_url
    environment.filters.update(few=few, linked=linked, matrix=matrix, sheets=sheets)
    environment.filters["row_name"] = row_name
    return environment


def _data_url(picture: Picture) -> Markup:
    """Returns the picture as an address that holds it, in the fewest characters.

    Text is written as it is, but for what an address or an attribute may not hold: a
    drawing then takes seven eighths of what base64 would make of it.
    """
    if picture.media_type == SVG:
        text = picture.data.decode().replace('"', "'")  # No value of ours holds either.
        content = "," + quote(text, safe=PLAIN)
    else:
        content = ";base64," + b64encode(picture.data).decode("ascii")
    return Markup(f"data:{picture.media_type}{content}")  # noqa: S704 - escaped above
