import dataclasses
import re
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from numpy.typing import NDArray

from records import make_predictions, make_record, make_training
from reportgen.figures import (
    calibration,
    classes,
    confidence,
    confusion,
    curves,
    distribution,
    galleries,
    history,
    samples,
)
from reportgen.figures.style import look
from reportgen.predictions import Predictions
from reportgen.record import ConfusedPair, History, Record, Sentence

RECORD = make_record()


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def pair(true: str, predicted: str, count: int) -> ConfusedPair:
    return ConfusedPair(true, predicted, count, 0.1, 0.2)


def with_pairs(*pairs: ConfusedPair) -> Record:
    evaluation = dataclasses.replace(RECORD.evaluation, confused_pairs=pairs)
    return dataclasses.replace(RECORD, evaluation=evaluation)


def with_history(**changes: tuple[float, ...]) -> Record:
    training = make_training()
    changed = dataclasses.replace(training.history, **changes)
    return dataclasses.replace(
        RECORD, training=dataclasses.replace(training, history=changed)
    )


def test_bars_are_as_long_as_the_counts() -> None:
    axes = distribution.draw_test_distribution(RECORD).axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [bar.get_width() for bar in bars] == list(RECORD.dataset.test.class_counts)
    assert texts(axes) == ["60"] * 10


def test_an_even_part_says_so() -> None:
    caption = str(distribution.caption_test_distribution(RECORD))
    assert caption == "Every class has 60 of the 600 images of the test part."


def test_bars_of_one_length_have_no_span() -> None:
    alt = str(distribution.alt_test_distribution(RECORD))
    assert alt.endswith("All are alike, at 60 images.")


def test_only_a_class_alone_at_its_end_is_named() -> None:
    part = dataclasses.replace(RECORD.dataset.test, n=49, class_counts=(4, *[5] * 9))
    dataset = dataclasses.replace(RECORD.dataset, test=part)
    record = dataclasses.replace(RECORD, dataset=dataset)
    caption = str(distribution.caption_test_distribution(record))
    assert caption.endswith("fall into classes of 4 (class 0) to 5 images.")


def test_a_class_without_images_is_named() -> None:
    dataset = dataclasses.replace(
        RECORD.dataset,
        test=dataclasses.replace(
            RECORD.dataset.test, n=594, class_counts=(0, *[66] * 9)
        ),
    )
    record = dataclasses.replace(RECORD, dataset=dataset)
    caption = str(distribution.caption_test_distribution(record))
    assert caption.startswith("Class 0 has no image in the test part")


def certain(y_true: NDArray[np.int64], wrong: NDArray[np.bool_]) -> Record:
    """A record of predictions made with certainty, those marked read as the next."""
    k = int(y_true.max()) + 1
    y_pred = np.where(wrong, (y_true + 1) % k, y_true)
    ids = np.array([f"test/{row}" for row in range(len(y_true))])
    names = tuple(map(str, range(k)))
    return make_record(Predictions(y_true, np.eye(k)[y_pred], names, ids))


def assert_no_labels_touch(figure: Figure) -> None:
    """Compares the boxes of all tick labels of the abscissae, pair by pair."""
    with look():
        figure.draw_without_rendering()
        boxes = [
            label.get_window_extent()
            for axes in figure.axes
            for label in axes.get_xticklabels()
            if label.get_text() and label.get_visible()
        ]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_lines_are_the_history() -> None:
    axes = history.draw_loss_history(RECORD).axes[0]
    lines = {str(line.get_label()): line for line in axes.lines}
    assert lines["training"].get_ydata() == pytest.approx([0.9, 0.5, 0.3, 0.2])
    assert lines["validation"].get_xdata() == pytest.approx([1, 2, 3, 4])


def test_lines_are_named_at_their_ends() -> None:
    axes = history.draw_accuracy_history(RECORD).axes[0]
    assert texts(axes) == ["training\n93.00\xa0%", "validation\n85.00\xa0%"]


def test_labels_of_lines_that_end_together_stand_apart() -> None:
    record = with_history(
        loss=(0.9, 0.7, 0.6, 0.4501), validation_loss=(0.8, 0.7, 0.6, 0.45)
    )
    axes = history.draw_loss_history(record).axes[0]
    training, validation = (text.xy[1] for text in axes.texts)  # type: ignore[attr-defined] # They are annotations.
    low, high = axes.get_ylim()
    assert training - validation >= 0.1 * (high - low)


