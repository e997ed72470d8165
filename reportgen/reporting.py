"""From Python: predictions in memory become a run folder, as the command line makes it.

The same functions are called with the same defaults; what they refuse is refused in the
same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from numbers import Real
from os import PathLike, fsencode
from pathlib import Path
from urllib.parse import quote

from numpy.typing import ArrayLike

from reportgen import __version__
from reportgen.cli import machine
from reportgen.cli.config import Config, checked_card, shown
from reportgen.cli.console import watching
from reportgen.cli.options import FORMATS, current_folder
from reportgen.errors import RenderError, UsageError
from reportgen.pipeline import (
    Author,
    BuildRequest,
    Certainty,
    Finding,
    Finished,
    Gate,
    HandedRows,
    Places,
    Rival,
    Settings,
    build,
    check_positive,
    plain_name,
)
from reportgen.predictions import Predictions, check_made
from reportgen.predictions.images import checked_images
from reportgen.record import (
    Judgement,
    Provenance,
    Record,
    Requirement,
    encodable,
    estimated,
)
from reportgen.record.requirements import Outcome
from reportgen.requirements import check_compared, overall, parse, together

LEVELS = (0.5, 0.9999)
REPLICATES = (100, 100_000)
SEEDS = (0, 2**32 - 1)
MARGINS = (0, 1)
"""Least and greatest that each option takes, as on the command line."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A run folder that stands, and what its report says.

    Attributes:
        run: The run folder.
        paths: Files in it.
        record: All that the report says, as record.json holds it.
        findings: What the numbers amount to, in sentences.
        missing: Names of pages that were asked for and could not be made.
        failure: Why there are such, None where there is none; all else stands.
    """

    run: Path
    paths: tuple[Path, ...]
    record: Record
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    failure: RenderError | None

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What was required of it and whether that is met, as it was asked."""
        return self.record.judgements

    @property
    def outcome(self) -> Outcome | None:
        """The worst of the judgements, None where nothing was required."""
        return overall(self.judgements)

    def __repr__(self) -> str:
        return f"Report({str(self.run)!r}: {self._headline()})"

    def _repr_html_(self) -> str:
        """Returns a link and the headline, which a notebook shows."""
        page = next((p for p in self.paths if p.suffix in {".html", ".pdf"}), self.run)
        link = (
            f'<a href="{escape(quote(fsencode(page)))}">{escape(self.record.title)}</a>'
        )
        return f"<p>{link}: {escape(self._headline())}</p>"

    def _headline(self) -> str:
        """Returns the accuracy with its interval, and what could not be written."""
        evaluation = self.record.evaluation
        said = (
            f"accuracy {estimated(evaluation.score('accuracy'))} on {evaluation.n:,} "
            f"test {self.record.noun}s"
        )
        if self.outcome:
            said += f"; requirements {self.outcome}"
        if self.failure:
            said += f"; not written: {', '.join(self.missing)}: {self.failure}"
        return said


