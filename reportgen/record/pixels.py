"""Images and labelled examples as plain values."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Pixels:
    """One image of 8-bit samples in row order; JSON holds them in base64.

    Attributes:
        height: Rows.
        width: Columns.
        channels: 1 for grey, 3 for RGB.
        data: height x width x channels bytes, 0 is black.

    Raises:
        ValueError: A side has no length, there are other channels than those, or the
            number of bytes does not fit the shape.
    """

    height: int
    width: int
    channels: int
    data: bytes

    def __post_init__(self) -> None:
        if min(self.height, self.width) < 1 or self.channels not in {1, 3}:
            raise ValueError(
                "Pixels need height and width of at least 1, and 1 or 3 channels. "
                f"Received {self.height} x {self.width} x {self.channels}."
            )
        expected = self.height * self.width * self.channels
        if len(self.data) != expected:
            raise ValueError(
                f"Pixels of {self.height} x {self.width} x {self.channels} need "
                f"{expected} bytes. Received {len(self.data)}."
            )

    @classmethod
    def of(cls, shape: tuple[int, ...], data: bytes) -> Self:
        """Returns an image of shape (height, width), or (height, width, channels).

        Args:
            shape: Shape of an array of 8-bit samples.
            data: Its bytes in row order.
        """
        height, width, channels = (*shape, 1)[:3]
        return cls(height, width, channels, data)


@dataclass(frozen=True, slots=True)
class Sample:
    """One image with the name of what it shows.

    Attributes:
        label: Class name, or the name of an augmentation.
        row_id: Where the image comes from, as "train/00017".
        pixels: The image.
    """

    label: str
    row_id: str
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class Example:
    """One test row as the model saw and judged it.

    Attributes:
        row_id: Where the row comes from, as "test/00017".
        true: Class name of the label.
        predicted: Class name of the prediction.
        probability: Probability given to the predicted class, 0-1; None where labels
            alone were predicted.
        true_probability: Probability given to the true class, 0-1, None likewise.
        pixels: The image, None where the predictions came without images.

    Raises:
        ValueError: One probability is given without the other.
    """

    row_id: str
    true: str
    predicted: str
    probability: float | None
    true_probability: float | None
    pixels: Pixels | None

    def __post_init__(self) -> None:
        if (self.probability is None) != (self.true_probability is None):
            raise ValueError(
                f"The example {self.row_id!r} must have both probabilities or none. "
                f"Received {self.probability!r} and {self.true_probability!r}."
            )


@dataclass(frozen=True, slots=True)
class Gallery:
    """The first examples of a kind, in file order unless the kind has an order.

    Attributes:
        examples: At most as many as one picture shows.
        total: Rows of this kind in the test part.
        threshold: Least probability of the predicted class, None where none was asked
            or labels alone were predicted.
    """

    examples: tuple[Example, ...]
    total: int
    threshold: float | None


@dataclass(frozen=True, slots=True)
class ConfusedCell:
    """Test rows of one class that are read as one other.

    Attributes:
        true: Class name of their label.
        predicted: Class name of their prediction.
        total: Rows in this cell of the confusion matrix, at least one.
        examples: Those of greatest probability of the predicted class, greatest first;
            the first in file order where labels alone were predicted; at least one.

    Raises:
        ValueError: There is no example, or there are more than rows.
    """

    true: str
    predicted: str
    total: int
    examples: tuple[Example, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.examples) <= self.total:
            raise ValueError(
                "A cell must show one row or more, of those that it has. Received "
                f"{len(self.examples)} of {self.total}."
            )
