"""Logits become probabilities."""

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.checks import first_five

ROWS = 65_536
"""Rows that are worked on at once."""


def softmax(logits: NDArray[np.float64], row_ids: NDArray[np.str_]) -> None:
    """Turns logits into probabilities in place: exp(z_j) over its sum over j.

    Args:
        logits: (n, k), k at least 2; minus infinity is a probability of 0.
        row_ids: (n,) names of the rows.

    Raises:
        PredictionsError: One is NaN or infinite, or a row holds minus infinity alone;
            or all are probabilities already.
    """
    top = logits.max(axis=1)  # (n,), NaN where a row holds one
    refused = ~np.isfinite(top)
    if refused.any():
        raise PredictionsError(
            "Logits must be finite. Received NaN or infinity in row "
            f"{first_five(refused, row_ids)}. Mend or leave out what the model could "
            "not predict."
        )
    if _are_probabilities(logits, top):
        raise PredictionsError(
            "Logits must be what softmax turns into probabilities. Received numbers in "
            "0-1 that sum to 1 in every row, as if it had been done. Leave out "
            "--logits, or name the column or member as one of probabilities."
        )
    for start in range(0, len(logits), ROWS):
        rows = logits[start : start + ROWS]  # a view
        rows -= top[start : start + ROWS, np.newaxis]
        np.exp(rows, out=rows)
        rows /= rows.sum(axis=1, keepdims=True)


def _are_probabilities(logits: NDArray[np.float64], top: NDArray[np.float64]) -> bool:
    """Returns whether softmax was applied already."""
    if float(top.max()) > 1 or float(logits.min()) < 0:
        return False
    return bool((np.abs(logits.sum(axis=1) - 1) <= 1e-3).all())  # noqa: PLR2004 - as far as probabilities may be off
