import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle, StepPatch

from records import (
    images_of,
    make_record,
    make_training,
    suspects_of,
    with_images,
    with_warps,
)
from reportgen.figures import (
    confidence,
    distribution,
    galleries,
    history,
    learning_rate,
    samples,
)
from reportgen.figures.export import to_svg
from reportgen.predictions import Predictions
from reportgen.record import History, Part, Record, Sentence

RECORD = make_record()
WARPED = with_warps(RECORD)


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def with_history(**changes: tuple[float, ...]) -> Record:
    training = make_training()
    changed = dataclasses.replace(training.history, **changes)
    return dataclasses.replace(
        RECORD, training=dataclasses.replace(training, history=changed)
    )


def with_evaluation(**changes: object) -> Record:
    """Returns the record with those fields of its evaluation replaced."""
    evaluation = dataclasses.replace(RECORD.evaluation, **changes)  # type: ignore[arg-type] # Each caller names a field and its type.
    return dataclasses.replace(RECORD, evaluation=evaluation)


def surely(right: int, wrong: int, sure: float = 0.9) -> Record:
    """Returns a record of that many right and wrong predictions, all equally sure."""
    n = right + wrong
    y_proba = np.tile([1 - sure, sure], (n, 1))
    y_true = (np.arange(n) < right).astype(np.int64)
    ids = np.arange(n).astype(np.str_)
    return make_record(Predictions(y_true, y_proba, ("a", "b"), ids))


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


def test_a_loss_that_falls_far_is_drawn_on_a_log_scale() -> None:
    # 0.8 is more than twenty times 0.03, and 0.5 is not.
    far = with_history(validation_loss=(0.8, 0.5, 0.1, 0.03))
    assert history.draw_loss_history(far).axes[0].get_yscale() == "log"
    assert "The scale is logarithmic." in str(history.caption_loss_history(far))
    assert history.draw_loss_history(RECORD).axes[0].get_yscale() == "linear"
    assert "logarithmic" not in str(history.caption_loss_history(RECORD))


def test_an_accuracy_that_rises_far_is_drawn_by_its_errors() -> None:
    # Errors of 25, 10 and 1 in a hundred: each power of ten is as far from the next.
    far = with_history(validation_accuracy=(0.75, 0.9, 0.99, 0.99))
    axes = history.draw_accuracy_history(far).axes[0]
    at = [axes.transData.transform((1, share))[1] for share in (0, 0.9, 0.99)]
    assert at[2] - at[1] == pytest.approx(at[1] - at[0])
    assert "logarithmic in the share of errors" in str(
        history.caption_accuracy_history(far)
    )


@pytest.mark.parametrize("ends", [0.0, 1.0])
def test_what_no_log_scale_can_hold_is_drawn_on_another(ends: float) -> None:
    record = with_history(
        validation_loss=(0.8, 0.5, 0.1, ends), validation_accuracy=(0.1, 0.5, 0.9, ends)
    )
    for draw in (history.draw_loss_history, history.draw_accuracy_history):
        if ends == 0.0 or draw is history.draw_accuracy_history:
            assert draw(record).axes[0].get_yscale() == "linear"


def test_five_hundred_epochs_make_no_large_picture() -> None:
    course = tuple(0.5 + 0.4 * (epoch % 2) for epoch in range(500))
    record = with_history(
        loss=course,
        accuracy=course,
        validation_loss=course[::-1],
        validation_accuracy=course[::-1],
        learning_rate=course,
    )
    for draw in (history.draw_loss_history, learning_rate.draw_learning_rate):
        assert len(to_svg(draw(record))) < 30_000


def test_warps_come_in_passes_and_copies_in_epochs() -> None:
    for record, noun in ((WARPED, "pass"), (RECORD, "epoch")):
        for draw in (
            history.draw_loss_history,
            history.draw_accuracy_history,
            learning_rate.draw_learning_rate,
        ):
            assert draw(record).axes[0].get_xlabel() == noun
    assert "over freshly warped images" in str(history.caption_loss_history(WARPED))
    assert "over augmented images" in str(history.caption_loss_history(RECORD))
    assert "over the passes" in str(history.alt_loss_history(WARPED))


