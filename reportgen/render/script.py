"""The script of a page: card.js as it stands, allowed by its hash and by no other."""

from reportgen.render.folder import template_folder


def page_script() -> str:
    """Returns the script that goes into the page, without a word of the record."""
    return (template_folder() / "card.js").read_text(encoding="utf-8")
