"""How the training went, and how far what came of it depends on the seed."""

from dataclasses import dataclass
from math import ceil
from statistics import fmean, stdev

from reportgen.record import (
    Record,
    Repeat,
    Sentence,
    Training,
    count,
    estimated,
    sentence,
    share,
    significant,
)

TARGETS = (0.9, 0.95, 0.98, 0.99, 0.995)
"""Validation accuracies of which the report says when they were first reached."""

MOST_STEPS = 20
"""Steps between the epochs that a short table shows."""

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
"""Round numbers of epochs from one row to the next."""

FEW_SEEDS = 5
"""Seeds below which a standard deviation between them is said to tell little."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """When an accuracy was first reached.

    Attributes:
        accuracy: Share right on the validation part, one of `TARGETS`.
        epoch: The first after which it was reached, counted from 1.
        end_s: Seconds from the beginning of the training, None where not known.
    """

    accuracy: float
    epoch: int
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Course:
    """What follows from the record of a training.

    Attributes:
        noun: What an epoch is called: "pass" where each brings fresh warps.
        nouns: Its plural.
        shown: What the images are called that training saw, as "augmented".
        budget: Images that training saw in all, copies and repetitions among them.
        step: Epochs from one row of the short table to the next.
        rows: Epochs of the short table, from 1; the first and the last among them.
        milestones: When each accuracy was first reached; none that never was.
        least_target: The least accuracy of which that is said.
        timed: Whether this run trained, so that seconds are known.
    """

    noun: str
    nouns: str
    shown: str
    budget: int
    step: int
    rows: tuple[int, ...]
    milestones: tuple[Milestone, ...]
    least_target: float
    timed: bool


def course(record: Record) -> Course | None:
    """Returns how the training went, None where nothing is known of it."""
    training = record.training
    if training is None:
        return None
    epochs = len(training.history.loss)
    ends_s = record.timings.epoch_ends_s
    timed = len(ends_s) == epochs
    step = _step(epochs)
    fresh = training.warping is not None
    return Course(
        noun="pass" if fresh else "epoch",
        nouns="passes" if fresh else "epochs",
        shown="freshly warped" if fresh else "augmented",
        budget=training.epochs * training.images_per_epoch,
        step=step,
        rows=tuple(sorted({1, *range(step, epochs + 1, step), epochs})),
        milestones=_milestones(training, ends_s if timed else ()),
        least_target=TARGETS[0],
        timed=timed,
    )


def _step(epochs: int) -> int:
    """Returns the round number of epochs from one row to the next."""
    fitting = (step for step in STEPS if epochs <= MOST_STEPS * step)
    return next(fitting, ceil(epochs / MOST_STEPS))


def _milestones(training: Training, ends_s: tuple[float, ...]) -> tuple[Milestone, ...]:
    """Returns when each accuracy was first reached.

    Args:
        training: Holds the validation accuracies.
        ends_s: Seconds to the end of each epoch, none where they are not known.
    """
    found = []
    for target in TARGETS:
        reached = (a >= target for a in training.history.validation_accuracy)
        epoch = next((e for e, yes in enumerate(reached, start=1) if yes), None)
        if epoch is not None:
            end_s = ends_s[epoch - 1] if ends_s else None
            found.append(Milestone(target, epoch, end_s))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class BetweenSeeds:
    """The same training from several seeds, scored on the same test part.

    Attributes:
        repeats: One row a seed, that of this report first.
        accuracy_mean: Mean of the accuracies.
        accuracy_deviation: Their standard deviation, with one seed fewer as divisor.
        log_loss_mean: Mean of the log losses, in nats.
        log_loss_deviation: Their standard deviation, likewise.
        said: What the deviation means beside the interval of the accuracy.
    """

    repeats: tuple[Repeat, ...]
    accuracy_mean: float
    accuracy_deviation: float
    log_loss_mean: float
    log_loss_deviation: float
    said: Sentence


def between_seeds(record: Record) -> BetweenSeeds | None:
    """Returns what several seeds brought; None for fewer than two.

    None as well where the model is tested on other rows than the seeds were: their
    scores say nothing of these.
    """
    training = record.training
    if training is None or len(training.repeats) < 2 or not _same_rows(record):  # noqa: PLR2004 - a spread takes two
        return None
    accuracies = [repeat.accuracy for repeat in training.repeats]
    losses = [repeat.log_loss for repeat in training.repeats]
    return BetweenSeeds(
        repeats=training.repeats,
        accuracy_mean=fmean(accuracies),
        accuracy_deviation=stdev(accuracies),
        log_loss_mean=fmean(losses),
        log_loss_deviation=stdev(losses),
        said=_said(record, training, accuracies),
    )


def _same_rows(record: Record) -> bool:
    """Returns whether the test part is the one that the training held back."""
    held_back = record.trained_on and record.trained_on.test_rows_sha256
    return held_back == record.dataset.test_rows_sha256


def _said(record: Record, training: Training, accuracies: list[float]) -> Sentence:
    """Returns the spread between seeds, told apart from the sampling interval."""
    chance = "first weights and order"
    if training.warping is not None:
        chance = "first weights, order and warps"
    template = (
        "From {k} seeds, on one split, the accuracy has a standard deviation of "
        "{deviation} about a mean of {mean}. That is how far the chance in "
        + chance
        + " moves it, and another uncertainty than the interval of this report's "
        "accuracy, {accuracy}, which says how far other test {noun}s would: neither "
        "holds the other."
    )
    if len(accuracies) < FEW_SEEDS:
        template += (
            " But {k} seeds tell little of it: the true deviation may well be several "
            "times as large."
        )
    return sentence(
        template,
        k=count(len(accuracies)),
        deviation=significant(stdev(accuracies), "points"),
        mean=share(fmean(accuracies)),
        accuracy=estimated(record.evaluation.score("accuracy")),
        noun=record.noun,
    )
