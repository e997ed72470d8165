"""The HTML page: one frame, a template for each section, everything inside one file."""

import shlex
from base64 import b64encode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reportgen.card import Card
from reportgen.record import Picture
from reportgen.render.folder import template_folder
from reportgen.render.numbers import FILTERS
from reportgen.render.style import content_hash, stylesheet


def html_page(card: Card) -> str:
    """Returns the page with its stylesheet, font and pictures inside.

    The frame is filled twice: the font holds the characters of the page, so the page
    must be known before its style is.
    """
    frame = _environment().get_template("card.html")
    plain = frame.render(card=card, style="", style_hash="")
    style = stylesheet(card, plain)
    trusted = Markup(style)  # noqa: S704 - our own rules, and no word of the record
    return frame.render(card=card, style=trusted, style_hash=content_hash(style))


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
    return environment


def _data_url(picture: Picture) -> str:
    """Returns the picture as an address that holds it."""
    encoded = b64encode(picture.data).decode("ascii")
    return f"data:{picture.media_type};base64,{encoded}"
