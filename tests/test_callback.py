"""At the end of `fit` a report is written, and the model is as without it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.callback import ReportCallback
from reportgen.data.loaders import load_dataset
from reportgen.data.places import Places
from reportgen.errors import (
    ModelError,
    OutputError,
    PredictionsError,
    ReportgenError,
    UsageError,
)
from reportgen.model import keras_quietly
from reportgen.pipeline import check_place
from reportgen.predictions import Predictions, contents_of
from reportgen.predictions.contents import contents_sha256
from reportgen.reporting import build_report

pytestmark = pytest.mark.slow

NOWHERE = Path("nowhere")
DIGITS = load_dataset("digits", Places(None, None, NOWHERE, NOWHERE))
X = DIGITS.images.reshape(DIGITS.n, -1) / np.float32(255)
Y = DIGITS.labels
TRAIN, VALIDATION, TEST = slice(0, 1000), slice(1000, 1400), slice(1400, 1797)


def network(*, units: int = 10, activation: str | None = "softmax") -> Any:
    """Returns a small compiled network, always of the same first weights."""
    keras = keras_quietly()
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((X.shape[1],)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(units, activation=activation),
        ]
    )
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=not activation),
        jit_compile=False,  # compiling takes seconds, fitting none
    )
    return model


def fitted(model: Any, *callbacks: ReportCallback) -> Any:
    """Returns the model after two epochs."""
    model.fit(X[TRAIN], Y[TRAIN], epochs=2, verbose=0, callbacks=list(callbacks))
    return model


def quick(folder: Path, **settings: Any) -> ReportCallback:
    """Returns a callback that writes the record alone."""
    return ReportCallback(
        X[TEST], Y[TEST], output=folder, **{"formats": ["json"], **settings}
    )


@pytest.fixture(scope="module")
def plain() -> Any:
    """Returns the network that was fitted without a callback."""
    return fitted(network())


def test_the_report_is_on_the_model_as_fit_left_it(plain: Any, tmp_path: Path) -> None:
    callback = ReportCallback(
        X[TEST],
        Y[TEST],
        validation=(X[VALIDATION], Y[VALIDATION]),
        output=tmp_path,
        name="digits",
        require=["accuracy >= 0.2"],
        formats=["json"],  # the README's own call writes the pages
    )
    model = fitted(network(), callback)
    for mine, theirs in zip(model.get_weights(), plain.get_weights(), strict=True):
        assert np.array_equal(mine, theirs)
    assert callback.failure is None
    assert callback.report is not None
    right = plain.predict(X[TEST], verbose=0).argmax(axis=1) == Y[TEST]
    assert callback.report.record.evaluation.correct == right.sum()
    assert callback.report.outcome == "met"
    assert callback.report.record.dataset.validation is not None
    assert callback.report.record.dataset.images is None
    assert not callback.report.record.dataset.pictured  # shares are no pixels


def test_images_that_the_model_takes_stand_in_the_report(tmp_path: Path) -> None:
    keras = keras_quietly()
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, jit_compile=False)
    images = DIGITS.images[..., np.newaxis]
    callback = ReportCallback(
        images[TEST],
        Y[TEST],
        output_kind="logits",
        output=tmp_path,
        formats=["json"],
    )
    model.fit(images[TRAIN], Y[TRAIN], epochs=1, verbose=0, callbacks=[callback])
    assert callback.report is not None
    handed = callback.report.record.dataset.handed
    assert handed is not None
    assert handed.images is not None
    contents = contents_of(images[TEST])
    assert handed.images.contents_sha256 == contents_sha256(contents)


def test_images_are_given_beside_what_the_model_takes(tmp_path: Path) -> None:
    callback = quick(tmp_path, images=DIGITS.images[TEST])
    fitted(network(), callback)
    assert callback.report is not None
    examples = callback.report.record.evaluation.misclassified_gallery.examples
    assert all(one.pixels is not None for one in examples)
    with pytest.raises(PredictionsError, match="one a row, 397"):
        quick(tmp_path, images=DIGITS.images[TRAIN])


def test_logits_become_probabilities(tmp_path: Path) -> None:
    callback = quick(tmp_path)
    model = fitted(network(activation=None), callback)
    assert callback.report is not None
    logits = model.predict(X[TEST], verbose=0).astype(np.float64)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = callback.report.record.evaluation.score("log_loss").estimate
    assert loss is not None
    mean = -np.log(p[np.arange(len(p)), Y[TEST]]).mean()
    assert loss.value == pytest.approx(mean, abs=1e-6)


def test_a_failure_leaves_the_model_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    callback = quick(tmp_path)
    model = network()
    # What takes the place of the run while the model learns.
    taken = keras_quietly().callbacks.LambdaCallback(
        on_epoch_end=lambda *_: (tmp_path / "model").write_text("not a folder")
    )
    model.fit(X[TRAIN], Y[TRAIN], verbose=0, callbacks=[callback, taken])
    assert callback.report is None
    assert "must be a folder or absent" in str(callback.failure)
    assert "The model is trained; no report was written." in capsys.readouterr().err
    assert np.isfinite(model.predict(X[TEST], verbose=0)).all()


def test_outputs_that_are_not_of_the_classes_are_refused_before_training(
    tmp_path: Path,
) -> None:
    callback = quick(tmp_path, class_names=list("abcdefghij"))
    model = network(units=12)
    before = model.get_weights()
    with pytest.raises(PredictionsError, match="one column per class"):
        fitted(model, callback)
    for then, now in zip(before, model.get_weights(), strict=True):
        assert np.array_equal(then, now)


def test_rows_of_another_shape_are_refused_before_training(tmp_path: Path) -> None:
    callback = ReportCallback(X[TEST, :9], Y[TEST], output=tmp_path)
    with pytest.raises(ModelError, match="must take the rows of the report"):
        fitted(network(), callback)


def holding(folder: Path, name: str) -> Path:
    """Returns a folder after a file of that name was laid into its run folder."""
    (folder / "model").mkdir()
    (folder / "model" / name).touch()
    return folder


@pytest.mark.parametrize(
    ("name", "said"),
    [("mine.txt", "which a build would delete"), ("model.keras", "hold no model")],
)
def test_a_folder_that_no_run_may_replace_is_refused_before_training(
    name: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match=said):
        fitted(network(), quick(holding(tmp_path, name)))


def test_an_output_that_is_a_file_is_refused_before_training(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    with pytest.raises(OutputError, match="must lie in a folder"):
        fitted(network(), quick(tmp_path / "output"))


def test_a_place_is_checked_without_a_trace(tmp_path: Path) -> None:
    check_place(tmp_path / "deep" / "output" / "model")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["nope/report.pdf", "nope"])
def test_a_baseline_that_is_not_there_is_refused_before_training(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(ReportgenError, match="nope"):
        fitted(network(), quick(tmp_path / "output", baseline=tmp_path / name))


def test_a_baseline_of_other_classes_is_refused_before_training(tmp_path: Path) -> None:
    rows = Predictions.of(["a", "b"], [[0.9, 0.1], [0.2, 0.8]])
    before = build_report(rows, output=tmp_path, name="before", formats=["json"])
    with pytest.raises(PredictionsError, match="must tell the same classes apart"):
        fitted(network(), quick(tmp_path, baseline=before))


def test_a_class_that_is_not_there_is_refused_before_training(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="must name one of the 10 classes"):
        fitted(network(), quick(tmp_path, require=["recall[ten] >= 0.5"]))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"name": ".."}, "one plain folder name"),
        ({"name": 5}, "name must be text"),
        ({"baseline": 5}, "baseline must be a path"),
        ({"formats": ["doc"]}, "formats must be of"),
        ({"require": ["accuracy"]}, "must compare with one of"),
        ({"card": {"contakt": "me"}}, "nearest is 'contact'"),
    ],
)
def test_options_are_refused_where_they_are_given(
    settings: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        quick(tmp_path, **settings)


def test_labels_of_other_rows_are_refused() -> None:
    with pytest.raises(ModelError, match="x must hold 397 rows"):
        ReportCallback(X[TRAIN], Y[TEST])


@pytest.mark.parametrize("x", [[[1], [2, 3]], {"input": X[TEST]}, iter(X[TEST])])
def test_rows_that_are_no_array_are_refused(x: Any) -> None:
    with pytest.raises(PredictionsError, match="'x' must be"):
        ReportCallback(x, Y[TEST])


def test_a_model_of_several_outputs_is_refused_before_training(tmp_path: Path) -> None:
    keras = keras_quietly()
    rows = keras.Input((X.shape[1],))
    layers = [keras.layers.Dense(units, activation="softmax") for units in (10, 2)]
    model = keras.Model(rows, [layer(rows) for layer in layers])
    callback = quick(tmp_path, output_kind="softmax")
    callback.set_model(model)
    with pytest.raises(ModelError, match=r"one for each class\. Received list"):
        callback.on_train_begin()


def test_one_sigmoid_is_the_second_of_two_classes(tmp_path: Path) -> None:
    keras = keras_quietly()
    model = network(units=1, activation="sigmoid")
    model.compile(loss=keras.losses.BinaryCrossentropy())
    odd = Y % 2
    callback = ReportCallback(X[TEST], odd[TEST], output=tmp_path, formats=["json"])
    model.fit(X[TRAIN], odd[TRAIN], epochs=1, verbose=0, callbacks=[callback])
    assert callback.report is not None
    second = model.predict(X[TEST], verbose=0)[:, 0] > 0.5
    right = (second == (odd[TEST] == 1)).sum()
    assert callback.report.record.evaluation.correct == right


def test_several_sigmoids_are_asked_about_before_training(tmp_path: Path) -> None:
    model = network(activation="sigmoid")
    with pytest.raises(UsageError, match="output-kind must say that one class"):
        fitted(model, quick(tmp_path))
