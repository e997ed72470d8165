"""What a comparison with a baseline holds for requirements on differences."""

from collections.abc import Iterator

from reportgen.record.comparison import Comparison, Difference, PairedComparison
from reportgen.record.requirements import bracketed
from reportgen.requirements.judging import Differences
from reportgen.requirements.measures import CLASS_ROWS, Found

OTHER_ROWS = (
    "its test rows are not those of the baseline, so what the two test sets differ in "
    "would count as a change of the model"
)
"""Why nothing is judged on two test sets."""


def differences_of(comparison: Comparison) -> Differences:
    """Returns what was measured of each difference, by `Requirement.measure`.

    Of two test sets every difference is undefined, and a requirement on it not met: a
    model must not pass for better because its test set is easier.

    Args:
        comparison: Of the run that is judged with its baseline.
    """
    if comparison.paired is None:
        return {
            one.key: Found(one.label, _found(one).kind, None, OTHER_ROWS)
            for one in comparison.unpaired
        }
    return dict(_measured(comparison.paired))


def _measured(paired: PairedComparison) -> Iterator[tuple[str, Found]]:
    """Yields every difference on the same rows, of all classes and of each."""
    for one in paired.differences:
        yield one.key, _found(one)
    for changed in paired.classes:
        for key in CLASS_ROWS:
            difference: Difference = getattr(changed, key)
            yield f"{key}[{bracketed(changed.name)}]", _found(difference)


def _found(difference: Difference) -> Found:
    """Returns what a difference holds; of shares it is told in points."""
    return Found(
        label=f"{difference.label[:1].upper()}{difference.label[1:]}",
        kind="points" if difference.unit == "share" else "number",
        estimate=difference.estimate,
        reason=difference.reason,
    )
