"""Progress and errors on stderr, a run's scores and findings on stdout."""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from reportgen.record import Judgement, Record, estimated
from reportgen.record.wording import visible
from reportgen.requirements import MARKS, said, tally, value_of

if TYPE_CHECKING:  # The pipeline loads NumPy; an error message needs none of it.
    from reportgen.pipeline import (
        Check,
        EpochReport,
        Finding,
        Verification,
        Watcher,
    )

STAGES = {
    "wait": "waiting for another process that is at work on this run",
    "unpack": "taking the report apart",
    "runs": "reading the runs",
    "baseline": "reading the baseline",
    "compare": "comparing with the baseline",
    "data": "reading the data",
    "load": "loading the model",
    "train": "training",
    "read": "reading the predictions",
    "predict": "predicting the test part",
    "evaluate": "computing the scores",
    "figures": "drawing the figures",
    "html": "writing the HTML",
    "pdf": "writing the PDF",
}
"""What each stage is called while it runs."""


LONGEST_ERROR = 4_000
"""Characters of an error that are shown: what a file holds may be as long as it is."""


def show_error(message: str) -> None:
    """Prints one panel that holds the message, on stderr.

    No name in it can begin a line of its own, which might pass for one of ours.
    """
    cut = message if len(message) <= LONGEST_ERROR else message[:LONGEST_ERROR] + "…"
    line = visible(cut.replace("\n", " "))
    panel = Panel(Text(line), title="reportgen", title_align="left", style="red")
    Console(stderr=True).print(panel)


FAILED = 1
"""Exit code of our errors."""


@contextmanager
def printing() -> Iterator[None]:
    """Ends the process with our error where stdout takes no more, as on a full disk.

    Where whoever read it is gone, as `head` is, there is nobody to tell. An error that
    is not of stdout stays what it is.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # here, and not when Python ends
    except OSError as error:
        if _takes_more():
            raise
        # Python flushes at its end once more, what could not be written still in hand.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.EPIPE:
            show_error(
                f"stdout must be writable: {error.strerror}. Free the disk, or send it "
                "elsewhere; files that were written stand."
            )
        sys.exit(FAILED)


def _takes_more() -> bool:
    """Returns whether stdout takes one more line, or is none that could be full."""
    if sys.stdout is None:
        return True
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True


class Silent:
    """A watcher that says nothing."""

    clock: Callable[[], float] = staticmethod(time.monotonic)

    def on_stage(self, name: str) -> None:
        """Says nothing."""

    def on_step(self, done: int, total: int) -> None:
        """Says nothing."""

    def on_epoch(self, report: "EpochReport") -> None:
        """Says nothing."""


class Lines(Silent):
    """A watcher for a pipe or a log: one plain line a stage and an epoch."""

    def __init__(self, console: Console) -> None:
        """Writes to that console."""
        self._console = console

    def on_stage(self, name: str) -> None:
        """Prints what begins."""
        self._print(STAGES[name])

    def on_epoch(self, report: "EpochReport") -> None:
        """Prints the epoch's figures."""
        self._print(f"{epoch_text(report)}  {report.left_s:.0f} s left")

    def _print(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)


class Bar(Silent):
    """A watcher for a terminal: the stages as lines, training as a moving bar."""

    def __init__(self, progress: Progress) -> None:
        """Draws on that progress display."""
        self._progress = progress
        self._task = progress.add_task("time left", total=None, visible=False)

    def on_stage(self, name: str) -> None:
        """Prints what begins, and shows the bar while training."""
        self._progress.update(self._task, visible=name == "train")
        self._progress.console.print(Text(STAGES[name]))

    def on_step(self, done: int, total: int) -> None:
        """Moves the bar."""
        self._progress.update(self._task, completed=done, total=total)

    def on_epoch(self, report: "EpochReport") -> None:
        """Prints the epoch's figures above the bar."""
        self._progress.console.print(Text(epoch_text(report)), soft_wrap=True)


