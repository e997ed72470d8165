"""How a network is asked: which images it takes, what they are scaled to, what it says.

Shapes tell how images fit; layers tell whether the network scales pixels by itself and
whether probabilities come out. What neither of them tells is asked for, never guessed:
a network shown pixels of another scale answers all the same, and wrongly.
"""

from dataclasses import dataclass
from typing import Any

from reportgen.errors import ModelError, UsageError
from reportgen.model.backend import Network
from reportgen.model.scaling import grey_inside, scales_pixels, takes_whole_numbers
from reportgen.predictions.checks import few
from reportgen.record import Fitting, OutputKind, Reading, Scale

RGB = 3

OUTPUT_OF: dict[str | None, OutputKind] = {
    "softmax": "softmax",
    "sigmoid": "sigmoid",
    "linear": "logits",
    "log_softmax": "logits",  # softmax of logarithms of probabilities gives these back
}
"""What a network returns, by the activation at its end."""

OPERATIONS: dict[str, OutputKind] = {"Softmax": "softmax", "Sigmoid": "sigmoid"}
"""Layers and operations that are an activation themselves."""

KEEPING = frozenset(
    {
        "AlphaDropout",
        "Dropout",
        "Flatten",
        "GaussianDropout",
        "GaussianNoise",
        "GlobalAveragePooling1D",
        "GlobalAveragePooling2D",
        "GlobalAveragePooling3D",
        "Identity",
        "Reshape",
    }
)
"""Layers whose output is of the kind of their input: a mean of logits is a logit, and a
mean of probabilities one."""


