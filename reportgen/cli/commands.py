"""The commands; heavy rooms are imported when a command runs, never for `--help`."""

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from reportgen import __version__
from reportgen.cli.comparing import compare
from reportgen.cli.config import Config
from reportgen.cli.console import (
    FAILED,
    print_judgements,
    print_run,
    print_verification,
    show_error,
    unmet,
    watching,
)
from reportgen.cli.declaring import PATH
from reportgen.cli.handed_options import handed_paths
from reportgen.cli.idle import refuse_idle_options, refuse_idle_strictness
from reportgen.cli.options import (
    build_options,
    current_folder,
    format_option,
)
from reportgen.cli.results import print_finished, verified
from reportgen.errors import ReportgenError, UsageError
from reportgen.record.wording import visible
from reportgen.requirements import exit_code, together

if TYPE_CHECKING:
    from reportgen.pipeline import (
        BuildRequest,
        Places,
        Rival,
    )

MISUSED = 2
INTERRUPTED = 130

TRAINS = "reportgen.trains"
"""Where a command notes for its group whether it trains a model."""


class Commands(click.RichGroup):
    """Commands whose errors end in one panel and the right exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; bugs stay tracebacks."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            said = visible(error.format_message().replace("\n", " "))  # as it was typed
            raise click.UsageError(said, ctx=error.ctx) from error
        except ReportgenError as error:
            show_error(str(error))
            ctx.exit(MISUSED if isinstance(error, UsageError) else FAILED)
        except KeyboardInterrupt:
            resumed = (
                "; a training goes on from its last finished pass with --retrain "
                "--resume"
            )
            show_error(
                "Interrupted. The run folder is as it was before"
                f"{resumed * bool(ctx.meta.get(TRAINS))}."
            )
            ctx.exit(INTERRUPTED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="reportgen %(version)s")
def main() -> None:
    """Evaluates a classifier and writes a report that a reviewer can check.

    A first look, without any network: reportgen build --retrain --dataset digits
    """


@main.command()
@build_options
@click.pass_context
def build(
    ctx: click.RichContext,
    /,
    config: Config,
    *,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Trains or loads the model, evaluates it, and writes the report.

    The run folder then holds report.html, report.pdf, record.json, predictions.npz,
    and the model as model.keras and Sequential_Perceptron_model.pkl. With
    --predictions there is no model: what another program predicted is evaluated.
    With --require the exit code is 3 where the model does not reach what it must; all
    is written all the same.
    """
    from reportgen import pipeline

    refuse_idle_options(ctx)
    ctx.meta[TRAINS] = options["retrain"]
    request = _to_request(config, options)
    refuse_idle_strictness(request.gate, ctx)
    with watching(quiet=quiet) as watcher:
        finished = pipeline.build(request, watcher)
    judgements, strict = finished.record.judgements, request.gate.strict
    if not quiet:
        print_judgements(judgements)
    print_finished(finished, as_json=as_json, strict=strict)
    code = exit_code(judgements, strict=strict)
    if code:
        show_error(unmet(judgements, strict=strict))
    ctx.exit(code)


@main.command()
@click.argument("run", type=PATH)
@format_option
@click.option("--json", "as_json", is_flag=True, help="Print run, files and scores.")
@click.option("--quiet", is_flag=True, help="No progress on stderr; errors show.")
def render(run: Path, *, as_json: bool, quiet: bool, **options: Any) -> None:
    """Writes the report again from the record of RUN, a run folder.

    No model is loaded. What was required of the run is printed as it was judged; the
    exit code is that of writing. Example: reportgen render output/mnist
    """
    from reportgen import pipeline

    with watching(quiet=quiet) as watcher:
        finished = pipeline.render(run, watcher, options["format"])
    print_finished(finished, as_json=as_json)


@main.command()
@click.argument("run", type=PATH)
def show(run: Path) -> None:
    """Prints the scores and findings of RUN, a run folder, and what was required of it.

    The exit code is 0 whatever the outcome. Example: reportgen show output/mnist
    """
    from reportgen import pipeline

    record = pipeline.read_record(run)
    print_run(record, pipeline.findings(record))


main.add_command(compare)


