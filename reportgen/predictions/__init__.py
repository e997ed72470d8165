"""Predictions of a classifier on labelled rows, and their files."""

from reportgen.predictions.bounds import LARGEST_CARRIED, LARGEST_HANDED, MOST_CLASSES
from reportgen.predictions.columns import Column
from reportgen.predictions.contents import contents_of
from reportgen.predictions.contract import Predictions, check_made
from reportgen.predictions.files import (
    MEMBERS,
    parse_predictions,
    to_npz,
    write_predictions,
)
from reportgen.predictions.reading import Received, read_predictions, receive
from reportgen.predictions.roles import Asked

__all__ = [
    "LARGEST_CARRIED",
    "LARGEST_HANDED",
    "MEMBERS",
    "MOST_CLASSES",
    "Asked",
    "Column",
    "Predictions",
    "Received",
    "check_made",
    "contents_of",
    "parse_predictions",
    "read_predictions",
    "receive",
    "to_npz",
    "write_predictions",
]
