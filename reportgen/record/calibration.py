"""How stated confidence compares with what came true."""

from dataclasses import dataclass
from typing import Literal

from reportgen.record.estimates import Estimate

Binning = Literal["equal_mass", "equal_width"]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows of similar confidence.

    Attributes:
        low: Least confidence in the bin.
        high: Greatest confidence in the bin.
        count: Rows.
        confidence: Mean confidence.
        frequency: Share of the rows in which the event came true.
        frequency_low: Lower Wilson bound of `frequency`.
        frequency_high: Upper Wilson bound of `frequency`.
        consistent_low: Least frequency that chance alone would bring to this bin, were
            every stated confidence true; a quantile of the binomial distribution.
        consistent_high: Greatest such frequency.
    """

    low: float
    high: float
    count: int
    confidence: float
    frequency: float
    frequency_low: float
    frequency_high: float
    consistent_low: float
    consistent_high: float


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """The error that a perfectly calibrated model would show on as many rows.

    Attributes:
        quantile: Its quantile at `level`, over outcomes drawn from the probabilities.
        level: As 0.95.
        p_value: (1 + draws with at least the observed error) / (1 + draws).
        draws: Test sets drawn.
    """

    quantile: float
    level: float
    p_value: float
    draws: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence against what came true, in bins.

    Attributes:
        class_name: The class whose probability is judged, None for the predicted class.
        binning: How rows were put into bins.
        bins_asked: Bins asked for; ties and empty bins can make them fewer.
        bins_filled: Bins that hold rows.
        bins: The bins that hold rows, by confidence.
        error: Expected calibration error over the bins, L1.
        debiased: L2 calibration error less what noise alone adds, 0 or more; None
            where no bin holds two rows.
        largest: Greatest distance in a bin of `least_rows` rows or more, None where no
            bin has as many.
        least_rows: Rows that a bin needs to count for `largest`.
        share_in_small_bins: Share of the rows in bins of fewer than `least_rows` rows.
        noise_floor: What a perfectly calibrated model would show for `error`.

    Raises:
        ValueError: There is no bin, or there are not as many as `bins_filled` says.
    """

    class_name: str | None
    binning: Binning
    bins_asked: int
    bins_filled: int
    bins: tuple[CalibrationBin, ...]
    error: Estimate
    debiased: float | None
    largest: float | None
    least_rows: int
    share_in_small_bins: float
    noise_floor: NoiseFloor

    def __post_init__(self) -> None:
        if not self.bins or len(self.bins) != self.bins_filled:
            raise ValueError(
                f"A reliability must have bins_filled = {self.bins_filled} bins, at "
                f"least one. Received {len(self.bins)}."
            )


@dataclass(frozen=True, slots=True)
class ClasswiseError:
    """The calibration error of every class's own probability, together.

    Attributes:
        error: Mean over the classes of each one's expected calibration error.
        noise_floor: What a perfectly calibrated model would show for it.
        worst: Class of the greatest error, the first of several.
    """

    error: Estimate
    noise_floor: NoiseFloor
    worst: str


@dataclass(frozen=True, slots=True)
class LogLossSplit:
    """Log loss as what the best temperature leaves and what it takes away.

    Where no temperature within bounds is best nothing is split and nothing tested: 1 is
    kept, `miscalibration` and `statistic` are 0, and `p_value` is 1.

    Attributes:
        temperature: The temperature of least log loss on these very rows.
        refinement: Log loss in nats at that temperature.
        miscalibration: Log loss less `refinement`, 0 or more.
        statistic: 2 n `miscalibration`, the likelihood-ratio statistic of T = 1.
        p_value: Its p-value by the chi-squared distribution of one degree of freedom.
        at_bound: Whether no temperature within bounds was best, so that 1 is kept.
    """

    temperature: float
    refinement: float
    miscalibration: float
    statistic: float
    p_value: float
    at_bound: bool


@dataclass(frozen=True, slots=True)
class BrierSplit:
    """Brier score = miscalibration - discrimination + uncertainty, summed over classes.

    Attributes:
        score: The Brier score, sum form.
        miscalibration: What isotonic recalibration on these rows would take away.
        discrimination: What the recalibrated probabilities gain on the base rates.
        uncertainty: Score of the base rates.
    """

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True, slots=True)
class TemperatureScaling:
    """One temperature, fitted on the validation part and tried on the test part.

    Attributes:
        temperature: Divides the logits; above 1 it makes the model less confident.
        rows: Validation rows that it was fitted on.
        at_bound: Whether no temperature within bounds was best, so that 1 is kept.
        log_loss: Log loss of the test part after it.
        log_loss_change: Log loss after less before, paired; below 0 it helps.
        brier_change: Likewise for the Brier score.
        error: Expected calibration error after it, equal mass.
        noise_floor: What a perfectly calibrated model would show for `error`.
    """

    temperature: float
    rows: int
    at_bound: bool
    log_loss: Estimate
    log_loss_change: Estimate
    brier_change: Estimate
    error: Estimate
    noise_floor: NoiseFloor


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that the report says of calibration.

    Attributes:
        overconfidence: Mean confidence less accuracy, -1 to 1; above 0 the model claims
            more than it keeps.
        log_loss: Log loss split by the best temperature.
        brier: Brier score split by isotonic recalibration.
        equal_mass: The predicted class's probability, in bins of equal mass.
        equal_width: The same in bins of equal width.
        classwise: Every class's own probability, together.
        classes: Every class's own probability, k classes in label order.
        temperature: A temperature from the validation part, None where there is none.
        temperature_reason: Why there is none, in words; None where there is one.

    Raises:
        ValueError: Neither or both of `temperature` and its reason are given.
    """

    overconfidence: Estimate
    log_loss: LogLossSplit
    brier: BrierSplit
    equal_mass: Reliability
    equal_width: Reliability
    classwise: ClasswiseError
    classes: tuple[Reliability, ...]
    temperature: TemperatureScaling | None
    temperature_reason: str | None

    def __post_init__(self) -> None:
        if (self.temperature is None) == (self.temperature_reason is None):
            raise ValueError("A calibration needs a temperature or a reason, not both.")


@dataclass(frozen=True, slots=True)
class ConfidenceHistogram:
    """Confidence of right and of wrong predictions, in bins of equal width.

    Attributes:
        edges: (m + 1,) bin edges from 0 to 1.
        correct: (m,) right predictions a bin.
        wrong: (m,) wrong predictions a bin.
        mean_correct: Mean confidence of right predictions, None where there are none.
        mean_wrong: Mean confidence of wrong predictions, None where there are none.

    Raises:
        ValueError: There is no bin, edges and counts do not fit each other, or nothing
            is counted.
    """

    edges: tuple[float, ...]
    correct: tuple[int, ...]
    wrong: tuple[int, ...]
    mean_correct: float | None
    mean_wrong: float | None

    def __post_init__(self) -> None:
        bins = len(self.edges) - 1
        if bins < 1 or not len(self.correct) == len(self.wrong) == bins:
            raise ValueError(
                "A histogram must have one edge more than it has bins, at least one. "
                f"Received {len(self.edges)} edges, {len(self.correct)} counts of "
                f"right predictions and {len(self.wrong)} of wrong ones."
            )
        if not any((*self.correct, *self.wrong)):
            raise ValueError("A histogram must count at least one row. Received none.")