def build_report(  # noqa: PLR0913 - a front door: each option by a name of its own
    predictions: Predictions,
    *,
    images: ArrayLike | None = None,
    output: str | PathLike[str] = "output",
    name: str = "model",
    title: str | None = None,
    card: Mapping[str, str] | None = None,
    validation: Predictions | None = None,
    baseline: str | PathLike[str] | Report | None = None,
    margin: float = 0.001,
    require: Iterable[str] = (),
    positive: str | None = None,
    formats: Iterable[str] = ("html", "pdf"),
    level: float = 0.95,
    bootstrap: int = 1000,
    check_intervals: bool = False,
    seed: int = 42,
    progress: bool = False,
) -> Report:
    """Returns the report on predictions, written as `reportgen build` writes it.

    The run folder is complete or absent: it is written beside an older one of its name
    and moved in at the end. No configuration file and no variable is read.

    Args:
        predictions: n rows of the test part, as `Predictions.of` makes them.
        images: What these rows show, in their order: (n, h, w), (n, h, w, 1) or
            (n, h, w, 3) uint8, for the galleries, and for slices by what was measured
            on them.
        output: Folder of all runs.
        name: Name of the run's folder in it.
        title: Title of the report, None to make one of the name.
        card: What only the author can say, as `[card]` of reportgen.toml: intended_use,
            out_of_scope, limits, ethics, licence, contact.
        validation: Predictions on rows that the classifier was not fitted on and that
            are not in `predictions`: a temperature and thresholds are fitted on them.
        baseline: What it is compared with: the run folder, record.json or report.pdf of
            another run, or its `Report`.
        margin: Loss of accuracy against it that is put up with, as a share.
        require: What it must reach, as "accuracy >= 0.985": judged on its interval,
            and told by `outcome`.
        positive: Which of two classes is looked for, None for the second in order.
        formats: What to write the report as, of html, pdf, json and md.
        level: Confidence level of every interval, 0.5 to 0.9999.
        bootstrap: Test sets drawn where an interval or a noise floor is simulated.
        check_intervals: Whether to bootstrap the scores beside their intervals.
        seed: Whole number that decides what is simulated.
        progress: Whether to tell on stderr how it goes.

    Returns:
        The run folder, its files and what they say. Where a page could not be made,
        `failure` says why and all else stands.

    Raises:
        ReportgenError: Something that the caller can mend; an older run stands.

    >>> from tempfile import TemporaryDirectory
    >>> rows = Predictions.of([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    >>> with TemporaryDirectory() as folder:
    ...     report = build_report(rows, output=folder, formats=["json"])
    ...     sorted(path.name for path in report.paths)
    ['SHA256SUMS', 'predictions.npz', 'record.json']
    >>> report.record.evaluation.correct
    2
    """
    level, margin = _share("level", level, LEVELS), _share("margin", margin, MARGINS)
    bootstrap = _whole("bootstrap", bootstrap, REPLICATES)
    seed = _whole("seed", seed, SEEDS)
    words = said(title, card)
    check_made("predictions", predictions)
    check_positive(predictions.class_names, positive)
    if validation is not None:
        check_made("validation", validation)
    seen = None if images is None else checked_images(images, predictions.n)
    asked = {"name": name, "level": level, "bootstrap": bootstrap, "seed": seed}
    asked |= {} if positive is None else {"positive": positive}
    request = BuildRequest(
        output=placed("output", output),
        name=named(name),
        dataset=None,
        places=Places(data=None, collection=None, cache=Path(), keras_cache=Path()),
        protocol=None,
        seed=seed,
        retrain=False,
        model=None,
        settings=Settings("classic", None, None),
        certainty=Certainty(level, bootstrap, bool(check_intervals)),
        author=words,
        provenance=_provenance(asked),
        revision=lambda: machine.revision(current_folder()),
        created_at=machine.now(),
        formats=known(formats),
        handed=HandedRows(predictions, validation, seen),
        positive=positive,
        gate=Gate(required(require, compared=baseline is not None)),
        baseline=None if baseline is None else Rival(rival(baseline), margin),
    )
    with watching(quiet=not progress) as watcher:
        return _report(build(request, watcher))


def _share(name: str, value: object, ends: tuple[float, float]) -> float:
    """Returns a number that an option takes, of Python's own kind."""
    number = _within(ends, value)
    if number is None:
        raise _outside(name, value, f"lie in {ends[0]} to {ends[1]:,}")
    return number


def _whole(name: str, value: object, ends: tuple[int, int]) -> int:
    """Returns a whole number that an option takes, likewise; 42.0 is one."""
    number = _within(ends, value)
    if number is None or not number.is_integer():
        what = f"be a whole number from {ends[0]} to {ends[1]:,}"
        raise _outside(name, value, what)
    return int(number)


def _within(ends: tuple[float, float], value: object) -> float | None:
    """Returns a number that lies between two, None for another and for what is none."""
    if not isinstance(value, Real):
        return None
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return None
    return number if ends[0] <= number <= ends[1] else None  # NaN lies nowhere