A_ROW_EACH = (
    "Let it end in one row of numbers an image, as keras.layers.GlobalAveragePooling2D "
    "makes it, and save that."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a network beside its file; None where it is not.

    Attributes:
        scale: What its pixels were scaled to while it was trained.
        output_kind: What it returns.
    """

    scale: Scale | None = None
    output_kind: OutputKind | None = None


UNSAID = Said()
"""Nothing is said: file and images must tell all."""


def find_reading(
    network: Network,
    image: tuple[int, ...],
    *,
    class_names: tuple[str, ...],
    said: Said = UNSAID,
) -> Reading:
    """Returns how the network is to be asked for the classes of such images.

    Args:
        network: Any Keras model.
        image: (height, width) or (height, width, 3) of the images.
        class_names: k names in label order.
        said: What the user says of it.

    Raises:
        ModelError: The network does not fit the images or the classes.
        UsageError: The user must say what cannot be found.
    """
    fitting = _fitting(network, image, class_names)
    kind = output_kind_of(network, said.output_kind)
    if said.scale is None and not _scales(network):
        raise _unscaled(network)
    return Reading(
        fitting=fitting,
        scale=said.scale or ("inside" if scales_pixels(network) else "none"),
        scale_asked=said.scale is not None,
        output_kind=kind,
        output_kind_asked=said.output_kind is not None,
        outputs=int(network.output_shape[-1]),
    )


def reading_notes(network: Network, reading: Reading | None) -> tuple[str, ...]:
    """Returns what a reader must know of how the network was asked.

    Args:
        network: The network that was asked.
        reading: How, None for a network of ours.
    """
    if reading is None or reading.scale in ("inside", "none") or not _scales(network):
        return ()
    note = (
        "The model takes pixels of 0 to 255, by its own layers, and was shown them "
        f"scaled before, as --scale {reading.scale} says: unless it was so trained, "
        "every number here is of a model that was asked wrongly."
    )
    return (note,)


def output_kind_of(network: Network, said: OutputKind | None = None) -> OutputKind:
    """Returns what the network returns, as said or else by its last layer.

    Args:
        network: A network of one output.
        said: What the user says of it.

    Raises:
        ModelError: It returns the same whatever it is shown.
        UsageError: The user must say what the last layer does not tell.
    """
    kind = said or _found_kind(network)
    if kind is None:
        raise UsageError(
            "--output-kind must say what the model returns, where its last layer does "
            f"not. Received {_last_words(network)}. Add --output-kind softmax for "
            "probabilities that sum to one, sigmoid for one probability, or logits; "
            "from Python output_kind='softmax' and so on."
        )
    if kind == "softmax" and int(network.output_shape[-1]) == 1:
        raise ModelError(
            "The model must return a number that differs between images. Received a "
            "softmax over a single one, which is always 1. Train it with a sigmoid, or "
            "with a softmax over two."
        )
    if kind == "sigmoid" and said is None and int(network.output_shape[-1]) > 1:
        raise _each_by_itself(int(network.output_shape[-1]))
    return kind


def _scales(network: Network) -> bool:
    """Returns whether pixels are scaled inside, or taken as whole numbers."""
    return takes_whole_numbers(network) or scales_pixels(network)


def _unscaled(network: Network) -> UsageError:
    """Returns the error for a network that must be shown pixels on a scale unknown."""
    grey = grey_inside(network)
    received = (
        "without a layer that scales them"
        if grey is None
        else f"whose layers turn a pixel of 127.5 into {grey:.4g}, as if made for "
        "pixels that were scaled before"
    )
    return UsageError(
        "--scale must say how pixels were scaled while the model was trained. "
        f"Received none, for a model {received}: one shown "
        "another scale answers all the same, and wrongly. Add --scale 1/255 for "
        "pixels divided by 255, --scale -1..1 for pixels / 127.5 - 1, or --scale "
        "none for pixels of 0 to 255; put any other preprocessing into the model."
    )


def _each_by_itself(outputs: int) -> UsageError:
    """Returns the error for probabilities of which each stands by itself."""
    return UsageError(
        "--output-kind must say that one class is meant. Received a model of "
        f"{outputs} sigmoids: each is the probability of a class by itself, and they "
        "need not sum to one. Where every image has one class, add --output-kind "
        "sigmoid, or output_kind='sigmoid' from Python, and they are divided by their "
        "sum; a model for images of several classes at once is not evaluated."
    )


def _fitting(
    network: Network, image: tuple[int, ...], class_names: tuple[str, ...]
) -> Fitting:
    """Returns how an image becomes a row of the network's input."""
    _check_single(network)
    # A model that was never built has no shapes at all.
    taken = getattr(network, "input_shape", None)
    given = getattr(network, "output_shape", None)
    fitting = _fitting_shape(taken[1:], image) if isinstance(taken, tuple) else None
    k = len(class_names)
    counts = ((k,), (1,)) if k == 2 else ((k,),)  # noqa: PLR2004 - one tells two apart
    if fitting and isinstance(given, tuple) and given[1:] in counts:
        return fitting
    colours = "RGB" if len(image) == RGB else "grey"
    a_row_each = isinstance(given, tuple) and len(given) == 2  # noqa: PLR2004 - (n, k)
    remedy = _remedy(taken, image)
    if fitting:
        remedy = _other_classes(class_names) if a_row_each else A_ROW_EACH
    raise ModelError(
        f"The model must take {colours} images of {image[0]} x {image[1]} pixels and "
        f"return {k} probabilities each: {(None, *image)} to {(None, k)}, None "
        f"standing for any number. Received a model from {taken} to {given}. {remedy}"
    )


def _other_classes(class_names: tuple[str, ...]) -> str:
    """Returns what to do where the images fit a network and their classes do not."""
    names = few([name[:60] for name in class_names])
    return (
        f"These data have the classes {names}: name those that it was trained on. "
        "A class without a picture is an empty folder beside the others, or in an NPZ "
        "has two rows in the training part, which is not tested."
    )


def _remedy(taken: Any, image: tuple[int, ...]) -> str:
    """Returns what to do where images and network do not fit."""
    if not isinstance(taken, tuple):
        return (
            f"Build it before it is saved: give it keras.Input({image}) as its first "
            "layer, or call it on images once."
        )
    if len(taken) == 4 and taken[-1] == 1 and len(image) == RGB:  # noqa: PLR2004 - (n, h, w, c)
        return (
            "Save the pictures in grey as was done for its training, of which there "
            "is more than one way."
        )
    if _takes_another_size(taken[1:], image):
        return _resized(taken, image)
    if _takes_channels_first(taken[1:], image):
        return (
            "It takes channels before pixels: put a layer before it that moves them, "
            f"keras.Sequential([keras.Input({(*image[:2], taken[1])}), "
            "keras.layers.Permute((3, 1, 2)), model]), and save that."
        )
    return (
        "Name the data that it was trained on with --dataset or --data, at the size "
        "that it takes, or train anew with --retrain."
    )


def _resized(taken: tuple[Any, ...], image: tuple[int, ...]) -> str:
    """Returns how images come to the size that a network takes."""
    entry = (*image[:2], taken[3])
    return (
        f"Save the images at {taken[1]} x {taken[2]}, resized as was done for its "
        "training. Where keras.utils.image_dataset_from_directory did that, a layer "
        f"before it does the same: keras.Sequential([keras.Input({entry}), "
        f"keras.layers.Resizing({taken[1]}, {taken[2]}), model]), to be saved."
    )


def _takes_another_size(row: tuple[Any, ...], image: tuple[int, ...]) -> bool:
    """Returns whether a row is of such images, but for their height and width."""
    if len(row) != RGB or None in row[:2] or tuple(row[:2]) == image[:2]:
        return False
    return row[-1] == RGB or (row[-1] == 1 and len(image) < RGB)


def _takes_channels_first(row: tuple[Any, ...], image: tuple[int, ...]) -> bool:
    """Returns whether a row is of such images, but for the place of its channels."""
    if len(row) != RGB or row[0] not in (1, RGB):
        return False
    return _fitting_shape((*row[1:], row[0]), image) is not None


def _check_single(network: Network) -> None:
    """Refuses a network of several inputs or outputs."""
    for word, tensors in (("input", "inputs"), ("output", "outputs")):
        found = getattr(network, tensors, None) or ()
        if len(found) > 1:
            names = ", ".join(repr(str(one.name)[:60]) for one in found[:5])
            raise ModelError(
                f"The model must have one {word}, an image or the probabilities of "
                f"its classes. Received {len(found)}: {names}. Make a model of one "
                "with keras.Model(inputs, outputs), and save it."
            )


def _fitting_shape(row: tuple[Any, ...], image: tuple[int, ...]) -> Fitting | None:
    """Returns how an image fits a row of that shape, None where it does not.

    Args:
        row: Sides and channels that the network takes, None for any.
        image: (height, width) or (height, width, 3).
    """
    if _matches(row, image):
        return "whole"
    if len(image) < RGB and _matches(row, (*image, 1)) and row[-1] == 1:
        return "channel"
    if len(image) < RGB and _matches(row, (*image, RGB)) and row[-1] == RGB:
        return "repeated"
    size = 1
    for side in image:
        size *= side
    return "flattened" if tuple(row) == (size,) else None


def _matches(row: tuple[Any, ...], shape: tuple[int, ...]) -> bool:
    """Returns whether a shape is that of a row, None standing for any side."""
    pairs = zip(row, shape, strict=False)
    return len(row) == len(shape) and all(a in (None, b) for a, b in pairs)


def _last(network: Network) -> Any:
    """Returns the layer or operation that decides what the network returns."""
    found = network
    while True:
        if getattr(found, "outputs", None):  # a network, within another or not
            tensor = found.outputs[0]
        elif _keeps(found):
            tensor = found.input
        else:
            return found
        found = tensor._keras_history.operation  # noqa: SLF001 - Keras tells it nowhere else


def _keeps(one: Any) -> bool:
    """Returns whether the output of a layer is of the kind of its input."""
    kind = type(one).__name__
    linear = kind == "Activation" and _activation(one) == "linear"
    return (linear or kind in KEEPING) and not isinstance(one.input, list)


def _activation(one: Any) -> str | None:
    """Returns the name of a layer's activation, None where it has none."""
    name = getattr(getattr(one, "activation", None), "__name__", None)
    return None if name is None else str(name)


def _found_kind(network: Network) -> OutputKind | None:
    """Returns what the network returns by its last layer, None where that is silent."""
    last = _last(network)
    return OPERATIONS.get(type(last).__name__) or OUTPUT_OF.get(_activation(last))


def _last_words(network: Network) -> str:
    """Returns what the last layer is, for a message."""
    last = _last(network)
    activation = _activation(last)
    told = f" with the activation {activation!r}" if activation else ""
    return f"a model that ends in {type(last).__name__!r}{told}"
