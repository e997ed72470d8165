"""Turns a trained classifier into a report that a reviewer can check.

From a notebook or a training script:

>>> from reportgen import Predictions, evaluate
>>> predictions = Predictions.of(
...     y_true=["cat", "dog", "dog"],
...     y_proba=[[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]],
... )
>>> evaluation = evaluate(predictions)
>>> evaluation.correct, evaluation.n, evaluation.class_names
(2, 3, ('cat', 'dog'))

`build_report(predictions)` writes all that there is to say of them into a folder, as
`reportgen build --predictions FILE` does. What is named here is loaded when it is first
asked for, so that the command line answers at once.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.errors import ReportgenError as ReportgenError
    from reportgen.evaluation import evaluate as evaluate
    from reportgen.predictions import Predictions as Predictions
    from reportgen.record import Sampling as Sampling
    from reportgen.reporting import Report as Report
    from reportgen.reporting import build_report as build_report

__version__ = "0.1.0"

HOMES = {
    "Predictions": "reportgen.predictions",
    "Report": "reportgen.reporting",
    "ReportgenError": "reportgen.errors",
    "Sampling": "reportgen.record",
    "build_report": "reportgen.reporting",
    "evaluate": "reportgen.evaluation",
}
"""The module that each public name lives in."""

__all__ = [  # noqa: PLE0604 - the names of `HOMES`, which a test holds to be here
    *HOMES
]

if not TYPE_CHECKING:  # A type checker would take it for leave to import any name.

    def __getattr__(name: str) -> object:
        """Returns a public name, whose module is loaded by that."""
        from importlib import import_module

        if name not in HOMES:
            raise AttributeError(f"module 'reportgen' has no attribute {name!r}")
        return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    """Returns what can be completed, whether or not it is loaded."""
    return sorted({*globals(), *HOMES})
