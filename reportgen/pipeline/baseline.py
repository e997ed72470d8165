"""A build beside a baseline: read before anything is measured, compared after."""

from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.pipeline.contest import contest
from reportgen.pipeline.entrants import Entrant, looking_into, read_entrants, side_of
from reportgen.pipeline.measuring import Measurement
from reportgen.pipeline.request import Rival
from reportgen.pipeline.runs import BASELINE, PREDICTIONS, write_file, writing
from reportgen.pipeline.stages import Stages
from reportgen.record import encodable


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline that was read.

    Attributes:
        entrant: The run.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.
    """

    entrant: Entrant
    margin: float

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of its classes, in its order."""
        return self.entrant.predictions.class_names


def read_baseline(rival: Rival, stages: Stages) -> Baseline:
    """Returns the baseline of a build.

    Raises:
        ReportgenError: It is missing, broken, or not all of one run.
    """
    with stages.stage("baseline"):
        ((entrant, _),) = read_entrants(rival.path)
    return Baseline(entrant, rival.margin)


def beside(
    measurement: Measurement, baseline: Baseline, folder: Path, stages: Stages
) -> Measurement:
    """Returns a measurement with its comparison, and writes the baseline's predictions.

    Args:
        measurement: What was measured.
        baseline: What it is compared with.
        folder: Holds the measurement's own predictions; the baseline's are added.
        stages: Times and tells the stage.

    Raises:
        PredictionsError: The two have other classes, or a row has two labels.
        OutputError: The predictions cannot be written.
    """
    record, predictions = measurement.record, measurement.predictions
    with stages.stage("compare"):
        with writing(folder):
            content = (folder / PREDICTIONS).read_bytes()
        side = side_of(
            record, content, source=encodable(record.name), record_sha256=None
        )
        look = measurement.look or looking_into(record.evaluation, predictions)
        comparison = contest(
            baseline.entrant,
            Entrant(side, predictions, look, content),
            record.evaluation.sampling,
            margin=baseline.margin,
        )
    write_file(folder / BASELINE, baseline.entrant.content)
    timings = replace(record.timings, stages=tuple(stages.done))
    record = replace(record, comparison=comparison, timings=timings)
    return replace(measurement, record=record)
