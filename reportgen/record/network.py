"""The model: its layers, and how it was asked for probabilities."""

from dataclasses import dataclass
from typing import Literal

Fitting = Literal["whole", "channel", "repeated", "flattened"]
"""How an image becomes a row of a network's input: as it is, with an axis for its one
channel, grey three times for RGB, or pixel after pixel."""

Scale = Literal["inside", "none", "1/255", "-1..1"]
"""What becomes of a pixel of 0 to 255 before a network sees it: what the network's own
layers do, nothing, division by 255, or that brought to -1 to 1."""

OutputKind = Literal["softmax", "sigmoid", "logits"]
"""What a network returns: probabilities that sum to 1, probabilities each by itself, or
what becomes one of the two."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the network.

    Attributes:
        name: The layer's own name.
        kind: Class name, as "Dense".
        output_shape: Shape of one row's output, as (300,); None for a side that is as
            long as the image's.
        activation: Activation function, None where the layer has none.
        parameters: Weights, trainable or not.
    """

    name: str
    kind: str
    output_shape: tuple[int | None, ...]
    activation: str | None
    parameters: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How images were put into a network, and probabilities taken out.

    Attributes:
        fitting: How an image became a row of its input.
        scale: What became of its pixels before.
        scale_asked: Whether the user said so; else the network's layers tell it.
        output_kind: What the network returned.
        output_kind_asked: Whether the user said so; else its last layer tells it.
        outputs: Numbers that it returned for an image: as many as there are classes, or
            one for two classes.
    """

    fitting: Fitting
    scale: Scale
    scale_asked: bool
    output_kind: OutputKind
    output_kind_asked: bool
    outputs: int


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """The model as it was used.

    Attributes:
        title: Name on the page, as "Sequential perceptron".
        kind: Class name, as "Sequential".
        input_shape: Shape of one input row, None for a side of any length.
        output_classes: Probabilities a row.
        layers: From input to output.
        parameters: All weights.
        trainable_parameters: Weights that training moves.
        weights_sha256: Hash over names, shapes and bytes of all weights.
        source: Name of the file that it was read from, None where the run trained it.
        trusted: Whether the user vouched for that file, so that it was not held to
            layers that only compute and its code was run.
        reading: How it was asked, None for a network of ours: images as they are, and
            probabilities out.

    Raises:
        ValueError: It is trusted although it was read from no file.
    """

    title: str
    kind: str
    input_shape: tuple[int | None, ...]
    output_classes: int
    layers: tuple[Layer, ...]
    parameters: int
    trainable_parameters: int
    weights_sha256: str
    source: str | None
    trusted: bool = False
    reading: Reading | None = None

    def __post_init__(self) -> None:
        if self.trusted and self.source is None:
            raise ValueError(
                "A trusted model must come from a file. Received one that was trained."
            )
