"""Which wrong rows look as if their label were wrong instead: suspected, not proven."""

import numpy as np
from numpy.typing import NDArray

from reportgen.predictions import Predictions


def suspected_rows(predictions: Predictions) -> NDArray[np.int64]:
    """Returns the rows whose label the model doubts, the most doubtful first.

    A wrong row is suspected where its predicted class j has p_j >= t_j, with t_j the
    mean of p_j over the rows labelled j: the model is as sure of the other class as it
    usually is of that class's own rows. A class without rows has no t_j, so that none
    is suspected to belong to it.

    Args:
        predictions: n rows over k classes that the model was not fitted on.

    Returns:
        (s,) int64 row numbers, by the probability of the given label, least first;
        ties by row number.

    Source:
        Northcutt et al. 2021, Confident learning: estimating uncertainty in dataset
        labels, section 3.1; of the classes above their threshold only the predicted
        one is asked, since right rows are never suspected here.
    """
    predicted = predictions.y_pred
    wrong = predicted != predictions.y_true
    sure = predictions.confidence >= _own_confidence(predictions)[predicted]
    rows = np.flatnonzero(wrong & sure)
    order = np.argsort(predictions.true_proba[rows], kind="stable")
    suspected: NDArray[np.int64] = rows[order].astype(np.int64)
    return suspected


def _own_confidence(predictions: Predictions) -> NDArray[np.float64]:
    """Returns (k,) mean probability of a class over its own rows, infinite without."""
    own = np.bincount(
        predictions.y_true, weights=predictions.true_proba, minlength=predictions.k
    )
    support = np.bincount(predictions.y_true, minlength=predictions.k)
    means = np.full(predictions.k, np.inf)
    np.divide(own, support, out=means, where=support > 0)
    return means
