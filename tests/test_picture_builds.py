"""A functional RGB network on a folder of PNGs, from the command line to the pages."""

import json
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray
from PIL import Image

from processes import Done, reportgen
from reportgen.model import Network, keras_quietly, load_model
from reportgen.pipeline import read_record
from reportgen.record import Record

pytestmark = pytest.mark.slow

SIDE = 12
CLASSES = ("blue", "green", "red")
"""In the order of their names; each is the channel of its number from the end."""

EACH = 12


def make_pictures(label: int) -> NDArray[np.uint8]:
    """Returns noise, brighter in the channel of the class; a few are too dim."""
    noise = np.random.default_rng(label).integers(0, 120, (EACH, SIDE, SIDE, 3))
    noise[2:, :, :, 2 - label] += 100
    return noise.astype(np.uint8)


def make_network(*, scaled: bool, softmax: bool) -> Network:
    """Returns a functional network that compares the means of three channels."""
    keras = keras_quietly()
    layers = keras.layers
    image = keras.Input((SIDE, SIDE, 3), name="picture")
    found = layers.Rescaling(1 / 255)(image) if scaled else image
    turned = layers.Conv2D(3, 1, use_bias=False, name="turned")(found)
    smooth = layers.AveragePooling2D(3, strides=1, padding="same")(turned)
    joined = layers.Add()([turned, smooth])
    means = layers.GlobalAveragePooling2D()(joined)
    logits = layers.Dense(3, kernel_initializer="identity", name="logits")(means)
    outputs = layers.Softmax()(logits) if softmax else logits
    network = keras.Model(image, outputs, name="channels")
    order = np.eye(3, dtype=np.float32)[::-1].reshape(1, 1, 3, 3)
    network.get_layer("turned").set_weights([6 * order])
    return network


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with pictures and three models of the same decisions."""
    folder = tmp_path_factory.mktemp("pictures")
    for label, name in enumerate(CLASSES):
        place = folder / "photos" / name
        place.mkdir(parents=True)
        for number, pixels in enumerate(make_pictures(label)):
            Image.fromarray(pixels).save(place / f"{number + 1}.png")
    make_network(scaled=True, softmax=True).save(folder / "whole.keras")
    make_network(scaled=True, softmax=False).save(folder / "logits.keras")
    make_network(scaled=False, softmax=True).save(folder / "bare.keras")
    return folder


def build(folder: Path, model: str, *more: str) -> Done:
    """Builds a report of a model on the pictures."""
    name = model.removesuffix(".keras")
    return reportgen(
        *("build", "--model", model, "--data", "photos", "--name", name, *more),
        folder=folder,
    )


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    """Returns the run of the whole model, as page and as paper."""
    done = build(folder, "whole.keras", "--format", "html,pdf,md")
    assert done.code == 0, done.stderr
    return folder / "output" / "whole"


@pytest.fixture(scope="module")
def record(run: Path) -> Record:
    """Returns its record."""
    return read_record(run)


def test_every_picture_is_a_test_picture(record: Record) -> None:
    images = record.dataset.images
    assert images is not None
    assert images.protocol == "all"
    assert images.train is None
    assert (images.n, images.channels) == (3 * EACH, 3)
    assert record.dataset.test.class_counts == (EACH,) * 3


def test_rows_are_called_after_their_files(run: Path) -> None:
    with np.load(run / "predictions.npz") as predictions:
        assert predictions["row_ids"][0] == "blue/1.png"
        assert predictions["class_names"].tolist() == list(CLASSES)
        assert predictions["y_proba"].shape == (3 * EACH, 3)


def test_probabilities_are_those_of_the_network_on_the_pixels(
    run: Path, folder: Path
) -> None:
    network = load_model(folder / "whole.keras")
    pixels = np.concatenate([make_pictures(label) for label in range(3)])
    # 12 comes after 9: files are read in natural order, as they were numbered.
    expected = network.predict(pixels.astype(np.float32), verbose=0)
    with np.load(run / "predictions.npz") as predictions:
        assert predictions["y_proba"] == pytest.approx(expected, abs=1e-6)


def test_page_and_paper_say_how_the_model_was_asked(run: Path) -> None:
    said = (
        "scaled inside the model, found in its layers",
        "probabilities that sum to one (softmax), found from its last layer",
        "All 36 images are test images",
    )
    page = (run / "report.html").read_text(encoding="utf-8")
    words = " ".join(page.split())
    assert said[0] in words
    assert said[1] in words
    paper = pdfium.PdfDocument(run / "report.pdf")
    printed = " ".join(
        " ".join(one.get_textpage().get_text_range().split()) for one in paper
    )
    for sentence in said:
        assert sentence in printed


def test_the_page_in_markdown_says_it_too(run: Path) -> None:
    page = (run / "report.md").read_text(encoding="utf-8")
    assert "- Pixels: scaled inside the model, found in its layers.\n" in page
    assert "- Output: probabilities that sum to one (softmax), found from its" in page


def test_galleries_are_in_colour(record: Record) -> None:
    shown = [
        one.pixels
        for one in record.evaluation.misclassified_gallery.examples
        if one.pixels is not None
    ]
    assert shown
    assert {pixels.channels for pixels in shown} == {3}


def test_a_model_of_logits_makes_the_same_report(folder: Path, record: Record) -> None:
    done = build(folder, "logits.keras", "--format", "json")
    assert done.code == 0, done.stderr
    other = read_record(folder / "output" / "logits")
    assert other.model is not None
    assert other.model.reading is not None
    assert other.model.reading.output_kind == "logits"
    for score, twin in zip(
        record.evaluation.scores, other.evaluation.scores, strict=True
    ):
        if score.estimate is not None and twin.estimate is not None:
            assert twin.estimate.value == pytest.approx(score.estimate.value, abs=1e-6)


def test_a_scale_is_asked_for_once_and_then_known(folder: Path) -> None:
    refused = build(folder, "bare.keras", "--format", "json")
    assert refused.code == 2
    assert "Add --scale 1/255" in refused.stderr
    assert not (folder / "output" / "bare").exists()
    done = build(folder, "bare.keras", "--format", "json", "--scale", "1/255")
    assert done.code == 0, done.stderr
    again = reportgen(
        *("build", "--data", "photos", "--name", "bare", "--format", "json", "--json"),
        folder=folder,
    )
    assert again.code == 0, again.stderr
    scores = json.loads(again.stdout)["scores"]
    with np.load(folder / "output" / "whole" / "predictions.npz") as whole:
        right = (whole["y_proba"].argmax(axis=1) == whole["y_true"]).mean()
    assert scores["accuracy"] == pytest.approx(right)


def test_pictures_in_colour_are_not_trained_on(folder: Path) -> None:
    done = reportgen("build", "--retrain", "--data", "photos", folder=folder)
    assert done.code == 1
    assert "--retrain trains on grey images" in done.stderr
