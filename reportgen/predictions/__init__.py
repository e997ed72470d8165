"""Predictions of a classifier on labelled rows, and their file."""

from reportgen.predictions.columns import Column
from reportgen.predictions.contents import contents_of
from reportgen.predictions.contract import Predictions
from reportgen.predictions.files import (
    LARGEST_CARRIED,
    LARGEST_HANDED,
    MEMBERS,
    MOST_CLASSES,
    parse_predictions,
    read_predictions,
    read_with_digest,
    to_npz,
    write_predictions,
)

__all__ = [
    "LARGEST_CARRIED",
    "LARGEST_HANDED",
    "MEMBERS",
    "MOST_CLASSES",
    "Column",
    "Predictions",
    "contents_of",
    "parse_predictions",
    "read_predictions",
    "read_with_digest",
    "to_npz",
    "write_predictions",
]
