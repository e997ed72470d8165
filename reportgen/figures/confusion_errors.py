"""Which class is read as which where the reading is wrong."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.confusion import (
    MOST_NAMED,
    MOST_WRITTEN,
    draw_scale,
    empty_matrix,
    is_written,
    ramp,
    write_counts,
)
from reportgen.figures.lettering import joined
from reportgen.figures.style import MUTED, RULE, look
from reportgen.record import (
    ConfusedPair,
    Record,
    Sentence,
    beyond_chance,
    count,
    p_phrase,
    quantity,
    sentence,
    share,
)
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NOT_SHOWN = "#eef0f3"
"""Ground of the diagonal, which is left out."""

DEEPEST = 3
"""Errors that the deepest shade stands for, at least: a single one is no alarm."""


def no_confusion_errors(record: Record) -> str | None:
    """Returns why no matrix of errors is shown."""
    if record.evaluation.errors:
        return None
    return (
        f"No test {record.noun} was read wrong, so no class is confused with another."
    )


@look()
def draw_confusion_errors(record: Record) -> "Figure":
    """Returns the errors alone as cells; the diagonal is hatched, being left out."""
    from matplotlib.colors import Normalize

    errors, names = _drawn(record)
    most = max(int(errors.max()), DEEPEST)
    figure, axes = empty_matrix(record, names)
    cells = np.ma.masked_equal(errors, 0)
    axes.imshow(
        cells,
        cmap=ramp("Oranges"),
        norm=Normalize(0, most),
        interpolation="nearest",
        aspect="auto",
    )
    _hatch_diagonal(axes, len(errors))
    if is_written(record, errors):
        write_counts(axes, errors)
    else:
        ticks = sorted({round(n) for n in np.linspace(1, most, 5)})
        draw_scale(figure, axes, ticks=ticks, label=f"{record.noun}s")
    return figure


def caption_confusion_errors(record: Record) -> Sentence:
    """Returns the commonest confusion, and its direction where that is sure."""
    pair = record.evaluation.confused_pairs[0]
    return joined(
        _commonest(record),
        _direction(pair, record.evaluation.sampling.level),
        sentence(
            "The hatched diagonal is left out, and the shade is on a linear scale over "
            "the errors alone."
        ),
        _chosen_note(record),
    )


def alt_confusion_errors(record: Record) -> Sentence:
    """Returns what the matrix shows, and the commonest confusion."""
    return joined(
        sentence(
            "Confusion matrix of {errors} alone, its diagonal left out.",
            errors=counted(record.evaluation.errors, "error"),
        ),
        _commonest(record),
    )


def _errors(record: Record) -> NDArray[np.int64]:
    """Returns (k, k) counts without the diagonal."""
    matrix = np.array(record.evaluation.confusion_matrix.counts, dtype=np.int64)
    np.fill_diagonal(matrix, 0)
    return matrix


def _chosen(record: Record) -> NDArray[np.int64]:
    """Returns the classes that are drawn, in label order.

    Of more than `MOST_NAMED` they are those of the most frequent confusions, up to
    `MOST_WRITTEN`, so that each has its name and each cell its count.
    """
    errors = _errors(record)
    k = len(errors)
    if k <= MOST_NAMED:
        return np.arange(k)
    both = np.triu(errors + errors.T)  # (k, k), each pair once
    pairs = np.argsort(-both, axis=None, kind="stable")[: np.count_nonzero(both)]
    chosen: dict[int, None] = {}
    for pair in pairs.tolist():
        new = [c for c in divmod(pair, k) if c not in chosen]
        if len(chosen) + len(new) > MOST_WRITTEN:
            break
        chosen.update(dict.fromkeys(new))
    return np.array(sorted(chosen), dtype=np.int64)


def _drawn(record: Record) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Returns the errors among the drawn classes, and the names of these."""
    chosen = _chosen(record)
    names = record.evaluation.class_names
    return _errors(record)[np.ix_(chosen, chosen)], tuple(names[c] for c in chosen)


def _chosen_note(record: Record) -> Sentence | None:
    """Returns which classes are drawn, where not all are."""
    errors, names = _drawn(record)
    if len(names) == record.evaluation.k:
        return None
    return sentence(
        "Of {k} classes these are the {drawn} of the most frequent confusions; among "
        "them " + ("lies" if errors.sum() == 1 else "lie") + " {among} of {errors}.",
        k=count(record.evaluation.k),
        drawn=count(len(names)),
        among=count(int(errors.sum())),
        errors=counted(record.evaluation.errors, "error"),
    )


def _hatch_diagonal(axes: "Axes", k: int) -> None:
    """Covers the cells of the diagonal, so that they do not look empty."""
    places = np.arange(k)
    axes.bar(
        places,
        np.ones(k),
        width=1,
        bottom=places - 0.5,
        facecolor=NOT_SHOWN,
        edgecolor=MUTED if k == 1 else RULE,
        hatch="////",
        linewidth=0,
    )


def _commonest(record: Record) -> Sentence:
    """Returns the two classes confused most, both ways, and their share of errors."""
    first, *others = record.evaluation.confused_pairs
    alone = all(other.count < first.count for other in others)
    opening = (
        "Classes {first} and {second} are confused most"
        if alone
        else "No two classes are confused more often than {first} and {second}"
    )
    return sentence(
        opening + ", in {share} of {errors} (class {first} read as class "
        "{second}: {forth}; the other way: {back}).",
        first=first.first,
        second=first.second,
        forth=count(first.first_as_second),
        back=count(first.second_as_first),
        share=share(first.share_of_errors, 0),
        errors=counted(record.evaluation.errors, "error"),
    )


def _direction(pair: ConfusedPair, level: float) -> Sentence:
    """Returns how often one is read as the other, and if the reverse is rarer."""
    if pair.second_share is None:
        template = (
            "Nothing in the test part is of class {second}, so it goes no other way: "
            "{share} of class {first} is read as {second}."
        )
    elif beyond_chance(pair.direction_p_holm, level):
        template = (
            "It goes that way more often than by chance (exact binomial test, "
            "Holm, {chance}): {share} of class {first} is read as {second}."
        )
    else:
        template = (
            "Which way it goes is within noise (exact binomial test, Holm, {chance})."
        )
    return sentence(
        template,
        chance=p_phrase(pair.direction_p_holm),
        share=quantity(pair.first_share, "share"),
        first=pair.first,
        second=pair.second,
    )
