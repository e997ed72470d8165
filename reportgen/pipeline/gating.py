"""Whether a run is good enough: checked before it is measured, judged after."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from reportgen.disk import write_whole
from reportgen.errors import OutputError, UsageError
from reportgen.pipeline.comparing import compare_judgements
from reportgen.pipeline.request import Gate
from reportgen.pipeline.runs import writing
from reportgen.record import (
    Comparison,
    Evaluation,
    Judgement,
    Record,
    Requirement,
)
from reportgen.requirements import (
    check_compared,
    differences_of,
    judge,
    to_junit,
)

SUFFIX = ".xml"
"""Of JUnit's files: whatever else lies there is not ours to overwrite."""


def check_gate(gate: Gate, *, compared: bool) -> None:
    """Refuses what could not be judged or told, before anything is read.

    Args:
        gate: What the run must reach.
        compared: Whether there is a baseline.

    Raises:
        UsageError: A difference is required without a baseline, or there is nothing to
            write as JUnit.
        OutputError: The JUnit file cannot be written.
    """
    check_compared(gate.requirements, compared=compared)
    if gate.junit is None:
        return
    if not gate.requirements:
        raise UsageError(
            "--junit must come with requirements, for their outcomes. Received none. "
            "State one with --require or in [requirements], or leave it out."
        )
    with writing(gate.junit):
        _check_writable(gate.junit)


def _check_writable(path: Path) -> None:
    """Refuses a file that cannot be written, or is none of ours."""
    if path.suffix.lower() != SUFFIX:
        raise OutputError(
            f"--junit must name a file that ends in {SUFFIX}. Received {path.name!r}. "
            "Name it as junit.xml."
        )
    if path.exists() and not path.is_file():
        raise OutputError(
            f"{path} must be a file or absent, to hold JUnit. Received a folder or a "
            "device. Name another file with --junit."
        )
    folder = next(one for one in path.absolute().parents if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            f"{path} must be writable. Received one in {folder}, which takes no files. "
            "Name another one with --junit."
        )


def check_outside(gate: Gate, run: Path) -> None:
    """Refuses a JUnit file within the run folder, which only holds what a run writes.

    Args:
        gate: What the run must reach.
        run: Run folder.

    Raises:
        OutputError: It lies in there.
    """
    if gate.junit is None:
        return
    inside = Path(os.path.realpath(gate.junit)).is_relative_to(os.path.realpath(run))
    if inside:
        raise OutputError(
            f"{gate.junit} must lie outside of {run}, which the next build replaces. "
            "Name a file beside it with --junit."
        )


def gated(record: Record, gate: Gate) -> Record:
    """Returns the record with a judgement on each requirement.

    Args:
        record: What was measured, and compared where differences are required.
        gate: What it must reach.

    Raises:
        UsageError: A class is unknown.
    """
    return replace(
        record,
        judgements=judged(record.evaluation, record.comparison, gate.requirements),
    )


def judged(
    evaluation: Evaluation,
    comparison: Comparison | None,
    requirements: Iterable[Requirement],
) -> tuple[Judgement, ...]:
    """Returns a judgement on each requirement.

    Args:
        evaluation: What was measured.
        comparison: What differences are judged on, None where there is none.
        requirements: As `parse` returns them.

    Raises:
        UsageError: A measure or a class is unknown, or there is no comparison.
    """
    differences = None if comparison is None else differences_of(comparison)
    return judge(evaluation, requirements, differences=differences)


def unlike_judgements(
    stored: tuple[Judgement, ...], evaluation: Evaluation, comparison: Comparison | None
) -> tuple[str, ...]:
    """Returns how judgements differ from those on numbers computed again.

    Args:
        stored: Those that a PDF carries.
        evaluation: What was measured, computed again.
        comparison: What was compared, likewise; None where nothing was.
    """
    requirements = (one.requirement for one in stored)
    try:
        again = judged(evaluation, comparison, requirements)
    except UsageError as error:
        return (str(error),)
    return compare_judgements(stored, again).differences


def write_junit(judgements: tuple[Judgement, ...], gate: Gate) -> None:
    """Writes the judgements as JUnit XML, whole or not at all, where that is asked for.

    Args:
        judgements: On each requirement.
        gate: Where they are written.

    Raises:
        OutputError: The file cannot be written.
    """
    if gate.junit is None:
        return
    content = to_junit(judgements, strict=gate.strict)
    with writing(gate.junit):
        gate.junit.parent.mkdir(parents=True, exist_ok=True)
        write_whole(gate.junit.parent, {gate.junit.name: content})
