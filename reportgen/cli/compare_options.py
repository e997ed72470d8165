"""The options of `compare`."""

from collections.abc import Callable
from typing import Any

import rich_click as click

from reportgen.cli.declaring import PATH, Decorator, option
from reportgen.cli.options import (
    MARGIN_OPTION,
    OUTPUT,
    REQUIREMENT_OPTIONS,
    formats,
    refuse_nan,
)

COMPARE_OPTIONS: tuple[Decorator, ...] = (
    MARGIN_OPTION,
    option(
        "--level",
        "SHARE",
        "Confidence level of every interval, from 0.5 to 0.9999. Default: that of B. "
        "Example: --level 0.99",
        type=click.FloatRange(0.5, 0.9999),
        callback=refuse_nan,
    ),
    option(
        "--bootstrap",
        "B",
        "Test sets drawn where something is simulated. Default: as many as B drew. "
        "Example: --bootstrap 5000",
        type=click.IntRange(100, 100_000),
    ),
    option(
        "--seed",
        "N",
        "Whole number that decides what is simulated. Default: that of B. "
        "Example: --seed 7",
        type=click.IntRange(0, 2**32 - 1),
    ),
    *REQUIREMENT_OPTIONS,
    option(
        "--output",
        "DIR",
        "Folder in which the comparison has a folder of its own. Default: output.",
        type=PATH,
        default=OUTPUT,
    ),
    option(
        "--format",
        "LIST",
        "What to write the comparison as, of html, pdf, json and md, with commas "
        "between. comparison.json is always written. Default: html,pdf. "
        "Example: --format html,md",
        default="html,pdf",
        callback=formats,
    ),
    option(
        "--name",
        "NAME",
        "Name of the comparison's folder. Default: A-vs-B, by the names of the two. "
        "Example: --name nightly",
    ),
    click.option(
        "--json", "as_json", is_flag=True, help="Print verdict and differences as JSON."
    ),
    click.option("--quiet", is_flag=True, help="No progress on stderr; errors show."),
)


def compare_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function with every option of `compare`, in the order of the help."""
    for decorate in reversed(COMPARE_OPTIONS):
        command = decorate(command)
    return command
