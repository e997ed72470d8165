"""How an option is declared: with a default, a unit and an example in its help."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rich_click as click

PATH = click.Path(path_type=Path)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def option(
    flag: str, metavar: str, text: str, *, more: tuple[str, ...] = (), **settings: Any
) -> Decorator:
    """Returns an option that the environment can set as REPORTGEN_<FLAG>."""
    variable = "REPORTGEN_" + flag.removeprefix("--").replace("-", "_").upper()
    shown: dict[str, Any] = {"metavar": metavar, "help": text, "show_envvar": True}
    return click.option(flag, *more, envvar=variable, **shown, **settings)


def names(
    _ctx: click.Context, _parameter: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """Returns the names of a list; one that holds a comma stands between quotes."""
    if value is None:
        return ()
    try:
        [found] = csv.reader([value], strict=True, skipinitialspace=True)
    except (ValueError, csv.Error) as error:
        raise click.BadParameter(
            "must be a list of names, with commas between. Received "
            f"{value[:80]!r}. Close its quotes."
        ) from error
    if not all(found) or len(set(found)) < len(found):
        raise click.BadParameter(
            "must be a list of different names, with commas between. Received "
            f"{value[:80]!r}."
        )
    return tuple(found)