def test_a_caption_tells_an_earlier_best_epoch_from_a_last_one() -> None:
    earlier = str(history.caption_loss_history(RECORD))
    assert "ends at 0.4500, after 0.4000 at its lowest" in earlier
    falling = with_history(validation_loss=(0.6, 0.5, 0.4, 0.3))
    last = str(history.caption_loss_history(falling))
    assert "ends at 0.3000, the lowest of all epochs" in last


def test_one_epoch_can_be_drawn() -> None:
    one = (0.5,)
    training = dataclasses.replace(
        make_training(), history=History(one, one, one, one, one)
    )
    record = dataclasses.replace(RECORD, training=training)
    assert all(
        line.get_marker() not in {"", "None"}
        for line in history.draw_loss_history(record).axes[0].lines
        if line.get_label() == "training"
    )
    caption = str(history.caption_loss_history(record))
    assert caption.startswith(
        "After the only epoch validation loss is 0.5000, training"
    )
    assert str(history.alt_loss_history(record)).startswith("Two points")


def test_a_best_epoch_that_prints_like_the_last_is_not_given_its_number() -> None:
    record = with_history(validation_loss=(0.5, 0.4, 0.299996, 0.299999))
    caption = str(history.caption_loss_history(record))
    assert "ends at 0.3000, off its lowest (open circle) by less than the" in caption


def test_cells_hold_the_counts_and_empty_cells_nothing() -> None:
    figure = confusion.draw_confusion_matrix(RECORD)
    counts = np.array(RECORD.evaluation.confusion_matrix.counts)
    cells: np.ma.MaskedArray[tuple[int, ...], np.dtype[np.int64]] = np.ma.asarray(
        figure.axes[0].get_images()[0].get_array()
    )
    assert np.array_equal(cells.filled(0), counts)
    assert np.array_equal(cells.mask, counts == 0)
    written = [text for text in texts(figure.axes[0]) if text == "0"]
    assert not written


def test_count_and_cell_contrast() -> None:
    axes = confusion.draw_confusion_matrix(RECORD).axes[0]
    counts = np.array(RECORD.evaluation.confusion_matrix.counts)
    colours = {
        text.get_text(): text.get_color()
        for text in axes.texts[: int((counts > 0).sum())]
    }
    assert colours[str(counts.max())] == "#ffffff"
    assert colours["1"] == "#1b1f24"


def test_precision_and_recall_have_equally_many_decimals() -> None:
    axes = confusion.draw_confusion_matrix(RECORD).axes[0]
    margins = [text for text in texts(axes) if re.fullmatch(r"\d+\.?\d*", text)]
    assert len({len(text.partition(".")[2]) for text in margins if "." in text}) <= 1


def test_many_classes_are_not_written_but_have_a_scale() -> None:
    figure = confusion.draw_confusion_matrix(make_record(make_predictions(300, 30)))
    assert not figure.axes[0].texts
    assert len(figure.axes) == 2


def test_the_commonest_confusion_is_named() -> None:
    caption = confusion.caption_confusion_matrix(with_pairs(pair("4", "9", 21)))
    assert str(caption).startswith("Class 4 read as 9 is the commonest confusion: 21")


def test_a_tie_of_confusions_names_no_winner() -> None:
    record = with_pairs(pair("4", "9", 3), pair("7", "2", 3))
    caption = str(confusion.caption_confusion_matrix(record))
    assert caption.startswith("No confusion is commoner than class 4 read as 9: 3 of")


def test_no_confusion_at_all_is_said() -> None:
    caption = str(confusion.caption_confusion_matrix(with_pairs()))
    assert caption.startswith("All 600 test images lie on the diagonal")


def test_points_are_the_recalls() -> None:
    axes = classes.draw_per_class_accuracy(RECORD).axes[0]
    estimates = [c.recall.estimate for c in RECORD.evaluation.classes]
    points = [line for line in axes.lines if line.get_marker() in {"o", "D"}]
    drawn = [float(np.asarray(line.get_xdata())[0]) for line in points]
    assert drawn == [one.value for one in estimates if one is not None]


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    axes = classes.draw_per_class_accuracy(RECORD).axes[0]
    start, end = axes.get_xlim()
    assert 0 < start < 1
    assert end == 1
    assert f"starts at {100 * start:.4g}" in axes.get_xlabel()


def test_a_class_without_rows_is_named_and_not_drawn() -> None:
    plain = make_predictions(60, 3)
    y_true = np.where(plain.y_true == 2, 0, plain.y_true)
    record = make_record(
        Predictions(y_true, plain.y_proba, ("a", "b", "c"), plain.row_ids)
    )
    labels = classes.draw_per_class_accuracy(record).axes[0].get_yticklabels()
    assert [label.get_text() for label in labels] == ["a", "b"]
    caption = str(classes.caption_per_class_accuracy(record))
    assert "Not drawn, having no test images: c." in caption


