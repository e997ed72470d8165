"""At the end of Keras's `fit`: the report on a test part.

from reportgen.callback import ReportCallback

model.fit(x_train, y_train, callbacks=[ReportCallback(x_test, y_test)])
"""

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any, Literal

import numpy as np
from keras.callbacks import Callback
from numpy.typing import ArrayLike, NDArray

from reportgen.cli.console import show_error
from reportgen.errors import ModelError, ReportgenError
from reportgen.model.backend import cause, keras_errors
from reportgen.pipeline import plain_name
from reportgen.predictions import Predictions
from reportgen.predictions.naming import labels_of
from reportgen.reporting import Report, build_report, known, required, said
from reportgen.requirements import check_classes

OutputKind = Literal["softmax", "sigmoid", "logits"]

KINDS: dict[str, OutputKind] = {
    "softmax": "softmax",
    "sigmoid": "sigmoid",
    "linear": "logits",
}
"""What comes out of a model, by the activation of its last layer."""

FEW = 2
"""Rows that are predicted before training begins, to see whether that will work."""


class ReportCallback(Callback):  # type: ignore[misc] # Keras carries no types
    """Predicts a test part when training has ended, and writes the report on it.

    All that can be checked is checked before the first epoch: labels, names, options,
    and by two rows what the model returns. What fails after the last one, as a full
    disk, is told on stderr and kept in `failure`; `fit` returns as without it, and the
    model is trained. It is only asked to predict: its weights stay as they are. What a
    killed process loses no report brings back: to keep the weights of each epoch is the
    work of `keras.callbacks.ModelCheckpoint`.

    Attributes:
        report: What was written, None before the end and where that failed.
        failure: Why there is none, None where nothing failed.
    """

    def __init__(  # noqa: PLR0913 - the options of `build_report`, by their names
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        class_names: ArrayLike | None = None,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        output_kind: OutputKind | None = None,
        output: str | PathLike[str] = "output",
        name: str = "model",
        title: str | None = None,
        card: Mapping[str, str] | None = None,
        require: Iterable[str] = (),
        formats: Iterable[str] = ("html", "pdf"),
    ) -> None:
        """Keeps what is to be predicted, and refuses what no report can be made of.

        Args:
            x: n rows as the model takes them; none that it is fitted on.
            y: (n,) their labels, whole numbers or text.
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
        self._class_names = class_names
        self._output_kind = output_kind
        self._output, self._name = output, plain_name(name)
        self._title, self._card = title, card
        self._required = required(require)
        self._formats = known(formats)

    def on_train_begin(self, logs: object = None) -> None:
        """Refuses a model whose predictions of two rows are not those of classes."""
        del logs
        for x, y in self._parts:
            proba = self._predicted(x[:FEW])
            one = np.broadcast_to(proba[:1], (len(y), proba.shape[1]))
            made = Predictions.of(y, one, class_names=self._class_names)
            check_classes(self._required, made.class_names)

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
            validation=other[0] if other else None,
            output=self._output,
            name=self._name,
            title=self._title,
            card=self._card,
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
        return to_probabilities(np.asarray(outputs, dtype=np.float64), kind)


def _part(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Returns rows and their labels, one a row."""
    rows, labels = np.asarray(x), labels_of("y", y)
    if rows.ndim == 0 or len(rows) != len(labels):
        raise ModelError(
            f"x must hold {len(labels):,} rows, one a label. Received shape "
            f"{rows.shape}. Give the rows and the labels of one part."
        )
    return rows, labels


def _kind_of(model: Any) -> OutputKind:
    """Returns what the last layer's activation makes of the outputs."""
    layer: Any = model
    while getattr(layer, "layers", ()):  # a model within the model
        layer = layer.layers[-1]
    activation = getattr(layer, "activation", None)
    found = getattr(activation, "__name__", type(layer).__name__.lower())
    if found not in KINDS:
        raise ModelError(
            "The model must return softmax, sigmoid or logits. Received a last layer "
            f"that ends in {found!r}. Say with output_kind which of them it is."
        )
    return KINDS[found]


def to_probabilities(
    outputs: NDArray[np.float64], kind: OutputKind
) -> NDArray[np.float64]:
    """Returns (n, k) probabilities of what a model returned.

    - softmax: as they are;
    - sigmoid: one output p of two classes, 1 - p and p;
    - logits: exp(z) divided by the sum of its row; of one output z, the sigmoid of z.

    Args:
        outputs: (n, k) or (n, 1).
        kind: What they are.

    Raises:
        ModelError: They have another shape.

    >>> to_probabilities(np.array([[0.25]]), "sigmoid")
    array([[0.75, 0.25]])
    """
    columns = outputs.shape[1] if outputs.ndim == 2 else 0  # noqa: PLR2004 - (n, k)
    if not columns or ((kind == "sigmoid") != (columns == 1) and kind != "logits"):
        raise ModelError(
            "The model must return (n, k) numbers, one for each class, or (n, 1) with "
            f"a sigmoid for two. Received {outputs.shape} of {kind}. Several sigmoids "
            "a row are several labels a row, of which this report says nothing."
        )
    if kind == "logits":
        both = np.hstack([np.zeros_like(outputs), outputs]) if columns == 1 else outputs
        raised = np.exp(both - both.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))
    return np.hstack([1 - outputs, outputs]) if columns == 1 else outputs
