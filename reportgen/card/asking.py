"""How a model of a file was asked, in words: what it was shown, what it returned."""

from dataclasses import dataclass

from reportgen.record import ModelSummary, Reading, Record, Scale, Sentence, sentence

SCALES: dict[Scale, str] = {
    "inside": "scaled inside the model",
    "none": "as they are stored, not scaled",
    "1/255": "scaled to between nought and one before the model saw them",
    "-1..1": "scaled to between minus one and one before the model saw them",
}

FITTINGS = {
    "repeated": "; the one channel of grey stands in for red, green and blue",
    "flattened": "; put into one row, pixel after pixel",
}
"""What becomes of an image where that is worth a word."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a model was asked.

    Attributes:
        pixels: What became of the pixels.
        output: What the model returned, and what became of it.
    """

    pixels: Sentence
    output: Sentence


def asking(record: Record) -> Asking | None:
    """Returns how a model of a file was asked, None of a model of ours or of none."""
    model = record.model
    if model is None or model.reading is None:
        return None
    return Asking(
        pixels=_pixels_said(model.reading),
        output=_output_said(model, model.reading, record.dataset.class_names),
    )


def _pixels_said(reading: Reading) -> Sentence:
    """Returns what became of the pixels, and who said so."""
    asked = ", as --scale {scale} says" if reading.scale_asked else ""
    told = asked or ", found in its layers"
    fitted = FITTINGS.get(reading.fitting, "")
    return sentence(SCALES[reading.scale] + told + fitted, scale=reading.scale)


def _output_said(
    model: ModelSummary, reading: Reading, names: tuple[str, ...]
) -> Sentence:
    """Returns what the model returned, and who said so."""
    asked = ", as --output-kind {kind} says" if reading.output_kind_asked else ""
    told = asked or ", found from its last layer"
    single = reading.outputs < model.output_classes
    said = _of_one(reading) if single else _of_all(reading)
    return sentence(said + told, kind=reading.output_kind, second=names[-1])


def _of_one(reading: Reading) -> str:
    """Returns what one number tells of two classes."""
    if reading.output_kind == "logits":
        return "the logit of the probability of “{second}”"
    return "the probability of “{second}” (sigmoid)"


def _of_all(reading: Reading) -> str:
    """Returns what a number for each class is."""
    if reading.output_kind == "softmax":
        return "probabilities that sum to one (softmax)"
    if reading.output_kind == "logits":
        return "logits; softmax was applied to them in double precision"
    return "a probability for each class by itself (sigmoid), divided by their sum"
