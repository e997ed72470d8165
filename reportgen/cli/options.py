"""The options of `build`: each with a default, a unit and an example in its help."""

from collections.abc import Callable
from math import isnan
from pathlib import Path
from typing import Any

import rich_click as click

from reportgen.cli.config import COMMAND_LINE_ONLY, read_config
from reportgen.cli.declaring import PATH, Decorator
from reportgen.cli.declaring import option as _option
from reportgen.cli.handed_options import HANDED_OPTIONS
from reportgen.cli.panels import in_panels
from reportgen.errors import UsageError
from reportgen.record import Requirement
from reportgen.requirements import parse

OUTPUT = Path("output")
POSITIVE = click.IntRange(min=1)
FORMATS = ("html", "pdf", "json", "md")


def build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function with every option of `build`, in the order of the help."""
    for decorate in reversed(BUILD_OPTIONS):
        command = decorate(command)
    return in_panels(command)


def formats(
    _ctx: click.Context, _parameter: click.Parameter, value: str
) -> tuple[str, ...]:
    """Returns the formats of a list, each once, in the order of `FORMATS`."""
    asked = {word.strip().lower() for word in value.split(",")}
    strangers = sorted(asked - set(FORMATS))
    if strangers:
        raise click.BadParameter(
            f"must be a list of {', '.join(FORMATS)}, with commas between. Received "
            f"{strangers[0]!r}."
        )
    return tuple(name for name in FORMATS if name in asked)


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function with the option that says what to write a report as."""
    decorate = _option(
        "--format",
        "LIST",
        "What to write the report as, of html, pdf, json and md, with commas between. "
        "json is the record, which a run always holds; md is a model card for Hugging "
        "Face, report.md, and requirements.md for a merge request where something is "
        "required. Default: html,pdf. Example: --format html,md",
        default="html,pdf",
        callback=formats,
    )
    return decorate(command)


def _configure(
    ctx: click.Context, _parameter: click.Parameter, path: Path | None
) -> object:
    """Reads the configuration first of all: it gives the other options defaults."""
    names = {p.name for p in ctx.command.params if p.name}
    config = read_config(path, current_folder(), names - COMMAND_LINE_ONLY.keys())
    ctx.default_map = dict(config.options)
    return config


def current_folder() -> Path:
    """Returns the folder that the command was called in.

    Raises:
        UsageError: It was deleted.
    """
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError(
            "The current folder must exist. Received one that was deleted meanwhile. "
            "Change to another one with cd."
        ) from error


def refuse_nan(
    _ctx: click.Context, parameter: click.Parameter, value: float | None
) -> float | None:
    """Refuses what lies in no range and yet outside of none."""
    if value is not None and isnan(value):
        assert isinstance(parameter.type, click.FloatRange)
        low, high = parameter.type.min, parameter.type.max
        raise click.BadParameter(f"nan is not in the range {low:g}<=x<={high:g}.")
    return value


def _parsed(
    _ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Requirement, ...]:
    """Returns the requirements that expressions state, before anything is read."""
    return tuple(parse(value) for value in values)


REQUIREMENT_OPTIONS: tuple[Decorator, ...] = (
    # Without a variable: one text cannot hold several expressions.
    click.option(
        "--require",
        metavar="EXPR",
        multiple=True,
        callback=_parsed,
        help="What the model must reach, judged on the interval: met, not met, or "
        "inconclusive. May be given several times; build also judges [requirements] of "
        "its configuration, before which this goes. Exit code 3 where one is not met. "
        "Default: none. Example: --require 'accuracy >= 0.985' --require "
        "'recall[8] >= 97 %'",
    ),
    # Without a variable, which would change what a gate lets pass unseen.
    click.option(
        "--strict",
        is_flag=True,
        help="Exit code 3 where a requirement is inconclusive, too: where the interval "
        "lies on both sides of its bound.",
    ),
    _option(
        "--junit",
        "FILE",
        "Write the outcomes of the requirements as JUnit XML, which continuous "
        "integration shows as tests. Default: nowhere. Example: --junit junit.xml",
        type=PATH,
    ),
)
"""What a gate takes, in the order of the help."""


MARGIN_OPTION = _option(
    "--margin",
    "SHARE",
    "Loss of accuracy against the baseline that is put up with, as a share: a "
    "candidate whose interval lies above it is called no worse. Default: 0.001, a "
    "tenth of a point. Example: --margin 0.005",
    type=click.FloatRange(0, 1),
    callback=refuse_nan,
    default=0.001,
)

