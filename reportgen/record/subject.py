"""What a model was trained and tested on, and how: dataset, training."""

from dataclasses import dataclass, fields
from typing import Literal

from reportgen.record.pixels import Sample

Protocol = Literal["pooled", "official", "all"]
"""How images become a test part: a fresh stratified split of all, the published one, or
all of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the rows.

    Attributes:
        n: Rows.
        class_counts: (k,) rows a class, in label order.

    Raises:
        ValueError: A count is negative, or they do not add up to n.
    """

    n: int
    class_counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.n != sum(self.class_counts) or any(c < 0 for c in self.class_counts):
            raise ValueError(
                f"class_counts must add up to n = {self.n}, none of them negative. "
                f"Received {self.class_counts}."
            )


@dataclass(frozen=True, slots=True)
class Images:
    """The images behind the rows, and how they were divided.

    Attributes:
        n: Images in all parts.
        height: Image rows.
        width: Image columns.
        channels: 1 for grey, 3 for RGB.
        pixels_sha256: Hash of all pixels, in file order.
        labels_sha256: Hash of all labels as little-endian int64, in file order.
        protocol: "pooled" for a fresh stratified split, "official" for the published,
            "all" where every image is a test image.
        published_split: True where an official split was published.
        split_seed: Seed of the split.
        train: What the weights were fitted on, before augmentation, or what is not
            tested; None where every image is.
        augmentations: Labels of the augmentations, empty where none were applied.
        samples: Training images in file order, or the first of each class, the second
            and so on; test images where there are none.
        augmented_samples: One training image under each augmentation.
    """

    n: int
    height: int
    width: int
    channels: int
    pixels_sha256: str
    labels_sha256: str
    protocol: Protocol
    published_split: bool
    split_seed: int
    train: Part | None
    augmentations: tuple[str, ...]
    samples: tuple[Sample, ...]
    augmented_samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file of predictions, named so that it can be known again.

    Attributes:
        name: Its name, without folders.
        sha256: Hash of its bytes.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class HandedImages:
    """The images of rows that were handed over, in the order of the rows.

    Attributes:
        name: Name of the file that holds them or names their files, without folders;
            None where a program handed them over as an array.
        in_files: Whether it names files, each of which holds one.
        contents_sha256: Hash of the hashes of their contents, (n,) little-endian
            uint64, as predictions.npz holds them.
    """

    name: str | None
    in_files: bool
    contents_sha256: str


@dataclass(frozen=True, slots=True)
class Handed:
    """Predictions that were handed over, in place of a model and images.

    Attributes:
        predictions: The file of the test part.
        validation: That of the validation part, None where there was none.
        in_memory: Whether a program handed them over as arrays: the files are then
            those of the run folder, as they were written.
        images: What the rows of the test part show, None where nobody handed it over.

    Raises:
        ValueError: Images are of no file where predictions are of one, or the other way
            round.
    """

    predictions: HandedFile
    validation: HandedFile | None
    in_memory: bool = False
    images: HandedImages | None = None

    def __post_init__(self) -> None:
        if self.images and (self.images.name is None) != self.in_memory:
            raise ValueError(
                "Images must come from where the predictions come from, a file or "
                f"memory. Received images of {self.images.name!r} beside predictions "
                f"{'in memory' if self.in_memory else 'of a file'}."
            )


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """The data as they were used.

    Attributes:
        key: Name on the command line, as "mnist", or of the run that was handed over.
        title: Name on the page, as "MNIST handwritten digits".
        source: Where the data were published, or the name of the file given.
        class_names: k names in label order.
        validation: What was watched while training, or was handed over as never fitted
            on; None where nothing was.
        test: What the scores rest on.
        test_rows_sha256: Hash of the test part's row ids, in order.
        images: The images behind the rows, None where predictions were handed over.
        handed: The files of predictions, None where a model predicted the images.

    Raises:
        ValueError: There is no class, a part has counts of other classes, a sample
            shows none of them, or the rows come from both images and files, or neither.
    """

    key: str
    title: str
    source: str
    class_names: tuple[str, ...]
    validation: Part | None
    test: Part
    test_rows_sha256: str
    images: Images | None
    handed: Handed | None

    def __post_init__(self) -> None:
        if not self.class_names:
            raise ValueError("A dataset must have at least one class. Received none.")
        if (self.images is None) == (self.handed is None):
            received = "neither" if self.images is None else "both"
            raise ValueError(
                "A dataset must have images, or files of predictions that were handed "
                f"over. Received {received}."
            )
        _check_parts(self)
        _check_samples(self)

    @property
    def noun(self) -> str:
        """What a row is called on a page."""
        return "image" if self.pictured else "row"

    @property
    def pictured(self) -> bool:
        """Whether it is known what the rows show."""
        handed = self.handed is not None and self.handed.images is not None
        return handed or self.images is not None

    @property
    def parts(self) -> tuple[tuple[str, Part], ...]:
        """The parts that are known, each after its name."""
        found = (
            ("Training", self.images.train if self.images else None),
            ("Validation", self.validation),
            ("Test", self.test),
        )
        return tuple((name, part) for name, part in found if part is not None)


