"""The options of `build` on predictions that are handed over."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import rich_click as click

from reportgen.cli.declaring import PATH, Decorator, names, option
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.pipeline import HandedPaths

BESIDE = (
    "validation_predictions",
    "label_column",
    "proba_columns",
    "classes",
    "logits",
    "prediction_column",
    "id_column",
    "image_column",
    "metadata_columns",
    "images",
)
"""Options that say more of predictions, and are idle without them."""


def refuse_alone(options: Mapping[str, Any]) -> None:
    """Refuses options that say more of predictions where there are none.

    Raises:
        UsageError: One is given without --predictions.
    """
    idle = [name for name in BESIDE if options[name]]
    if idle:
        flag = "--" + idle[0].replace("_", "-")
        raise UsageError(
            f"{flag} must come with --predictions, those of the test part. Received it "
            "alone. Name the file, or leave it out."
        )


def handed_paths(options: Mapping[str, Any]) -> "HandedPaths | None":
    """Returns the files of predictions to evaluate, None where a model predicts."""
    from reportgen.pipeline import Asked, HandedPaths

    if options["predictions"] is None:
        return None
    asked = Asked(
        label=options["label_column"],
        scores=options["proba_columns"],
        classes=options["classes"],
        logits=options["logits"],
        predicted=options["prediction_column"],
        row_ids=options["id_column"],
        images=options["image_column"],
        metadata=options["metadata_columns"],
    )
    _refuse_contradictions(asked.scores, asked.logits, asked.predicted)
    if asked.images and options["images"]:
        raise UsageError(
            "--image-column names pictures, --images an archive of them. Leave one out."
        )
    return HandedPaths(
        options["predictions"],
        options["validation_predictions"],
        asked,
        options["images"],
    )


def _refuse_contradictions(
    scores: tuple[str, ...],
    logits: bool,  # noqa: FBT001 - as it is asked
    predicted: str | None,
) -> None:
    """Refuses to read labels alone and probabilities at once."""
    if predicted and (scores or logits):
        flag = "--proba-columns" if scores else "--logits"
        raise UsageError(
            "--prediction-column evaluates predicted labels, without probabilities. "
            f"Received {flag} as well. Leave one out."
        )


HANDED_OPTIONS: tuple[Decorator, ...] = (
    option(
        "--predictions",
        "FILE",
        "Predictions of any classifier to evaluate, in place of a model and its data: "
        "NPZ, CSV, TSV or Parquet, with true labels as y_true and probabilities as "
        "y_proba (NPZ) or proba_<class>. Default: a model's. "
        "Example: --predictions scores.csv",
        type=PATH,
    ),
    option(
        "--validation-predictions",
        "FILE",
        "The same on rows that the classifier was not fitted on and that are not in "
        "--predictions: a temperature and thresholds are fitted on them. Default: "
        "none. Example: --validation-predictions held-back.csv",
        type=PATH,
    ),
    option(
        "--label-column",
        "NAME",
        "Column of true labels. Default: y_true, label, target or true_label. "
        "Example: --label-column diagnosis",
    ),
    option(
        "--proba-columns",
        "LIST",
        "Columns of probabilities, in the order of the classes, with commas between; "
        "one alone is of the second of two. Default: all proba_<class>, or "
        "logit_<class>. Example: --proba-columns p_cat,p_dog",
        callback=names,
    ),
    option(
        "--classes",
        "LIST",
        "Names of the classes, in the order of the columns. Default: as the columns "
        "say, or the labels. Example: --classes cat,dog",
        callback=names,
    ),
    click.option(
        "--logits",
        is_flag=True,
        envvar="REPORTGEN_LOGITS",
        show_envvar=True,
        help="The columns hold logits, to be turned into probabilities by softmax.",
    ),
    option(
        "--prediction-column",
        "NAME",
        "Column of predicted labels, to be evaluated alone. Default: y_pred, "
        "prediction or predicted_label, where there are no probabilities. "
        "Example: --prediction-column decided",
    ),
    option(
        "--id-column",
        "NAME",
        "Column that names each row. Default: row_id, row_ids or id, else rows are "
        "numbered. Example: --id-column case",
    ),
    option(
        "--metadata-columns",
        "LIST",
        "Columns of properties of the rows, with commas between, to see whether some "
        "fare worse. Default: all meta_<name>. Example: --metadata-columns camera,age",
        callback=names,
    ),
    option(
        "--image-column",
        "NAME",
        "Column of paths of PNG or JPEG files, relative to the table. Default: image "
        "or image_path. Example: --image-column photograph",
    ),
    option(
        "--images",
        "FILE",
        "NPZ with the images of the rows, uint8 (n, h, w) or (n, h, w, 3), as images, "
        "in the order of the rows or with row_ids. Default: none. "
        "Example: --images shown.npz",
        type=PATH,
    ),
)
