"""The only room with Keras: networks are built, trained, kept, loaded and asked here.

Importing it is cheap; TensorFlow is loaded when a network is built or read.
"""

from reportgen.model.architecture import UNITS, build_network
from reportgen.model.asking import UNSAID, Said, find_reading, reading_notes
from reportgen.model.backend import Network, keras_quietly, seed_everything
from reportgen.model.describing import describe, weights_sha256
from reportgen.model.files import (
    ARCHIVE_NAME,
    PICKLE_NAME,
    check_model,
    load_model,
    save_model,
)
from reportgen.model.literal import train_literally
from reportgen.model.predicting import predict_proba
from reportgen.model.progress import Progress, from_bytes, to_bytes
from reportgen.model.recipes import RECIPES, Recipe, find_recipe
from reportgen.model.tempering import temper
from reportgen.model.training import (
    EpochReport,
    Listener,
    Trained,
    TrainingPart,
    TrainingSettings,
    train,
)

__all__ = [
    "ARCHIVE_NAME",
    "PICKLE_NAME",
    "RECIPES",
    "UNITS",
    "UNSAID",
    "EpochReport",
    "Listener",
    "Network",
    "Progress",
    "Recipe",
    "Said",
    "Trained",
    "TrainingPart",
    "TrainingSettings",
    "build_network",
    "check_model",
    "describe",
    "find_reading",
    "find_recipe",
    "from_bytes",
    "keras_quietly",
    "load_model",
    "predict_proba",
    "reading_notes",
    "save_model",
    "seed_everything",
    "temper",
    "to_bytes",
    "train",
    "train_literally",
    "weights_sha256",
]