def _check_parts(dataset: DatasetSummary) -> None:
    """Refuses a part that counts other classes."""
    k = len(dataset.class_names)
    for _, part in dataset.parts:
        if len(part.class_counts) != k:
            raise ValueError(
                f"class_counts must have {k} numbers, one a class name. Received "
                f"{len(part.class_counts)}."
            )


def _check_samples(dataset: DatasetSummary) -> None:
    """Refuses a sample of no class."""
    for sample in dataset.images.samples if dataset.images else ():
        if sample.label not in dataset.class_names:
            raise ValueError(
                f"A sample's label must be one of {dataset.class_names!r}. Received "
                f"{sample.label!r}."
            )


@dataclass(frozen=True, slots=True)
class History:
    """Loss and accuracy after each epoch; all of one length.

    Attributes:
        loss: Mean cross-entropy in nats over the augmented images, while training.
        accuracy: Share right over the augmented images, while training.
        validation_loss: Mean cross-entropy in nats on the validation part.
        validation_accuracy: Share right on the validation part.
        learning_rate: Learning rate at the end of the epoch.

    Raises:
        ValueError: There is no epoch, or one lacks a number.
    """

    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    validation_loss: tuple[float, ...]
    validation_accuracy: tuple[float, ...]
    learning_rate: tuple[float, ...]

    def __post_init__(self) -> None:
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self)}
        if not self.loss or len(set(lengths.values())) > 1:
            raise ValueError(
                "A history must have all its numbers for each epoch, of one epoch at "
                f"least. Received {lengths}."
            )


@dataclass(frozen=True, slots=True)
class Division:
    """The images that a model was fitted on, named so that they can be known again.

    Attributes:
        title: Title of the dataset.
        pixels_sha256: Hash of all its pixels, in file order.
        protocol: How it was split.
        split_seed: Seed of the split.
        test_rows_sha256: Hash of the row ids that were held back, in order.
    """

    title: str
    pixels_sha256: str
    protocol: Protocol
    split_seed: int
    test_rows_sha256: str


@dataclass(frozen=True, slots=True)
class Warping:
    """How far the warps of the training images went, all but the bend drawn uniformly.

    Attributes:
        rotation: Greatest rotation in radians, either way.
        scale: Height and width were each divided by a number within this share of 1.
        shear: Greatest shear, pixels down for each pixel to the side.
        shift_px: Greatest shift in pixels.
        bend_px: Root mean square of the elastic bend in the middle, in pixels.
        smoothness_px: Standard deviation in pixels of the Gaussian that smooths it.
    """

    rotation: float
    scale: float
    shear: float
    shift_px: float
    bend_px: float
    smoothness_px: float


@dataclass(frozen=True, slots=True)
class Tempering:
    """A temperature that was put into the weights after training.

    Attributes:
        temperature: What the logits were divided by, above 0.
        loss_before: Mean log loss in nats on the validation part, which it was fitted
            on, before that.
        loss_after: The same with it.
    """

    temperature: float
    loss_before: float
    loss_after: float


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same training from another seed, scored on the same test part.

    Attributes:
        seed: Seed of weights, order and warps; the split is that of the run.
        weights_sha256: The weights that came of it.
        accuracy: Share right on the test part.
        log_loss: Mean log loss in nats on the test part.
    """

    seed: int
    weights_sha256: str
    accuracy: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Training:
    """How the weights came to be.

    Attributes:
        recipe: Name on the command line, as "classic".
        description: The recipe in one sentence.
        optimizer: As "Adam".
        learning_rate: Greatest learning rate.
        schedule: How the learning rate moves, in words.
        loss: What was minimised.
        epochs: Passes over the training part as it was shown.
        batch_size: Images a step.
        images_per_epoch: Images a pass, augmented copies among them.
        seed: Seed of weights, order and warps.
        weights_sha256: The weights that came of it.
        history: Loss and accuracy after each epoch.
        weight_decay: Decoupled decay of the kernels, None where there was none.
        warping: How far the images were warped, None where they were not.
        tempering: What was done to the weights afterwards, None where nothing was.
        repeats: The same training from several seeds, this one first; empty where it
            ran once.
    """

    recipe: str
    description: str
    optimizer: str
    learning_rate: float
    schedule: str
    loss: str
    epochs: int
    batch_size: int
    images_per_epoch: int
    seed: int
    weights_sha256: str
    history: History
    weight_decay: float | None = None
    warping: Warping | None = None
    tempering: Tempering | None = None
    repeats: tuple[Repeat, ...] = ()
