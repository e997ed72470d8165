"""What would end a build of predictions, found out before there are any."""

import os
from collections.abc import Sequence
from pathlib import Path

from reportgen.errors import OutputError
from reportgen.pipeline.entrants import read_entrants
from reportgen.pipeline.folders import require_replaceable
from reportgen.pipeline.handed import require_no_model
from reportgen.pipeline.matching import check_classes_shared
from reportgen.pipeline.runs import FILES, set_aside, writing


def check_place(run: Path) -> None:
    """Refuses a place where no run of predictions can stand; nothing is made there.

    Args:
        run: Run folder to replace or make.

    Raises:
        OutputError: It holds what is not ours to replace, or cannot be made.
    """
    with writing(run):
        require_no_model(run)
        for place in (run, set_aside(run)):
            require_replaceable(place, FILES)
    above = next(one for one in run.absolute().parents if os.path.lexists(one))
    if not above.is_dir():
        raise OutputError(
            f"{run} must lie in a folder. Received {above}, which is none. Choose "
            "another with --output, or output= from Python."
        )
    if not os.access(above, os.W_OK | os.X_OK):
        raise OutputError(
            f"{run} must be writable. Received {above}, which is not. Choose another "
            "folder with --output, or output= from Python."
        )


def check_baseline(path: Path, class_names: Sequence[str]) -> None:
    """Refuses a baseline that predictions of those classes cannot be compared with.

    Args:
        path: Its run folder, its record.json or its report.pdf.
        class_names: (k,) labels of what is compared with it.

    Raises:
        ReportgenError: It is missing, broken, not all of one run, or of other classes.
    """
    ((baseline, _),) = read_entrants(path)
    check_classes_shared(baseline.predictions.class_names, tuple(class_names))
