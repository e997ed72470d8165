"""All that can be said of two models on the same rows."""

from reportgen.metrics.marginal_homogeneity import marginal_homogeneity
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_classes import class_changes
from reportgen.metrics.paired_counts import flips
from reportgen.metrics.paired_ranking import area_changes, precision_changes
from reportgen.metrics.paired_scores import differences
from reportgen.metrics.smallest import smallest_difference
from reportgen.metrics.verdict import MARGIN, verdict
from reportgen.record import Sampling
from reportgen.record.comparison import PairedComparison


def compare(
    pair: Pair, sampling: Sampling, *, margin: float = MARGIN
) -> PairedComparison:
    """Returns what changed between two models, by how much, and the verdict.

    Args:
        pair: n rows over k classes, predicted twice.
        sampling: Level of the intervals, and seed of simulated p-values.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.
    """
    level = sampling.level
    areas, precisions = area_changes(pair, level), precision_changes(pair, level)
    changed = flips(pair, level)
    scores = differences(pair, level, areas=areas, precisions=precisions)
    accuracy = next(one.estimate for one in scores if one.key == "accuracy")
    assert accuracy is not None  # a share of at least one row
    return PairedComparison(
        flips=changed,
        verdict=verdict(changed, accuracy, margin=margin),
        smallest=smallest_difference(changed, level),
        differences=scores,
        homogeneity=marginal_homogeneity(pair, sampling),
        classes=class_changes(pair, level, areas=areas, precisions=precisions),
    )
