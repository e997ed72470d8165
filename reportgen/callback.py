"""At the end of Keras's `fit`: the report on a test part.

from reportgen.callback import ReportCallback

model.fit(x_train, y_train, callbacks=[ReportCallback(x_test, y_test)])
"""

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any

import numpy as np
from keras.callbacks import Callback
from numpy.typing import ArrayLike, NDArray

from reportgen.cli.console import show_error
from reportgen.errors import ModelError, ReportgenError, UsageError
from reportgen.model.asking import output_kind_of
from reportgen.model.backend import cause, keras_errors
from reportgen.model.outputs import to_probabilities
from reportgen.pipeline import check_baseline, check_place
from reportgen.predictions import Predictions
from reportgen.predictions.arrays import array_of
from reportgen.predictions.images import are_images, checked_images
from reportgen.predictions.naming import labels_of
from reportgen.record import OutputKind
from reportgen.reporting import (
    Report,
    build_report,
    known,
    named,
    placed,
    required,
    rival,
    said,
)
from reportgen.requirements import check_classes

FEW = 2
"""Rows that are predicted before training begins, to see whether that will work."""


class ReportCallback(Callback):  # type: ignore[misc] # Keras carries no types
    """Predicts a test part when training has ended, and writes the report on it.

    All that can be checked is checked before the first epoch: labels, names, options,
    the baseline, the place of the run, and by two rows what the model returns. What
    fails after the last one, as a full disk, is told on stderr and kept in `failure`;
    `fit` returns as without it, and the model is trained. It is only asked to predict:
    its weights stay as they are. What a killed process loses no report brings back: to
    keep the weights of each epoch is the work of `keras.callbacks.ModelCheckpoint`.

    The report is on predictions, as `build_report` makes it: it does not tell of the
    network, of the training or of its curves. Where x is images as uint8, or `images`
    are given, they stand in its galleries.

    Attributes:
        report: What was written, None before the end and where that failed.
        failure: Why there is none, None where nothing failed.
    """

    def __init__(  # noqa: PLR0913 - the options of `build_report`, by their names
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        images: ArrayLike | None = None,
        class_names: ArrayLike | None = None,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        output_kind: OutputKind | None = None,
        output: str | PathLike[str] = "output",
        name: str = "model",
        title: str | None = None,
        card: Mapping[str, str] | None = None,
        baseline: str | PathLike[str] | Report | None = None,
        require: Iterable[str] = (),
        formats: Iterable[str] = ("html", "pdf"),
    ) -> None:
        """Keeps what is to be predicted, and refuses what no report can be made of.

        Args:
            x: n rows as the model takes them; none that it is fitted on.
            y: (n,) their labels, whole numbers or text.
            images: What the rows of x show, as for `build_report`. None to take x
                itself where it is uint8 of shape (n, h, w), (n, h, w, 1) or (n, h, w,
                3); other numbers are not guessed to be pixels.
            class_names: (k,) labels in the order of the model's outputs. Without them
                labels are numbers of outputs, from 0.
            validation: x and y of other rows that the model is not fitted on, for a
                temperature and thresholds.
            output_kind: What the model returns: softmax, sigmoid, or logits. None to
                tell by the activation of its last layer.
            output: Folder of all runs.
            name: Name of the run's folder in it.
            title: Title of the report.
            card: What only the author can say, as for `build_report`.
            baseline: What it is compared with, likewise.
            require: What the model must reach, likewise.
            formats: What to write, likewise.

        Raises:
            ReportgenError: Labels or options are not such.
        """
        super().__init__()
        self.report: Report | None = None
        self.failure: ReportgenError | None = None
        said(title, card)
        self._parts = [_part(x, y)] + ([_part(*validation)] if validation else [])
        self._images = _images(images, self._parts[0][0])
        self._class_names = class_names
        self._output_kind = output_kind
        self._output, self._name = placed("output", output), named(name)
        self._title, self._card = title, card
        self._baseline = None if baseline is None else rival(baseline)
        self._required = required(require, compared=baseline is not None)
        self._formats = known(formats)

    def on_train_begin(self, logs: object = None) -> None:
        """Refuses what no report can be made of, before there is a model to lose.

        That is a place where no run can stand, predictions of two rows that are not
        those of classes, and a baseline that these cannot be compared with.
        """
        del logs
        check_place(self._output / self._name)
        for x, y in self._parts:
            proba = self._predicted(x[:FEW])
            one = np.broadcast_to(proba[:1], (len(y), proba.shape[1]))
            made = Predictions.of(y, one, class_names=self._class_names)
            check_classes(self._required, made.class_names)
        if self._baseline is not None:
            check_baseline(self._baseline, made.class_names)

    def on_train_end(self, logs: object = None) -> None:
        """Writes the report, or tells why there is none."""
        del logs
        self.report = self.failure = None
        try:
            self.report = self._reported()
        except ReportgenError as failure:
            self.failure = failure
            show_error(f"The model is trained; no report was written. {failure}")
            return
        if self.report.failure:
            show_error(f"The model is trained. {self.report.failure}")

    def _reported(self) -> Report:
        """Returns the report on the model as it is now."""
        test, *other = (
            Predictions.of(y, self._predicted(x), class_names=self._class_names)
            for x, y in self._parts
        )
        return build_report(
            test,
            images=self._images,
            validation=other[0] if other else None,
            output=self._output,
            name=self._name,
            title=self._title,
            card=self._card,
            baseline=self._baseline,
            require=map(str, self._required),
            formats=self._formats,
        )

    def _predicted(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """Returns (n, k) probabilities of n rows."""
        kind = self._output_kind or _kind_of(self.model)
        try:
            outputs = self.model.predict(x, verbose=0)
        except keras_errors() as error:
            raise ModelError(
                "The model must take the rows of the report. Keras could not predict "
                f"them: {cause(error)} Give x in the shape of the training rows."
            ) from error
        shape = getattr(outputs, "shape", None)  # several outputs are a list or a dict
        if shape is None or len(shape) != 2:  # noqa: PLR2004 - (n, k)
            raise ModelError(
                "The model must return (n, k) numbers, one for each class. Received "
                f"{shape or type(outputs).__name__}. Make a model of the one output "
                "that tells classes."
            )
        numbers = np.asarray(outputs, dtype=np.float64)
        return to_probabilities(numbers, kind, classes=max(2, numbers.shape[1]))


def _part(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Returns rows and their labels, one a row."""
    rows, labels = array_of("x", x), labels_of("y", y)
    if len(rows) != len(labels):
        raise ModelError(
            f"x must hold {len(labels):,} rows, one a label. Received shape "
            f"{rows.shape}. Give the rows and the labels of one part."
        )
    return rows, labels


def _images(images: ArrayLike | None, x: NDArray[Any]) -> NDArray[np.uint8] | None:
    """Returns what the rows show: what was given, or the rows that are images."""
    if images is not None:
        return checked_images(images, len(x))
    return x if are_images(x) else None


def _kind_of(model: Any) -> OutputKind:
    """Returns what the last layer makes of the outputs, where it is known which is."""
    if not getattr(model, "outputs", None):  # a class of the user's own
        raise UsageError(
            "output_kind must say what the model returns, where its layers are called "
            "by code. Received none. Give softmax, sigmoid or logits."
        )
    return output_kind_of(model)
