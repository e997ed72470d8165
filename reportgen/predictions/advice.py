"""What to try with a table whose columns have other names than are looked for."""

import csv
import io
import shlex
from collections.abc import Sequence

from reportgen.predictions.checks import NAMED, SHOWN, shown

LABELS_ELSEWHERE = frozenset(
    {
        "y_true",
        "label",
        "labels",
        "y_test",
        "target",
        "true_label",
        "y",
        "class",
        "truth",
        "actual",
    }
)
PREDICTED_ELSEWHERE = frozenset(
    {"y_pred", "prediction", "predicted_label", "pred", "predicted", "y_hat", "yhat"}
)
SCORES_BEGIN = ("prob", "p_", "score", "y_score", "y_prob", "pred_prob", "logit")
"""How other programs call columns; told as a question, never read for that."""

MOST_ADVISED = 20
"""Columns that a line to copy names."""


def label_advice(columns: Sequence[str]) -> str:
    """Returns how to name what may be the column of true labels."""
    found = likely_labels(columns)
    if not found:
        return "Rename it, or name it with --label-column."
    flag = f"--label-column {shlex.quote(found[0])}"
    return f"If {shown(found[0])} holds the true labels, add {flag}."


def prediction_advice(columns: Sequence[str], *, each: bool = True) -> str:
    """Returns how to name what may be columns of probabilities or predicted labels.

    Args:
        columns: Their names.
        each: Whether each is of one class; a member of an archive is of all.
    """
    scores = likely_scores(columns)
    predicted = [name for name in columns if _plain(name) in PREDICTED_ELSEWHERE]
    advice = ""
    if scores:
        some = " and ".join(map(shown, scores[:2])) + " ..." * (len(scores) > 2)  # noqa: PLR2004 - two show the pattern
        both = " --classes OTHER,ITS-OWN" * (each and len(scores) == 1)
        flag = f"--proba-columns {copied(scores)}{both}"
        advice += f"If {some} {_hold(scores)} probabilities, add {flag}. "
    if predicted:
        advice += (
            f"If {shown(predicted[0])} holds predicted labels, add "
            f"--prediction-column {shlex.quote(predicted[0])}."
        )
    plain = (
        "Rename them, or name them with --proba-columns; name a column of predicted "
        "labels with --prediction-column."
    )
    return advice.strip() or plain


def likely_labels(columns: Sequence[str]) -> tuple[str, ...]:
    """Returns the columns that are called as true labels often are."""
    return tuple(name for name in columns if _plain(name) in LABELS_ELSEWHERE)


def likely_scores(columns: Sequence[str]) -> tuple[str, ...]:
    """Returns the columns whose names begin as those of scores often do."""
    return tuple(name for name in columns if _plain(name).startswith(SCORES_BEGIN))


def predicted_numbers_advice(column: str, *, each: bool = True) -> str:
    """Returns what to do with predicted labels that are no whole numbers.

    Args:
        column: Their name.
        each: Whether a column is of one class; a member of an archive is of all.
    """
    flag = f"--proba-columns {copied([column])}" + " --classes OTHER,ITS-OWN" * each
    return (
        f"If they are probabilities, add {flag}. Make whole numbers of labels with "
        "astype(int)."
    )


def spread_advice(column: str) -> str:
    """Returns what to do with a column that holds a list in each row."""
    return (
        "Give each class a column of its own before the table is written: "
        f"table.join(pandas.DataFrame(table[{column[:SHOWN]!r}].tolist())"
        ".add_prefix('proba_'))."
    )


def number_advice(cell: str, column: str) -> str:
    """Returns what to do with a cell that holds no number."""
    if "%" in cell:
        return "Divide percentages by 100, and leave out the sign."
    if cell.lstrip().startswith(("[", "(")) or len(cell.split()) > 2:  # noqa: PLR2004 - a number and its unit
        return spread_advice(column)
    if "," in cell:
        return (
            "Write it with a point before its decimals: set the point in the program "
            "that exports it, or read it with pandas.read_csv(..., decimal=',')."
        )
    return "Write numbers with a point, and leave out rows that have none."


def _plain(name: str) -> str:
    """Returns a name without the blanks and capitals that keep it from being known."""
    return name.strip().lower()


def _hold(names: Sequence[str]) -> str:
    """Returns the verb of one or of several columns."""
    return "holds" if len(names) == 1 else "hold"


def copied(names: Sequence[str]) -> str:
    """Returns names as a shell takes them, of many or long ones the first."""
    if len(names) > MOST_ADVISED or any(len(one) > SHOWN for one in names):
        few = [one for one in names if len(one) <= SHOWN][:NAMED]
        return ",".join([*few, "..."])
    line = io.StringIO()
    blanks = any(one != one.strip() for one in names)  # else they would be left out
    if blanks:
        csv.writer(line, lineterminator="", quoting=csv.QUOTE_ALL).writerow(names)
    else:
        csv.writer(line, lineterminator="").writerow(names)
    return shlex.quote(line.getvalue())