def test_the_strongest_class_is_sought_among_all_classes() -> None:
    # 42 classes of 10 rows; class c is read wrong on 1 row, class 41 on none, and class
    # 0 on 2: the 40 weakest leave out class 41.
    y_true = np.arange(420) % 42
    wrong = y_true != 41
    wrong[42:] = False
    wrong[42] = True
    caption = str(classes.caption_per_class_accuracy(certain(y_true, wrong)))
    assert "Class 0 is read right least often, 80" in caption
    assert "class 41 is read right most often, 100" in caption


def test_a_best_class_among_equals_is_not_named() -> None:
    y_true = np.arange(40) % 4
    wrong = y_true == np.where(np.arange(40) < 4, 2, -1)
    caption = str(classes.caption_per_class_accuracy(certain(y_true, wrong)))
    assert caption.startswith("Class 2 is read right least often, 90")
    assert "the best, 100" in caption
    assert "is reached by more than one class." in caption


def test_a_weakest_class_among_equals_is_no_loser() -> None:
    y_true = np.arange(40) % 4
    wrong = np.arange(40) < 2
    caption = str(classes.caption_per_class_accuracy(certain(y_true, wrong)))
    assert caption.startswith("No class is read right less often than class 0, 90")


def test_the_caption_of_recalls_has_the_digits_of_the_plot() -> None:
    written = texts(classes.draw_per_class_accuracy(RECORD).axes[0])
    caption = str(classes.caption_per_class_accuracy(RECORD))
    low, high = re.findall(r", ([\d.]+)\N{NO-BREAK SPACE}% \[", caption)
    assert {low, high} <= set(written)


def test_two_mirrored_classes_are_not_ranked() -> None:
    record = make_record(make_predictions(80, 2))
    caption = str(curves.caption_roc(record))
    assert caption.startswith("No class has a smaller area under the curve than class ")
    assert "reached by more than one class" in str(curves.alt_roc(record))
    errors = [one.error.value for one in record.evaluation.class_calibration]
    # Bins of p and of 1 - p mirror each other.
    assert errors[0] == pytest.approx(errors[1])
    assert "none is off by more than" in str(calibration.caption_calibration(record))


def test_no_class_of_a_perfect_model_is_ranked() -> None:
    y_true = np.arange(90) % 3
    record = certain(y_true, np.zeros(90, dtype=np.bool_))
    recalls = str(classes.caption_per_class_accuracy(record))
    assert recalls.startswith("Every class is read right equally often, 100\xa0% of")
    assert "none is off." in str(calibration.caption_calibration(record))
    for caption in (
        curves.caption_roc(record),
        curves.caption_precision_recall(record),
    ):
        assert str(caption).startswith("Every class is told from the rest without an")
        assert str(caption).endswith("of 1.0000.")


def test_the_weakest_curve_comes_first() -> None:
    figure = curves.draw_roc(RECORD)
    corner = figure.axes[1]
    areas = [c.roc_auc.estimate for c in RECORD.evaluation.classes]
    values = [one.value for one in areas if one is not None]
    first = str(corner.lines[0].get_label())
    assert first.startswith(str(int(np.argmin(values))))
    assert corner.lines[0].get_linewidth() > corner.lines[1].get_linewidth()


def test_the_corner_holds_every_knee() -> None:
    corner = curves.draw_roc(RECORD).axes[1]
    left, right = corner.get_xlim()
    bottom, top = corner.get_ylim()
    for curve in RECORD.evaluation.roc:
        knee = int(np.argmax(np.array(curve.y) - np.array(curve.x)))
        assert left <= curve.x[knee] <= right
        assert bottom <= curve.y[knee] <= top


def test_of_many_classes_ten_are_drawn_and_the_caption_says_so() -> None:
    record = make_record(make_predictions(300, 30))
    assert len(curves.draw_precision_recall(record).axes[0].lines) == 10
    caption = str(curves.caption_precision_recall(record))
    assert "the ten smallest areas among 30 classes" in caption


def test_an_area_under_one_never_reads_one() -> None:
    legends = [str(line.get_label()) for line in curves.draw_roc(RECORD).axes[0].lines]
    exact = {
        c.name
        for c in RECORD.evaluation.classes
        if c.roc_auc.estimate is not None and c.roc_auc.estimate.value > 1 - 1e-9
    }
    assert {legend.split()[0] for legend in legends if "1.0000" in legend} == exact


