"""Random predictions, with scikit-learn as second opinion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from reportgen.metrics import scores
from reportgen.metrics.per_class import class_scores
from reportgen.predictions import Predictions
from reportgen.record import Sampling

FEW = Sampling(replicates=2)


@st.composite
def predictions(draw: st.DrawFn) -> Predictions:
    """Returns rows of 4 to 8 classes, all present, some scores tied."""
    k = draw(st.integers(4, 8))
    n = draw(st.integers(2 * k, 80))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y_true = np.concatenate([np.arange(k), rng.integers(0, k, n - k)])
    coarse = rng.integers(1, draw(st.sampled_from([3, 20, 1000])), size=(n, k))
    y_proba = coarse / coarse.sum(axis=1, keepdims=True)
    names = tuple(map(str, range(k)))
    return Predictions(y_true, y_proba, names, np.arange(n).astype(np.str_))


def expected_scores(p: Predictions) -> dict[str, float]:
    """Returns scikit-learn's value for each key that it knows."""
    y, proba, labels = p.y_true, p.y_proba, np.arange(p.k)
    found: dict[str, float] = {
        "accuracy": reference.accuracy_score(y, p.y_pred),
        "balanced_accuracy": reference.balanced_accuracy_score(y, p.y_pred),
        "cohen_kappa": reference.cohen_kappa_score(y, p.y_pred),
        "matthews_corrcoef": reference.matthews_corrcoef(y, p.y_pred),
        "log_loss": reference.log_loss(y, proba),
        "roc_auc_ovr": reference.roc_auc_score(y, proba, multi_class="ovr"),
        "brier_score": ((proba - np.eye(p.k)[y]) ** 2).sum(axis=1).mean(),
        "average_precision_macro": np.mean(
            [reference.average_precision_score(y == c, proba[:, c]) for c in labels]
        ),
    }
    for average in ("macro", "weighted"):
        triple = reference.precision_recall_fscore_support(
            y, p.y_pred, average=average, labels=labels, zero_division=0
        )
        for key, value in zip(("precision", "recall", "f1"), triple, strict=False):
            found[f"{key}_{average}"] = value
    return found


@given(predictions())
@settings(deadline=None)
def test_scores_agree(p: Predictions) -> None:
    ours = {score.key: score.estimate for score in scores(p, FEW)}
    for key, value in expected_scores(p).items():
        estimate = ours[key]
        assert estimate is not None
        assert estimate.value == pytest.approx(value, abs=1e-12), key


@given(predictions())
@settings(deadline=None)
def test_top_three_agrees_where_nothing_is_tied(p: Predictions) -> None:
    rng = np.random.default_rng(0)
    y_proba = p.y_proba + rng.uniform(0, 1e-4, p.y_proba.shape)
    y_proba /= y_proba.sum(axis=1, keepdims=True)
    untied = Predictions(p.y_true, y_proba, p.class_names, p.row_ids)
    ours = next(s for s in scores(untied, FEW) if s.key == "top_3_accuracy").estimate
    assert ours is not None
    theirs = reference.top_k_accuracy_score(untied.y_true, untied.y_proba, k=3)
    assert ours.value == pytest.approx(theirs, abs=1e-12)


@given(predictions())
@settings(deadline=None)
def test_class_scores_agree(p: Predictions) -> None:
    labels = np.arange(p.k)
    precision, recall, f1, support = reference.precision_recall_fscore_support(
        p.y_true, p.y_pred, labels=labels, zero_division=np.nan
    )
    for c, found in enumerate(class_scores(p, FEW)):
        assert found.support == support[c]
        assert found.recall.estimate is not None
        assert found.f1.estimate is not None
        assert found.roc_auc.estimate is not None
        assert found.recall.estimate.value == pytest.approx(recall[c], abs=1e-12)
        assert found.f1.estimate.value == pytest.approx(f1[c], abs=1e-12)
        assert found.average_precision.estimate is not None
        area = reference.roc_auc_score(p.y_true == c, p.y_proba[:, c])
        assert found.roc_auc.estimate.value == pytest.approx(area, abs=1e-12)
        area = reference.average_precision_score(p.y_true == c, p.y_proba[:, c])
        assert found.average_precision.estimate.value == pytest.approx(area, abs=1e-12)
        if found.precision.estimate is None:
            assert np.isnan(precision[c])
        else:
            assert found.precision.estimate.value == pytest.approx(
                precision[c], abs=1e-12
            )
