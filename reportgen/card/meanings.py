"""What each score says, in one short clause a score."""

MEANINGS: dict[str, str] = {
    "accuracy": "share of test images predicted right",
    "precision_weighted": "of images read as a class, the share of that class",
    "recall_weighted": "of images of a class, the share read as it",
    "f1_weighted": "harmonic mean of precision and recall of a class",
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
