"""Whole reports with what they carry, for tests of what takes them apart."""

import dataclasses
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from cards import lettered, make_pictures
from records import make_columns, make_predictions, make_record, make_validation
from reportgen import __version__
from reportgen.card import compose
from reportgen.cli.machine import environment
from reportgen.data import row_ids_sha256
from reportgen.pipeline.carrying import DESCRIPTIONS, cargo
from reportgen.predictions import Predictions, write_predictions
from reportgen.record import Part, Record
from reportgen.render import Attachment, to_html, to_pdf

NAMES = ("cat", "dog", "owl")


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A record, the files that its PDF carries, and the page that both are from."""

    record: Record
    files: Mapping[str, bytes]
    html: str

    def pdf(
        self, html: str | None = None, files: Mapping[str, bytes] | None = None
    ) -> bytes:
        """Returns the PDF, of another page or with other files where they are given."""
        carried = self.files if files is None else files
        return to_pdf(
            self.html if html is None else html,
            created_at=self.record.timings.created_at,
            attachments=tuple(
                Attachment(name, DESCRIPTIONS.get(name, name), content)
                for name, content in carried.items()
            ),
        )


def make_report() -> Report:
    """Returns the report of sixty rows over three classes, figures as boxes."""
    drawn = dataclasses.replace(make_predictions(60, 3), columns=make_columns(60))
    predictions = named(drawn)
    validation = named(make_validation(drawn))
    record = lettered(make_record(drawn), NAMES)
    hashed = row_ids_sha256(predictions.row_ids)
    record = dataclasses.replace(
        record,
        dataset=dataclasses.replace(
            record.dataset, test_rows_sha256=hashed, validation=part_of(validation)
        ),
        provenance=dataclasses.replace(
            record.provenance, reportgen=__version__, environment=environment()
        ),
    )
    return report_of(record, predictions, validation)


def part_of(predictions: Predictions) -> Part:
    """Returns how many of the rows are of which class."""
    counts = np.bincount(predictions.y_true, minlength=predictions.k)
    return Part(predictions.n, tuple(counts.tolist()))


def report_of(
    record: Record, predictions: Predictions, validation: Predictions
) -> Report:
    """Returns the report of a record and of what it rests on."""
    files: dict[str, bytes | None] = {
        "predictions.npz": to_bytes(predictions),
        "validation.npz": to_bytes(validation),
    }
    carried = cargo(record, files)
    card = compose(record, make_pictures(record), (), attached=carried.names)
    content = {one.name: one.content for one in carried.attachments}
    return Report(record, content, to_html(card))


def named(predictions: Predictions) -> Predictions:
    """Returns the predictions with the classes called `NAMES`."""
    return dataclasses.replace(predictions, class_names=NAMES)


def to_bytes(predictions: Predictions) -> bytes:
    """Returns the predictions as `write_predictions` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "predictions.npz")
        write_predictions(predictions, path)
        return path.read_bytes()


def nudged(predictions: Predictions, by: float) -> Predictions:
    """Returns them with a little moved between two classes of the first row."""
    y_proba = np.array(predictions.y_proba)
    y_proba[0, :2] += (by, -by)
    return dataclasses.replace(predictions, y_proba=y_proba)
