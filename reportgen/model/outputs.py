"""From what a network returns to a probability for each class, in float64."""

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import ModelError
from reportgen.record import OutputKind

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

TOLERANCE = 1e-3
"""By which a row of probabilities may miss the sum of 1, as in half precision."""

COARSE = 2e-2
"""By which it may be missed in bfloat16, whose three digits are too few to report."""

LEAST_ROWS = 30
"""Rows from which on one number each that never leaves 0 to 1 is no logit."""

NAME_IT = (
    "Name what it returns with --output-kind softmax, sigmoid or logits (output_kind "
    "from Python), and what it was shown with --scale."
)

COMPUTE_WIDER = (
    "They miss it as numbers in bfloat16 do: give its last layer dtype='float32', as "
    "Keras advises for mixed precision, with the weights that it has."
)


def to_probabilities(outputs: Numbers, kind: OutputKind, *, classes: int) -> Numbers:
    """Returns the probability of each class for each row.

    - softmax: the outputs, p_c.
    - logits: p_c = exp(z_c) / sum over j of exp(z_j); of a single one p_1 = 1 / (1 +
      exp(-z)).
    - sigmoid: of a single one p_1 is the output and p_0 = 1 - p_1; of several each is
      divided by their sum.

    Args:
        outputs: (n, k) or (n, 1), what the network returned.
        kind: What that is.
        classes: Classes, k.

    Returns:
        (n, k) in 0-1.

    Raises:
        ModelError: The numbers cannot be of that kind.
    """
    _check(outputs, kind)
    if outputs.shape[1] < classes:
        second = _sigmoid(outputs) if kind == "logits" else outputs
        return np.hstack([1.0 - second, second])  # (n, 2)
    if kind == "logits":
        raised = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return _divided(raised)
    return _divided(outputs) if kind == "sigmoid" else outputs


def _sigmoid(logits: Numbers) -> Numbers:
    """Returns 1 / (1 + exp(-z)) without leaving what a float holds."""
    raised = np.exp(-np.abs(logits))
    found: Numbers = np.where(logits >= 0, 1.0, raised) / (1.0 + raised)
    return found


def _divided(numbers: Numbers) -> Numbers:
    """Returns each row divided by its sum."""
    found: Numbers = numbers / numbers.sum(axis=1, keepdims=True)
    return found


def _check(outputs: Numbers, kind: OutputKind) -> None:
    """Refuses numbers that cannot be of the kind that they should be."""
    _check_finite(outputs)
    beyond: Mask = np.asarray((outputs < 0) | (outputs > 1)).max(axis=1)
    sums = outputs.sum(axis=1)
    whole = np.abs(sums - 1.0) <= TOLERANCE
    if kind == "softmax":
        wanted = "return probabilities that sum to one, as 'softmax' makes them"
        near = not beyond.any() and bool((np.abs(sums - 1.0) <= COARSE).all())
        advice = COMPUTE_WIDER if near else NAME_IT
        _refuse(beyond | ~whole, outputs, wanted, advice=advice)
    elif kind == "sigmoid":
        _refuse(beyond, outputs, "return probabilities, as 'sigmoid' makes them")
        _refuse(sums == 0, outputs[:, 1:], "give some class a probability above zero")
    elif not beyond.any() and _are_probabilities(outputs, whole):
        raise ModelError(
            "The model must return logits where --output-kind, or output_kind from "
            f"Python, says so. Received probabilities in all {len(outputs):,} rows. "
            "Leave it out, or name the kind that they are."
        )


def _check_finite(outputs: Numbers) -> None:
    """Refuses what is no number, of which no kind of output makes any difference."""
    wrong: Mask = np.asarray(~np.isfinite(outputs).all(axis=1))
    advice = (
        "See whether its weights are finite, which a training that diverged leaves as "
        "NaN: take an earlier state, or train anew. Else name what it was shown with "
        "--scale."
    )
    _refuse(wrong, outputs, "return finite numbers", advice=advice)


def _are_probabilities(outputs: Numbers, whole: Mask) -> bool:
    """Returns whether numbers within 0 to 1 are probabilities, not logits by chance."""
    if outputs.shape[1] == 1:
        return len(outputs) >= LEAST_ROWS
    return bool(whole.all())


def _refuse(
    wrong: Mask, outputs: Numbers, wanted: str, *, advice: str = NAME_IT
) -> None:
    """Raises ModelError where a row is wrong, with the first of them."""
    if outputs.shape[1] == 0 or not wrong.any():
        return
    row = int(np.flatnonzero(wrong)[0])
    shown = ", ".join(f"{number:.6g}" for number in outputs[row, :5])
    more = ", ..." if outputs.shape[1] > 5 else ""  # noqa: PLR2004 - five are shown
    raise ModelError(
        f"The model must {wanted}. Received {int(wrong.sum()):,} of {len(wrong):,} "
        f"rows that are otherwise; the first, row {row:,}, is {shown}{more}. {advice}"
    )
