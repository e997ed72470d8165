"""Whether predictions are those that a record speaks of."""

import numpy as np

from reportgen.data import row_ids_sha256
from reportgen.metrics.counts import confusion_counts
from reportgen.predictions import Predictions
from reportgen.record import Record

Facts = list[tuple[str, object, object]]
"""Names of facts, each with what a record says of it and what predictions say."""


def facts_of_rows(record: Record, predictions: Predictions) -> Facts:
    """Returns what must be the same in a record and in the predictions of its rows."""
    dataset, evaluation = record.dataset, record.evaluation
    return [
        ("test rows", evaluation.n, predictions.n),
        ("class names", evaluation.class_names, predictions.class_names),
        ("class names of the data", dataset.class_names, predictions.class_names),
        (
            "hash of the row ids",
            dataset.test_rows_sha256,
            row_ids_sha256(predictions.row_ids),
        ),
        ("rows a class", dataset.test.class_counts, class_counts(predictions)),
    ]


def class_counts(predictions: Predictions) -> tuple[int, ...]:
    """Returns (k,) rows a class, in label order."""
    counts = np.bincount(predictions.y_true, minlength=predictions.k)
    return tuple(counts.tolist())


def unlike(facts: Facts) -> tuple[str, ...]:
    """Returns how a record and predictions differ, a sentence each."""
    return tuple(
        f"{name}: the record says {stored!r}, the predictions {found!r}"
        for name, stored, found in facts
        if stored != found
    )


def strangers(record: Record, predictions: Predictions) -> tuple[str, ...]:
    """Returns why predictions cannot be those of a record; nothing where they can.

    They can where all facts of the rows agree, and what was predicted of them counts up
    to the confusion matrix.
    """
    evaluation = record.evaluation
    facts = facts_of_rows(record, predictions)
    facts.append(("labels alone", evaluation.hard, predictions.hard))
    found = unlike(facts)
    if found:
        return found
    counts = np.array(evaluation.confusion_matrix.counts)
    if np.array_equal(counts, confusion_counts(predictions)):
        return ()
    return ("confusion matrix: the record counts other predictions",)
