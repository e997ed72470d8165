"""The images behind each confusion: all of them, small, and the surest first."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from records import make_images, make_predictions, make_record
from reportgen import evaluation
from reportgen.evaluation import CELL_IMAGES, GALLERY, evaluate
from reportgen.figures.cells import cell_pictures, sheet_png
from reportgen.predictions import Predictions
from reportgen.record import Pixels, Sampling

RECORD = make_record()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def misread(n: int) -> Predictions:
    """Returns n rows of class 0 read as 1, ever surer, and n of class 1 read right."""
    sure = np.linspace(0.6, 0.9, n)
    wrong = np.column_stack([1 - sure, sure])
    right = np.tile([0.2, 0.8], (n, 1))
    ids = np.arange(2 * n).astype(np.str_)
    return Predictions(np.repeat([0, 1], n), np.vstack([wrong, right]), ("a", "b"), ids)


def test_every_error_is_in_a_cell_where_there_is_room() -> None:
    evaluation = RECORD.evaluation
    assert evaluation.errors <= CELL_IMAGES
    assert sum(cell.total for cell in evaluation.cells) == evaluation.errors
    assert all(len(cell.examples) == cell.total for cell in evaluation.cells)


def test_cells_stand_by_their_errors_and_examples_by_their_probability() -> None:
    totals = [cell.total for cell in RECORD.evaluation.cells]
    assert totals == sorted(totals, reverse=True)
    for cell in RECORD.evaluation.cells:
        sure = [example.probability or 0.0 for example in cell.examples]
        assert sure == sorted(sure, reverse=True)


def test_a_cell_shows_at_most_a_gallery_and_says_how_many_there_are() -> None:
    (cell,) = evaluate(misread(40), sampling=Sampling(replicates=20)).cells
    assert (cell.true, cell.predicted, cell.total) == ("a", "b", 40)
    # The surest of rows 0 to 39 is the last.
    assert [one.row_id for one in cell.examples] == [
        str(39 - i) for i in range(GALLERY)
    ]


def test_large_images_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    # Images of 400 x 400 are held at 96 x 96 x 3 = 27,648 bytes, of which four fit.
    monkeypatch.setattr(evaluation, "CELL_BYTES", 5 * 27_648 - 1)
    images = np.zeros((80, 400, 400, 3), dtype=np.uint8)
    sampling = Sampling(replicates=20)
    (cell,) = evaluate(misread(40), images=images, sampling=sampling).cells
    assert len(cell.examples) == 4
    assert cell.total == 40


def test_there_is_a_sheet_a_cell_under_its_labels() -> None:
    names = RECORD.evaluation.class_names
    assert [picture.key for picture in cell_pictures(RECORD)] == [
        f"cell-{names.index(cell.true)}-{names.index(cell.predicted)}"
        for cell in RECORD.evaluation.cells
    ]


def test_without_images_there_is_no_sheet() -> None:
    predictions = make_predictions()
    evaluation = evaluate(predictions, sampling=Sampling(replicates=20))
    assert evaluation.cells
    assert cell_pictures(dataclasses.replace(RECORD, evaluation=evaluation)) == ()


def test_six_images_take_two_rows_of_boxes_that_fit_the_words() -> None:
    # A side of 28 makes boxes of 36 x 42, five beside each other.
    image = Pixels(28, 28, 1, bytes(28 * 28))
    sheet = opened(sheet_png([image] * 6, ink=False))
    assert sheet.size == (5 * 36, 2 * 42)
    assert sheet.mode == "P"
    values = np.asarray(sheet.convert("L"))
    assert (values[:28, 4:32] == 0).all()  # black, and centred in its box
    assert (values[28:42] == 255).all()  # room for the words


def test_ink_turns_light_strokes_dark() -> None:
    image = Pixels(28, 28, 1, bytes(28 * 28))
    assert opened(sheet_png([image], ink=True)).convert("L").getextrema() == (255, 255)


def test_colour_stays_and_large_images_are_brought_down() -> None:
    red = Pixels(112, 112, 3, bytes([200, 0, 0]) * 112 * 112)
    sheet = opened(sheet_png([red], ink=False)).convert("RGB")
    assert sheet.size == (72, 84)
    assert sheet.getpixel((36, 28)) == (200, 0, 0)


def test_noise_of_the_record_is_sixteen_greys_at_most() -> None:
    images = [Pixels.of(image.shape, image.tobytes()) for image in make_images(5)]
    colours = opened(sheet_png(images, ink=False)).convert("L").getcolors()
    assert colours is not None
    assert len(colours) <= 16