def test_the_line_of_the_learning_rate_is_the_history() -> None:
    [line] = learning_rate.draw_learning_rate(RECORD).axes[0].lines
    assert line.get_xdata() == pytest.approx([1, 2, 3, 4])
    assert line.get_ydata() == pytest.approx([0.00085, 0.0005, 0.00015, 0])
    caption = str(learning_rate.caption_learning_rate(RECORD))
    assert caption.endswith("0.00085 at its highest, 0 after the last.")


def test_a_learning_rate_that_never_moves_has_no_picture() -> None:
    record = with_history(learning_rate=(0.001,) * 4)
    assert learning_rate.no_learning_rate(record) == (
        "The learning rate was the same after every epoch."
    )


def test_fresh_warps_are_not_called_one_augmentation_each() -> None:
    caption = str(samples.caption_augmentations(WARPED))
    assert caption.startswith("Image train/00000 of the training part, and fresh warps")
    assert "each keeps the label" in caption
    assert "fresh warp, " not in caption + str(samples.alt_augmentations(WARPED))


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


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            59,
            1,
            (
                "The only wrong prediction has a probability of 90.00 %, the 59 right "
                "ones have a mean one of 90.00 %."
            ),
        ),
        (
            1,
            59,
            (
                "The 59 wrong predictions have a mean probability of 90.00 %, the only "
                "right one has 90.00 %."
            ),
        ),
    ],
)
def test_one_prediction_alone_has_no_mean(right: int, wrong: int, said: str) -> None:
    caption = str(confidence.caption_confidence_histogram(surely(right, wrong)))
    assert caption.replace("\xa0", " ").startswith(said)


def test_one_prediction_in_a_bin_is_no_plural() -> None:
    alt = str(confidence.alt_confidence_histogram(surely(59, 1, sure=0.99)))
    assert alt.endswith("holds 59 right predictions and 1 wrong prediction.")


def test_one_prediction_in_the_legend_is_no_plural() -> None:
    axes = confidence.draw_confidence_histogram(surely(59, 1)).axes[0]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "right, 59 images",
        "wrong, 1 image",
    ]


@pytest.mark.parametrize(
    ("counts", "said"),
    [((1, 1), "All are alike, at 1 image."), ((0, 1), "They reach from 0 to 1 image.")],
)
def test_bars_of_one_row_are_no_plural(counts: tuple[int, int], said: str) -> None:
    rest = (counts[1],) * 8
    test = dataclasses.replace(
        RECORD.dataset.test, n=sum(counts + rest), class_counts=counts + rest
    )
    dataset = dataclasses.replace(RECORD.dataset, test=test)
    record = dataclasses.replace(RECORD, dataset=dataset)
    assert str(distribution.alt_test_distribution(record)).endswith(said)


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
    few = dataclasses.replace(gallery, examples=gallery.examples[:2], total=2)
    record = with_evaluation(misclassified_gallery=few)
    caption = str(galleries.caption_misclassified_gallery(record))
    assert caption.startswith("Every test image that is read wrong, 2 in all, in file")


def test_a_gallery_of_one_error_ranks_none() -> None:
    gallery = RECORD.evaluation.misclassified_gallery
    one = gallery.examples[0]
    few = dataclasses.replace(gallery, examples=(one,), total=1)
    record = with_evaluation(misclassified_gallery=few)
    caption = str(galleries.caption_misclassified_gallery(record))
    assert caption.startswith(
        f"The only test image that is read wrong; {one.row_id}, class {one.true}, is "
        f"read as {one.predicted} with "
    )


