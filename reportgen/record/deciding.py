"""When to trust a prediction: abstaining, suspected labels, what the rows can tell."""

from dataclasses import dataclass

from reportgen.record.estimates import Estimate
from reportgen.record.pixels import Gallery


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """The errors among the most confident rows.

    Attributes:
        asked: Share of rows to accept.
        accepted: Rows accepted; tied scores are accepted together, so there may be
            more than asked for.
        errors: Errors among them.
        risk: errors / accepted.
        threshold: Least logit margin accepted.
    """

    asked: float
    accepted: int
    errors: int
    risk: Estimate
    threshold: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """A threshold that keeps the error of accepted rows under a target.

    Attributes:
        target: Greatest share of errors among accepted rows.
        level: Confidence that the target is kept.
        rows: Validation rows from which the threshold was chosen.
        threshold: Least logit margin accepted, None where none could be certified.
        accepted: Validation rows accepted, 0 where none could be certified.
        errors: Errors among them.
        bound: One-sided Clopper-Pearson bound of their error, None likewise.
        coverage: Share of the test rows accepted, None likewise.
        risk: Share of errors among the accepted test rows, None where none is accepted.
        reason: Why none could be certified, in words; None where one was.

    Raises:
        ValueError: Neither or both of `threshold` and `reason` are given, or a number
            that follows from a threshold without one.
    """

    target: float
    level: float
    rows: int
    threshold: float | None
    accepted: int
    errors: int
    bound: float | None
    coverage: Estimate | None
    risk: Estimate | None
    reason: str | None

    def __post_init__(self) -> None:
        if (self.threshold is None) == (self.reason is None):
            raise ValueError("A certificate needs a threshold or a reason, not both.")
        following = {self.bound is None, self.coverage is None, self.threshold is None}
        if len(following) > 1:
            raise ValueError("A certificate needs bound and coverage, or no threshold.")


@dataclass(frozen=True, slots=True)
class Deciding:
    """What abstaining from the least confident rows buys.

    Rows are ordered by the logit margin of the predicted class, z - logsumexp(others).

    Attributes:
        coverage: (p,) shares of rows accepted, rising, at distinct margins only.
        risk: (p,) share of errors among the accepted rows.
        aurc: Area under risk over coverage: mean over rows of the errors among the i
            most confident / i.
        augrc: Area under the generalised risk: mean of the errors / n.
        at: Risk at round coverages, greatest first; at least one.
        certificates: One a target, strictest first; empty without a validation part.
        certificates_reason: Why there is none, in words; None where there are some.

    Raises:
        ValueError: A point of the curve lacks one half, there is no risk at a round
            coverage, or certificates and a reason are both given, or neither.
    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    aurc: Estimate
    augrc: Estimate
    at: tuple[RiskPoint, ...]
    certificates: tuple[Certificate, ...]
    certificates_reason: str | None

    def __post_init__(self) -> None:
        if not self.coverage or len(self.coverage) != len(self.risk):
            raise ValueError(
                "A risk-coverage curve must have as many risks as coverages, at least "
                f"one. Received {len(self.risk)} and {len(self.coverage)}."
            )
        if not self.at:
            raise ValueError("at must hold a risk at one coverage or more. Received 0.")
        if bool(self.certificates) == (self.certificates_reason is not None):
            raise ValueError("Certificates must be there, or a reason, not both.")


@dataclass(frozen=True, slots=True)
class Suspects:
    """Errors that look like mislabelled rows: suspected, not proven.

    A wrong row is suspected where its predicted class has at least the mean probability
    that this class has over the rows labelled with it.

    Attributes:
        gallery: The suspects of least probability of their label, least first.
        accuracy_if_mislabelled: Accuracy if the label of every suspect were wrong and
            its prediction right.
    """

    gallery: Gallery
    accuracy_if_mislabelled: Estimate


@dataclass(frozen=True, slots=True)
class Resolution:
    """The smallest difference that this test set could show between two models.

    Attributes:
        difference: Difference of accuracy, as a share, found with `power`.
        discordant_share: Share of rows on which just one of the two is assumed right.
        level: Confidence level of the paired test.
        power: Chance of finding a difference of that size.
    """

    difference: float
    discordant_share: float
    level: float
    power: float

    @property
    def one_way(self) -> bool:
        """Whether all rows that tell the two apart are assumed to speak for one."""
        return self.difference >= self.discordant_share * (1 - 1e-9)  # rounding
