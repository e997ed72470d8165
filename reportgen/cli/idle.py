"""Options that a build would not heed, refused before anything is done."""

import os
from typing import TYPE_CHECKING

import rich_click as click
from click.core import ParameterSource

from reportgen.cli.handed_options import refuse_alone
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.pipeline import Gate

OF_TRAINING = ("batch_size", "epochs", "recipe", "repeats", "resume")
"""Options that say how to train, and are idle where nothing is trained."""

OF_A_LOADED_MODEL = ("trust_model", "scale", "output_kind")
"""Options about a model that is loaded, and are idle where one is trained."""

OF_A_MODEL = (
    "retrain",
    "model",
    "scale",
    "output_kind",
    "class_order",
    "trust_model",
    "dataset",
    "data",
    "protocol",
    *OF_TRAINING,
)
"""Options that say where predictions come from, and are idle where they are given."""

TRUST = "REPORTGEN_TRUST_MODEL"


def refuse_idle_strictness(gate: "Gate", ctx: click.Context) -> None:
    """Refuses --strict on the command line where nothing is required."""
    given = ctx.get_parameter_source("strict") is ParameterSource.COMMANDLINE
    if given and not gate.requirements:
        raise UsageError(
            "--strict must come with requirements, to fail where one is inconclusive. "
            "Received none. State one with --require or in [requirements], or leave it "
            "out."
        )


def refuse_idle_options(ctx: click.Context) -> None:
    """Refuses options given on the command line that this build would not heed."""
    given = [
        name
        for name in ctx.params
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    _refuse_beside_predictions(ctx, given)
    if "margin" in given and ctx.params["baseline"] is None:
        raise UsageError(
            "--margin must come with --baseline, the run to compare with. Received it "
            "alone. Name the run, or leave it out."
        )
    if "retrain" in given and "model" in given:
        raise UsageError("--retrain trains a model, --model loads one. Leave one out.")
    _refuse_lasting_trust()
    loaded = [name for name in OF_A_LOADED_MODEL if name in given]
    if "retrain" in given and loaded:
        raise UsageError(
            f"--{loaded[0].replace('_', '-')} is for a model that is loaded. Received "
            "it with --retrain, which trains one. Leave one out."
        )
    if "class_order" in given and "data" not in given:
        raise UsageError(
            "--class-order is for --data, whose classes have names of yours. Received "
            "it alone. Leave it out."
        )
    idle = [name for name in OF_TRAINING if name in given]
    if idle and not ctx.params["retrain"]:
        flag = "--" + idle[0].replace("_", "-")
        raise UsageError(
            f"{flag} is for training. Received it without --retrain, so that the saved "
            "model would be loaded as it is. Add --retrain, or leave it out."
        )


def _refuse_lasting_trust() -> None:
    """Refuses trust in a file that was not given for this run."""
    if TRUST in os.environ:
        raise UsageError(
            "--trust-model must be given on the command line, for one run and one "
            f"file. Received {TRUST} in the environment. Unset it."
        )


def _refuse_beside_predictions(ctx: click.Context, given: list[str]) -> None:
    """Refuses what predictions that are handed over make idle."""
    if ctx.params["predictions"] is None:
        refuse_alone(ctx.params)
        return
    idle = [name for name in OF_A_MODEL if name in given]
    if idle:
        flag = "--" + idle[0].replace("_", "-")
        raise UsageError(
            "--predictions must come without a model and its data: it evaluates what "
            f"was predicted elsewhere. Received {flag} as well. Leave one out."
        )