def epoch_text(report: "EpochReport") -> str:
    """Returns the figures of one epoch in a line."""
    width = len(str(report.epochs))
    return (
        f"epoch {report.epoch:{width}}/{report.epochs}"
        f"  loss {report.loss:.4f}  accuracy {report.accuracy:.4f}"
        f"  validation loss {report.validation_loss:.4f}"
        f"  accuracy {report.validation_accuracy:.4f}"
    )


@contextmanager
def watching(*, quiet: bool) -> Iterator["Watcher"]:
    """Yields the watcher that suits stderr: silent, plain lines, or a moving bar."""
    console = Console(stderr=True)
    if quiet:
        yield Silent()
    elif not console.is_terminal:
        yield Lines(console)
    else:
        columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield Bar(progress)


def print_judgements(judgements: tuple[Judgement, ...]) -> None:
    """Prints how many requirements are met, and each of them, on stderr."""
    _print_judgements(Console(stderr=True), judgements)


def _print_judgements(console: Console, judgements: tuple[Judgement, ...]) -> None:
    """Prints a line for all requirements and one for each, nothing where none is."""
    if not judgements:
        return
    console.print(Text(f"Requirements: {tally(judgements)}"))
    for one in judgements:
        found = f" It is {value_of(one)}." if one.estimate else ""
        line = f"{MARKS[one.outcome]} {one.outcome}: {one.requirement}.{found}"
        console.print(Text(visible(f"{line} {said(one)}")), soft_wrap=True)


def unmet(judgements: tuple[Judgement, ...], *, strict: bool) -> str:
    """Returns the error that names the requirements that a run fails.

    Args:
        judgements: On each requirement.
        strict: Whether an inconclusive one counts as not met.
    """
    failing = ("not met", "inconclusive") if strict else ("not met",)
    named = [
        f"{one.requirement} ({value_of(one)})"
        for one in judgements
        if one.outcome in failing
    ]
    return (
        f"Every requirement must be met. Received {tally(judgements)}: "
        f"{'; '.join(named)}. Its folder stands, and says why."
    )


def print_run(record: Record, findings: "Iterable[Finding]") -> None:
    """Prints title, judgements, scores and findings of a record on stdout."""
    console = Console()
    console.print(Text(visible(record.title), style="bold"))
    about = (
        f"{_about(record)}: {record.evaluation.n:,} test {record.noun}s, "
        f"seed {record.provenance.seed}, {record.timings.created_at}"
    )
    console.print(Text(visible(about)))
    _print_judgements(console, record.judgements)
    console.print(_score_table(record))
    for finding in findings:
        console.print(Text(visible(f"- {finding.sentence}")))


def _about(record: Record) -> str:
    """Returns the data and their split, or the file that was handed over."""
    dataset = record.dataset
    if dataset.images is None:
        return f"Predictions in {dataset.source}"
    return f"{dataset.title}, {dataset.images.protocol}"


def _score_table(record: Record) -> Table:
    """Returns the scores, one a row; text from files is never read as markup."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("score")
    table.add_column("value and interval", justify="right")
    table.add_column("")
    for score in record.evaluation.scores:
        remark = score.reason or score.note or ""
        table.add_row(
            Text(visible(score.label)),
            Text(str(estimated(score))),
            Text(visible(remark)),
        )
    return table


LISTED = 10
"""Differences of one check that the terminal lists; --json lists all."""


def print_verification(verification: "Verification") -> None:
    """Prints what was checked of a report, and what differs, on stdout."""
    console = Console()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("check", "verdict", "what was compared"):
        table.add_column(heading)
    for check in verification.checks:
        compared = ": ".join(filter(None, (check.compared, check.skipped)))
        table.add_row(Text(check.name), Text(check.verdict), Text(visible(compared)))
    console.print(table)
    for check in verification.checks:
        for line in _differences(check):
            console.print(Text(visible(line)), soft_wrap=True)
    console.print("Not checked:")
    for limit in verification.limits:
        console.print(Text(f"- {limit}"), soft_wrap=True)


def _differences(check: "Check") -> Iterator[str]:
    """Yields the first differences of a check, and how many there are besides."""
    for difference in check.differences[:LISTED]:
        yield f"- {check.name}: {difference}"
    more = len(check.differences) - LISTED
    if more > 0:
        yield f"- {check.name}: {more:,} more, listed by --json"
