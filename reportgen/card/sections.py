"""The sections of the report, in order, and the question that each one answers."""

from collections.abc import Callable
from dataclasses import dataclass

from reportgen.record import WITHOUT_PROBABILITIES, Record


def _always(_record: Record) -> str | None:
    """Returns None: the section always has something to say."""
    return None


@dataclass(frozen=True, slots=True)
class Section:
    """One row of `SECTIONS`.

    Attributes:
        key: Name of its template, its id on the page and its golden file.
        title: Heading.
        question: What it answers, without the question mark.
        absent: Returns why a record has nothing for it in a sentence, or None.
        on_request: Whether it stands only where it was asked for, so that nobody need
            be told that it is not there.
    """

    key: str
    title: str
    question: str
    absent: Callable[[Record], str | None] = _always
    on_request: bool = False


def _without_model(record: Record) -> str | None:
    """Returns the reason where predictions came without their model."""
    if record.model is not None:
        return None
    return "The predictions were handed over without their model."


def _without_training(record: Record) -> str | None:
    """Returns the reason where nothing is known of the training."""
    if record.training is not None:
        return None
    return _without_model(record) or "How the weights came to be is not known."


def _without_slices(record: Record) -> str | None:
    """Returns the reason where there are no slices."""
    slices = record.evaluation.slices
    if slices is None:
        return f"Nothing is known of the test {record.noun}s to group them by."
    if not slices.slices:
        return f"No column puts enough test {record.noun}s into groups."
    return None


def _without_curves(record: Record) -> str | None:
    """Returns the reason where no class has a curve."""
    if record.evaluation.roc or record.evaluation.precision_recall:
        return None
    if record.evaluation.hard:
        return WITHOUT_PROBABILITIES
    return f"No class has test {record.noun}s both inside and outside of it."


def _without_calibration(record: Record) -> str | None:
    """Returns the reason where rows were too few for bins, or had no probabilities."""
    if record.evaluation.calibration is not None:
        return None
    if record.evaluation.hard:
        return WITHOUT_PROBABILITIES
    return f"There are too few test {record.noun}s to put into bins."


def _without_deciding(record: Record) -> str | None:
    """Returns the reason where rows were too few to be ordered, or had no order."""
    if record.evaluation.deciding is not None:
        return None
    if record.evaluation.hard:
        return WITHOUT_PROBABILITIES
    return f"There are too few test {record.noun}s to abstain from some."


def _without_baseline(record: Record) -> str | None:
    """Returns the reason where there is nothing to compare with."""
    return None if record.comparison is not None else "No baseline was named."


SECTIONS: tuple[Section, ...] = (
    Section("summary", "Summary", "May I trust it"),
    Section("model", "Model", "What is it", _without_model),
    Section("data", "Data", "What was it shown"),
    Section("training", "Training", "How did it learn", _without_training),
    Section("performance", "Performance", "How good is it, and how sure are we"),
    Section("classes", "Classes", "Where is it weak"),
    Section("slices", "Slices", "Which kinds does it get wrong", _without_slices),
    Section("curves", "Curves", "How does it trade off", _without_curves),
    Section(
        "calibration",
        "Calibration",
        "Do its probabilities mean what they say",
        _without_calibration,
    ),
    Section("deciding", "Deciding", "When should it abstain", _without_deciding),
    Section("errors", "Errors", "What does it get wrong"),
    Section(
        "comparison",
        "Comparison",
        "Is it better than the last one",
        _without_baseline,
        on_request=True,
    ),
    Section("provenance", "Provenance", "Can I check all this"),
)