@main.command()
@click.argument("report", type=PATH)
@click.option(
    "--beside",
    metavar="FOLDER",
    type=PATH,
    default=None,
    help="Folder of the predictions that were too large to be attached. Default: none "
    "is read. Example: --beside output/mnist",
)
@click.option("--json", "as_json", is_flag=True, help="Print checks and differences.")
@click.option("--quiet", is_flag=True, help="No progress on stderr; errors show.")
@click.pass_context
def verify(
    ctx: click.Context,
    report: Path,
    *,
    beside: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Computes the numbers of REPORT, a report.pdf, again from what it carries.

    A comparison.pdf is checked likewise, by the predictions of both of its runs.

    The exit code is 0 where all agree, 1 where anything differs, is missing or cannot
    be compared in full. No model is loaded. Example: reportgen verify
    output/mnist/report.pdf
    """
    from reportgen import pipeline

    with watching(quiet=quiet) as watcher:
        verification = pipeline.verify(report, watcher, beside=beside)
    if as_json:
        click.echo(json.dumps(verified(verification), indent=2))
    else:
        print_verification(verification)
    if not verification.passed:
        wrong = [c.name for c in verification.checks if c.verdict != "agrees"]
        show_error(
            f"{report.name} does not agree in full with its own data: "
            f"{', '.join(wrong)}."
        )
        ctx.exit(FAILED)


@main.command()
@click.option(
    "--of",
    type=click.Choice(["record", "comparison"]),
    default="record",
    help="Whose: that of record.json, or of comparison.json. Default: record. "
    "Example: --of comparison",
)
def schema(of: str) -> None:
    """Prints the JSON Schema of record.json, or of what compare writes."""
    from reportgen.record import comparison_schema, to_schema

    made = comparison_schema() if of == "comparison" else to_schema()
    click.echo(json.dumps(made, indent=2))


@main.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Says what is installed, what is missing, and the line that mends it."""
    from reportgen.cli.doctor import examine, print_checkups

    try:
        places = _places(None, offline=False)
    except ImportError:  # the doctor names what is missing
        places = None
    checkups = examine(places)
    print_checkups(checkups)
    ctx.exit(FAILED if any(checkup.remedy for checkup in checkups) else 0)


def _to_request(config: Config, options: dict[str, Any]) -> "BuildRequest":
    """Returns the build that the command line asks for."""
    from reportgen import pipeline
    from reportgen.cli import machine
    from reportgen.record import Provenance, encodable

    return pipeline.BuildRequest(
        output=options["output"],
        name=options["name"],
        dataset=options["dataset"],
        places=replace(
            _places(options["data"], offline=options["offline"]),
            class_order=options["class_order"],
        ),
        protocol=options["protocol"],
        seed=options["seed"],
        retrain=options["retrain"],
        model=options["model"],
        trusted=options["trust_model"],
        said=pipeline.Said(options["scale"], options["output_kind"]),
        settings=pipeline.Settings(
            options["recipe"],
            options["epochs"],
            options["batch_size"],
            options["repeats"],
            options["resume"],
        ),
        certainty=pipeline.Certainty(
            options["level"], options["bootstrap"], options["check_intervals"]
        ),
        author=pipeline.Author(config.title, config.words),
        provenance=Provenance(
            command=("reportgen", *map(encodable, sys.argv[1:])),
            seed=0,
            reportgen=__version__,
            environment=machine.environment(),
            revision=None,
        ),
        revision=lambda: machine.revision(current_folder()),
        created_at=machine.now(),
        baseline=_rival(options),
        formats=options["format"],
        handed=handed_paths(options),
        positive=options["positive"],
        gate=pipeline.Gate(
            together(config.requirements, options["require"]),
            options["strict"],
            options["junit"],
        ),
    )


def _rival(options: dict[str, Any]) -> "Rival | None":
    """Returns what the run is compared with, None for nothing."""
    from reportgen.pipeline import Rival

    if options["baseline"] is None:
        return None
    return Rival(options["baseline"], options["margin"])


def _places(data: Path | None, *, offline: bool) -> "Places":
    """Returns where datasets may lie, and whether they may be downloaded."""
    import platformdirs

    from reportgen.pipeline import Places

    collection = os.environ.get("REPORTGEN_DATA")
    try:
        cache = platformdirs.user_cache_path("reportgen")
        keras_home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    except RuntimeError:  # no HOME, and no user of that number
        cache = Path(tempfile.gettempdir(), f"reportgen-{os.getuid()}")
        keras_home = cache / "keras"
    return Places(
        data=data,
        collection=Path(collection) if collection else None,
        cache=cache,
        keras_cache=keras_home / "datasets",
        offline=offline,
    )