def _outside(name: str, value: object, what: str) -> UsageError:
    """Returns the error of an option that does not take what it was given."""
    return UsageError(
        f"{name} must {what}. Received {shown(value)}. Leave it out for the default."
    )


def named(name: str) -> str:
    """Returns the name of a run, if it is one plain folder name.

    Args:
        name: As `build_report` takes it.

    Raises:
        UsageError: It is none, or no text.
    """
    if not isinstance(name, str):
        raise _outside("name", name, "be text")
    return plain_name(str(name))


def placed(option: str, path: str | PathLike[str]) -> Path:
    """Returns the path that an option names.

    Args:
        option: What it is called.
        path: As `build_report` takes it.

    Raises:
        UsageError: It is no path, or none that a file can have.
    """
    try:
        place = Path(path)
        fits = b"\0" not in fsencode(place)
    except (TypeError, UnicodeEncodeError):
        fits = False
    if not fits:
        raise _outside(option, path, "be a path, as text or pathlib.Path")
    return place


def rival(baseline: str | PathLike[str] | Report) -> Path:
    """Returns where what a run is compared with lies.

    Args:
        baseline: As `build_report` takes it.

    Raises:
        UsageError: It is no path.
    """
    return (
        baseline.run if isinstance(baseline, Report) else placed("baseline", baseline)
    )


def said(title: str | None, card: Mapping[str, str] | None) -> Author:
    """Returns what the author says, if these are words that a report prints.

    Args:
        title: As `build_report` takes it.
        card: Likewise.

    Raises:
        UsageError: A key is unknown, or a text no plain one.
    """
    titled = {} if title is None else {"title": title}
    words = dict(card) if isinstance(card, Mapping) else card
    written = {} if words is None else checked_card(Path("card"), words)
    config = Config({}, {**written, **checked_card(Path("card"), titled)})
    return Author(config.title, config.words)


def required(expressions: Iterable[str], *, compared: bool) -> tuple[Requirement, ...]:
    """Returns the requirements that expressions state.

    Args:
        expressions: As `build_report` takes them.
        compared: Whether there is a baseline.

    Raises:
        UsageError: One does not read as a requirement, or is on a difference from
            nothing.
    """
    if isinstance(expressions, str):
        raise UsageError(
            "require must be a list of requirements. Received text, "
            f"{expressions[:80]!r}. Put it in brackets."
        )
    wanted = _listed("require", expressions)
    found = together((), tuple(parse(one, "require") for one in wanted))
    check_compared(found, compared=compared)
    return found


def known(formats: Iterable[str]) -> tuple[str, ...]:
    """Returns the formats, each once, in the order in which they are written.

    Args:
        formats: As `build_report` takes them.

    Raises:
        UsageError: One is unknown.
    """
    asked = _listed(
        "formats", formats.split(",") if isinstance(formats, str) else formats
    )
    strangers = [one for one in asked if one not in FORMATS]
    if strangers:
        raise UsageError(
            f"formats must be of {', '.join(FORMATS)}. Received {strangers[0]!r}. "
            "Leave it out for HTML and PDF."
        )
    return tuple(name for name in FORMATS if name in asked)


def _listed(option: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Returns the texts that an option takes several of."""
    try:
        found = tuple(texts)
    except TypeError as error:  # it is one thing, as an array of no dimension is
        raise _outside(option, texts, "be a list of texts") from error
    if not all(isinstance(one, str) for one in found):
        raise _outside(option, texts, "be a list of texts")
    return found


def _provenance(asked: Mapping[str, object]) -> Provenance:
    """Returns where the run comes from: the call in place of a command line."""
    words = (encodable(f"{key}={value}") for key, value in asked.items())
    return Provenance(
        command=("reportgen.build_report", *words),
        seed=0,
        reportgen=__version__,
        environment=machine.environment(),
        revision=None,
    )


def _report(finished: Finished) -> Report:
    """Returns the run that stands, as a caller in Python is given it."""
    return Report(
        run=finished.run,
        paths=finished.paths,
        record=finished.record,
        findings=finished.findings,
        missing=finished.missing,
        failure=finished.failure,
    )