BUILD_OPTIONS: tuple[Decorator, ...] = (
    click.option(
        "--retrain",
        is_flag=True,
        help="Train the model anew. Without it, the model of the run folder is loaded, "
        "or the file named by --model.",
    ),
    _option(
        "--dataset",
        "NAME",
        "mnist (the default) or digits, 1,797 small digits that need no network. "
        "Example: --dataset digits",
    ),
    # Without a variable: REPORTGEN_DATA names a folder of datasets, not one of them.
    click.option(
        "--data",
        metavar="PATH",
        type=PATH,
        help="Data of your own: a folder that holds a folder of PNG or JPEG pictures "
        "for each class, or such folders in train and test; a folder with four IDX or "
        "IDX.gz files; or an NPZ with x_train, y_train, x_test, y_test, of which a "
        "--model needs the last two. Example: --data photos",
    ),
    _option(
        "--class-order",
        "NAME",
        "How classes of --data that are words are numbered, where it matters to a "
        "model: natural, as 'class 9' before 'class 10', or sorted by character, as "
        "Keras and PyTorch read folders. Default: natural, where both are alike or a "
        "model is trained. Example: --class-order sorted",
        type=click.Choice(["natural", "sorted"]),
    ),
    click.option(
        "--offline",
        is_flag=True,
        envvar="REPORTGEN_OFFLINE",
        show_envvar=True,
        help="Download nothing: mnist must lie on this machine. Nothing but mnist is "
        "ever downloaded.",
    ),
    *HANDED_OPTIONS,
    _option(
        "--positive",
        "CLASS",
        "Which of two classes is looked for: sensitivity, predictive values, curves "
        "and thresholds are of it. Default: that of the second column of "
        "probabilities; of predicted labels alone, the second in order. "
        "Example: --positive fraud",
    ),
    _option(
        "--protocol",
        "NAME",
        "pooled (the default): all images, split 80/20 by class. official: the "
        "published training and test parts. all: every image is a test image. A model "
        "that was trained on these data keeps its own; for one of which that is not "
        "known it is official, or all where no split was published.",
        type=click.Choice(["pooled", "official", "all"]),
    ),
    _option(
        "--recipe",
        "NAME",
        "How to train. classic (the default): seven augmentations, Adam, 30 epochs. "
        "warp: fresh warps of every image in each of 500 passes, AdamW, a temperature "
        "from the validation part; the best there is. literal: classic at the defaults "
        "of Keras, for measuring alone.",
        default="classic",
    ),
    _option(
        "--epochs",
        "N",
        "Passes over the training part as the recipe shows it; also --passes. Default: "
        "the recipe's. Example: --epochs 3",
        type=POSITIVE,
        more=("--passes",),
    ),
    _option(
        "--batch-size",
        "N",
        "Images a step. Default: the recipe's. Example: --batch-size 256",
        type=POSITIVE,
    ),
    _option(
        "--seed",
        "N",
        "Whole number that decides split, weights and order, and what is simulated. "
        "Default: 42, or that of the model that is loaded. Example: --seed 7",
        type=click.IntRange(0, 2**32 - 1),
    ),
    _option(
        "--repeats",
        "K",
        "Train K times, from the seed and the numbers after it, and print how far "
        "their scores lie apart; the report is of the first. Default: 1. "
        "Example: --repeats 3",
        type=click.IntRange(1, 100),
        default=1,
    ),
    click.option(
        "--resume",
        is_flag=True,
        help="Go on with a training that was interrupted, from its last finished pass; "
        "begin where there is none.",
    ),
    _option(
        "--model",
        "FILE",
        "Model to load: a .keras file, or one that joblib.dump wrote. Default: that of "
        "the run folder. Example: --model model.keras",
        type=PATH,
    ),
    _option(
        "--scale",
        "RULE",
        "What pixels of 0 to 255 were scaled to while the model was trained: 1/255 "
        "(divided by 255), -1..1 (divided by 127.5, less 1) or none. Default: what "
        "the model's own layers do; asked for where it has none. Example: --scale "
        "1/255",
        type=click.Choice(["1/255", "-1..1", "none"]),
    ),
    _option(
        "--output-kind",
        "NAME",
        "What the model returns: softmax, probabilities that sum to one; sigmoid, a "
        "probability each; or logits. Default: by its last layer. Example: "
        "--output-kind logits",
        type=click.Choice(["softmax", "sigmoid", "logits"]),
    ),
    # Without a variable, which would outlive the run that it was meant for.
    click.option(
        "--trust-model",
        is_flag=True,
        help="Load a model of any layers and RUN THE CODE in it; for a file whose "
        "maker you trust like that of a program. For this run alone; the report says "
        "so. Without it, layers that only compute are admitted. Example: --model "
        "model.keras --trust-model",
    ),
    _option(
        "--level",
        "SHARE",
        "Confidence level of every interval, from 0.5 to 0.9999. Default: 0.95. "
        "Example: --level 0.99",
        type=click.FloatRange(0.5, 0.9999),
        callback=refuse_nan,
        default=0.95,
    ),
    _option(
        "--bootstrap",
        "B",
        "Test sets drawn where an interval or a noise floor is simulated. "
        "Default: 1000. Example: --bootstrap 5000",
        type=click.IntRange(100, 100_000),
        default=1000,
    ),
    click.option(
        "--check-intervals",
        is_flag=True,
        help="Bootstrap the scores of the confusion matrix 10,000 times and print that "
        "beside their intervals.",
    ),
    _option(
        "--baseline",
        "RUN",
        "Run to compare with, on the same test rows: its folder, its record.json or "
        "its report.pdf. It may be the run that this one replaces. Default: none. "
        "Example: --baseline output/mnist",
        type=PATH,
    ),
    MARGIN_OPTION,
    *REQUIREMENT_OPTIONS,
    _option(
        "--output",
        "DIR",
        "Folder of all runs; each has a folder of its own in it. Default: output.",
        type=PATH,
        default=OUTPUT,
    ),
    format_option,
    _option(
        "--name",
        "NAME",
        "Name of the run's folder. Default: that of the dataset, or of the file of "
        "predictions without its ending. "
        "Example: --name candidate",
    ),
    _option(
        "--config",
        "FILE",
        "Configuration. Default: reportgen.toml in this folder, else [tool.reportgen] "
        "in its pyproject.toml.",
        type=PATH,
        is_eager=True,
        callback=_configure,
    ),
    click.option(
        "--json", "as_json", is_flag=True, help="Print run, files and scores as JSON."
    ),
    click.option("--quiet", is_flag=True, help="No progress on stderr; errors show."),
)
