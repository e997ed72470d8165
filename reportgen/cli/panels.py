"""The help of `build` by subject: forty options in one list are read by nobody."""

from collections.abc import Callable
from typing import Any

import rich_click as click

PANELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "A model and its data",
        (
            "--retrain",
            "--model",
            "--trust-model",
            "--scale",
            "--output-kind",
            "--dataset",
            "--data",
            "--class-order",
            "--protocol",
            "--offline",
        ),
    ),
    (
        "Or predictions of any classifier",
        (
            "--predictions",
            "--validation-predictions",
            "--label-column",
            "--proba-columns",
            "--classes",
            "--logits",
            "--prediction-column",
            "--id-column",
            "--metadata-columns",
            "--image-column",
            "--images",
        ),
    ),
    (
        "Training",
        (
            "--recipe",
            "--epochs",
            "--batch-size",
            "--repeats",
            "--resume",
        ),
    ),
    (
        "How sure",
        (
            "--positive",
            "--level",
            "--bootstrap",
            "--check-intervals",
            "--seed",
        ),
    ),
    (
        "Better, and good enough",
        (
            "--baseline",
            "--margin",
            "--require",
            "--strict",
            "--junit",
        ),
    ),
    (
        "What is written, and where",
        (
            "--output",
            "--name",
            "--format",
            "--config",
            "--json",
            "--quiet",
            "--help",
        ),
    ),
)
"""Heading and options of each part."""


def in_panels(command: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function with the parts of its help, in the order of `PANELS`."""
    for title, options in reversed(PANELS):
        command = click.option_panel(title, options=list(options))(command)
    return command
