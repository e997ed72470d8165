"""Each class against the rest, and which classes are read as which."""

from dataclasses import dataclass

from reportgen.record.estimates import Estimate, Score


@dataclass(frozen=True, slots=True)
class ClassScores:
    """One class against the rest.

    Attributes:
        name: Class name.
        support: Rows whose label is this class.
        predicted: Rows predicted as this class.
        correct: Rows of this class that were predicted as it.
        precision: correct / predicted.
        recall: correct / support, the accuracy within the class.
        f1: Harmonic mean of the two.
        roc_auc: Area under the one-vs-rest ROC curve.
        average_precision: Area under the step-wise precision-recall curve.
    """

    name: str
    support: int
    predicted: int
    correct: int
    precision: Score
    recall: Score
    f1: Score
    roc_auc: Score
    average_precision: Score


@dataclass(frozen=True, slots=True)
class ConfusionMatrix:
    """Counts of label and prediction.

    Attributes:
        class_names: k names, in the order of rows and columns.
        counts: (k, k) counts, rows true, columns predicted.

    Raises:
        ValueError: The counts are not k x k, or one is negative.
    """

    class_names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        k = len(self.class_names)
        if [len(row) for row in self.counts] != [k] * k:
            raise ValueError(
                f"A confusion matrix of {k} classes must have {k} rows of {k} counts. "
                f"Received rows of {[len(row) for row in self.counts]}."
            )
        if any(count < 0 for row in self.counts for count in row):
            raise ValueError("Counts of a confusion matrix must not be negative.")

    @property
    def n(self) -> int:
        """All rows."""
        return sum(map(sum, self.counts))

    @property
    def correct(self) -> int:
        """Rows on the diagonal."""
        return sum(row[c] for c, row in enumerate(self.counts))


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Two classes that are read as each other, the commoner way first.

    Attributes:
        first: Class whose rows are read as `second` at least as often as the reverse.
        second: The other class.
        first_as_second: Rows of `first` predicted as `second`, at least one.
        second_as_first: Rows of `second` predicted as `first`.
        first_share: first_as_second / rows of `first`.
        second_share: second_as_first / rows of `second`, None where it has no rows.
        share_of_errors: Both ways together / all errors.
        direction_p: Two-sided p-value of the exact binomial test that an error between
            the two goes either way with the same chance, 0-1.
        direction_p_holm: The same, by Holm's method for all the pairs listed.
    """

    first: str
    second: str
    first_as_second: int
    second_as_first: int
    first_share: Estimate
    second_share: Estimate | None
    share_of_errors: float
    direction_p: float
    direction_p_holm: float

    @property
    def count(self) -> int:
        """Errors between the two, both ways together."""
        return self.first_as_second + self.second_as_first


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """Whether recalls differ between classes by more than chance.

    Attributes:
        statistic: Pearson's chi-squared of right and wrong over the classes present.
        degrees_of_freedom: Classes present less one.
        p_value: Chance of at least that statistic if all recalls were equal, 0-1.
        draws: Tables simulated for the p-value, None where it follows from the
            chi-squared distribution.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    draws: int | None
