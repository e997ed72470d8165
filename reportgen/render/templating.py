"""A template filled in, its faults told as what they are."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, TemplateError

from reportgen.errors import RenderError


def filled(environment: Environment, name: str, values: Mapping[str, Any]) -> str:
    """Returns a template with its places filled in.

    Args:
        environment: The templates' world.
        name: File name of the template.
        values: What it may print, by name.

    Raises:
        RenderError: The template or one that it includes is broken or missing, or
            prints what there is not.
    """
    try:
        return environment.get_template(name).render(values)
    except TemplateError as error:
        raise RenderError(
            f"The template {name} must be as reportgen brought it. Received "
            f"{type(error).__name__}: {error}. Install reportgen again."
        ) from error