def test_a_gallery_of_one_right_image_is_no_plural() -> None:
    gallery = RECORD.evaluation.correct_gallery
    few = dataclasses.replace(gallery, examples=gallery.examples[:1], total=1)
    caption = str(
        galleries.caption_correct_gallery(with_evaluation(correct_gallery=few))
    )
    assert caption.startswith("1 of 600 test images is read right with a probability")
    assert "or more; this is it. Under" in caption


def test_one_suspect_is_no_plural() -> None:
    suspects = suspects_of(RECORD.evaluation)
    gallery = suspects.gallery
    few = dataclasses.replace(gallery, examples=gallery.examples[:1], total=1)
    one = dataclasses.replace(suspects, gallery=few)
    caption = str(galleries.caption_suspects_gallery(with_evaluation(suspects=one)))
    assert "reads that class; it is shown." in caption


def test_a_part_of_one_image_has_no_first() -> None:
    images = images_of(RECORD)
    assert images.train is not None
    counts = (1, *(0 for _ in images.train.class_counts[1:]))
    train = dataclasses.replace(images.train, n=1, class_counts=counts)
    caption = str(samples.caption_sample_grid(with_images(RECORD, train=train)))
    assert caption.startswith("The only image of the training part, above its label;")


def test_an_image_drawn_smaller_is_said_to_be_seen_whole() -> None:
    whole = str(samples.caption_sample_digit(RECORD))
    assert "drawn here" not in whole
    images = images_of(RECORD)
    first = images.samples[0].pixels
    record = with_images(RECORD, height=160, width=200)
    caption = str(samples.caption_sample_digit(record))
    assert "160 by 200 pixels" in caption
    assert f"; drawn here with {first.height} by {first.width}." in caption


def test_a_picture_in_a_folder_of_a_long_name_is_known_by_its_end() -> None:
    gallery = RECORD.evaluation.misclassified_gallery
    long = dataclasses.replace(gallery.examples[0], row_id="a very long class/417.png")
    few = dataclasses.replace(gallery, examples=(long,), total=1)
    evaluation = dataclasses.replace(RECORD.evaluation, misclassified_gallery=few)
    record = dataclasses.replace(RECORD, evaluation=evaluation)
    (axes,) = galleries.draw_misclassified_gallery(record).axes[:1]
    assert any(text.endswith("· a very…17.png") for text in texts(axes))


def test_small_images_show_the_value_of_each_pixel() -> None:
    axes = samples.draw_sample_digit(RECORD).axes[0]
    values = [int(text) for text in texts(axes)]
    assert bytes(values) == images_of(RECORD).samples[0].pixels.data


def grid_said(labels: str, counts: tuple[int, ...]) -> str:
    """Returns the caption of images of those labels, of a part with so many of each."""
    first = images_of(RECORD).samples[0]
    shown = tuple(dataclasses.replace(first, label=label) for label in labels)
    train = Part(sum(counts), (*counts, *[0] * (10 - len(counts))))
    return str(
        samples.caption_sample_grid(with_images(RECORD, samples=shown, train=train))
    )


@pytest.mark.parametrize(
    ("labels", "counts", "said"),
    [
        ("0" * 25, (40, 40), "The first of the 80 images of the training part in file"),
        ("0" * 25, (40,), "The first of the 40 images of the training part in file"),
        ("0110" * 5, (40, 40), "The first of the 80 images"),
        ("012" * 8 + "0", (40, 40, 40), "the first of each class, then the second and"),
        ("10" * 3 + "1" * 19, (3, 90), "the first of each class, then the second and"),
        ("210", (1, 1, 1), "the first of each class, each above"),
        ("0", (1,), "The only image of the training part, above its label"),
    ],
)
def test_the_caption_of_the_grid_says_which_images_were_taken(
    labels: str, counts: tuple[int, ...], said: str
) -> None:
    assert said in grid_said(labels, counts)


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
    record = with_images(RECORD, augmented_samples=(), augmentations=())
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
