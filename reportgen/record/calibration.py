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
        frequency_low: Lower 95 % Wilson bound of `frequency`.
        frequency_high: Upper 95 % Wilson bound of `frequency`.
    """

    low: float
    high: float
    count: int
    confidence: float
    frequency: float
    frequency_low: float
    frequency_high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How stated confidence compares with what came true.

    Attributes:
        class_name: The class whose probability is judged, None for the predicted class.
        binning: How rows were put into bins.
        bins_asked: Bins asked for; ties and empty bins can make them fewer.
        bins_filled: Bins that hold rows.
        bins: The bins that hold rows, by confidence.
        error: Expected calibration error over the bins.

    Raises:
        ValueError: There is no bin, or there are not as many as `bins_filled` says.
    """

    class_name: str | None
    binning: Binning
    bins_asked: int
    bins_filled: int
    bins: tuple[CalibrationBin, ...]
    error: Estimate

    def __post_init__(self) -> None:
        if not self.bins or len(self.bins) != self.bins_filled:
            raise ValueError(
                f"A calibration must have bins_filled = {self.bins_filled} bins, at "
                f"least one. Received {len(self.bins)}."
            )


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
        ValueError: There is no bin, or edges and counts do not fit each other.
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
