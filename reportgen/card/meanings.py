"""What each score says, in one short clause a score."""

MEANINGS: dict[str, str] = {
    "accuracy": "share of test images predicted right",
    "precision_weighted": "share right of what is read as a class, by class size",
    "recall_weighted": "share right of a class's images, by class size",
    "f1_weighted": "harmonic mean of the two, by class size",
    "roc_auc_ovr": "chance that a class's image outranks another's",
    "log_loss": "mean surprise at the true class, in nats",
    "cohen_kappa": "agreement with the labels beyond chance",
    "matthews_corrcoef": "correlation of label and prediction",
    "top_3_accuracy": "true class among the likeliest three",
    "precision_macro": "every class counted alike",
    "recall_macro": "every class counted alike",
    "f1_macro": "every class counted alike",
    "balanced_accuracy": "mean recall over the classes",
    "brier_score": "mean squared distance from the truth",
    "average_precision_macro": "area under precision over recall",
    "ece": "mean distance of confidence from share right",
}
"""By the key of the score."""