def test_labels_of_the_log_odds_axis_leave_room_for_each_other() -> None:
    proba = np.linspace(0.002, 0.99999, 400)
    y_proba = np.column_stack([proba, 1 - proba])
    y_true = (np.random.default_rng(0).random(400) > proba).astype(np.int64)
    predictions = make_predictions(400, 2)
    record = make_record(Predictions(y_true, y_proba, ("a", "b"), predictions.row_ids))
    figure = calibration.draw_calibration(record)
    assert_no_labels_touch(figure)


@pytest.mark.parametrize("k", [2, 3, 10])
def test_labels_of_the_panels_leave_room_for_each_other(k: int) -> None:
    figure = calibration.draw_calibration(make_record(make_predictions(600, k)))
    assert_no_labels_touch(figure)


def test_each_class_has_a_calibration_panel() -> None:
    figure = calibration.draw_calibration(RECORD)
    _, right = figure.subfigs
    assert [axes.get_title(loc="left") for axes in right.axes] == list("0123456789")


def test_bars_that_miss_the_diagonal_are_diamonds() -> None:
    figure = calibration.draw_calibration(RECORD)
    overall = RECORD.evaluation.calibration
    assert overall is not None
    missed = [
        one
        for one in overall.bins
        if not one.frequency_low <= one.confidence <= one.frequency_high
    ]
    points = figure.subfigs[0].axes[0].collections
    assert len(np.asarray(points[3].get_offsets())) == len(missed)


def test_steps_are_the_counts() -> None:
    axes = confidence.draw_confidence_histogram(RECORD).axes[0]
    right, wrong = (patch for patch in axes.patches if isinstance(patch, StepPatch))
    histogram = RECORD.evaluation.confidence_histogram
    assert histogram is not None
    for steps, counts in ((right, histogram.correct), (wrong, histogram.wrong)):
        drawn = np.asarray(steps.get_data()[0])
        assert np.array_equal(drawn, np.maximum(counts, confidence.FLOOR))


def test_a_gallery_says_true_predicted_probability_and_row() -> None:
    figure = galleries.draw_misclassified_gallery(RECORD)
    first = RECORD.evaluation.misclassified_gallery.examples[0]
    verdict, evidence = texts(figure.axes[0])[:2]
    assert verdict == f"{first.true} → {first.predicted}"
    assert evidence.endswith(f"· {first.row_id}")


def test_a_gallery_of_all_errors_says_so() -> None:
    gallery = RECORD.evaluation.misclassified_gallery
    few = dataclasses.replace(gallery, examples=gallery.examples[:1], total=1)
    evaluation = dataclasses.replace(RECORD.evaluation, misclassified_gallery=few)
    record = dataclasses.replace(RECORD, evaluation=evaluation)
    caption = str(galleries.caption_misclassified_gallery(record))
    assert caption.startswith("Every test image that is read wrong, 1 in all")


def test_small_images_show_the_value_of_each_pixel() -> None:
    axes = samples.draw_sample_digit(RECORD).axes[0]
    values = [int(text) for text in texts(axes)]
    assert bytes(values) == RECORD.dataset.samples[0].pixels.data


@pytest.mark.parametrize(
    "caption", [samples.caption_sample_digit, samples.caption_augmentations]
)
def test_images_are_called_by_the_data_not_by_what_a_model_was_shown(
    caption: Callable[[Record], Sentence],
) -> None:
    record = dataclasses.replace(RECORD, training=None)
    assert "mage of the training part" in str(caption(record)).replace(
        "mage train/00000 of", "mage of"
    )
    assert "training image" not in str(caption(record)).lower()


def test_an_unknown_training_is_not_called_unaugmented() -> None:
    plain = dataclasses.replace(RECORD.dataset, augmented_samples=(), augmentations=())
    record = dataclasses.replace(RECORD, dataset=plain)
    assert samples.no_augmentations(record) == "The training images were not augmented."
    loaded = dataclasses.replace(record, training=None)
    reason = samples.no_augmentations(loaded)
    assert reason == "How the model was trained is not known."
    assert "augmentation" not in str(distribution.caption_train_distribution(loaded))


def test_errors_that_print_alike_have_no_surest() -> None:
    gallery = RECORD.evaluation.misclassified_gallery
    first, second = gallery.examples[:2]
    twins = tuple(
        dataclasses.replace(one, probability=p)
        for one, p in ((first, 0.99991), (second, 0.99992))
    )
    few = dataclasses.replace(gallery, examples=twins, total=2)
    evaluation = dataclasses.replace(RECORD.evaluation, misclassified_gallery=few)
    record = dataclasses.replace(RECORD, evaluation=evaluation)
    caption = str(galleries.caption_misclassified_gallery(record))
    assert f"none of these errors is surer than {second.row_id}, class" in caption
    assert "with >\xa099.9\xa0%." in caption
