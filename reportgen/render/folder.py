"""Where the templates lie: in the wheel, or beside the package in a checkout."""

from pathlib import Path

from reportgen.errors import RenderError

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "templates", _PACKAGE.parent / "templates")


def template_folder() -> Path:
    """Returns the folder that holds card.html.

    Raises:
        RenderError: It is in neither place.
    """
    for place in _PLACES:
        if (place / "card.html").is_file():
            return place
    raise RenderError(
        "The templates must lie in the package or beside it. Received neither "
        f"{str(_PLACES[0])!r} nor {str(_PLACES[1])!r}. Install reportgen again."
    )
