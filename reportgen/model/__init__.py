"""The only room with Keras: networks are built, trained, kept, loaded and asked here.

Importing it is cheap; TensorFlow is loaded when a network is built or read.
"""

from reportgen.model.architecture import UNITS, build_network
from reportgen.model.backend import Network, keras_quietly, seed_everything
from reportgen.model.batches import TrainingPart
from reportgen.model.describing import check_fits, describe, weights_sha256
from reportgen.model.files import ARCHIVE_NAME, PICKLE_NAME, load_model, save_model
from reportgen.model.predicting import predict_proba
from reportgen.model.recipes import RECIPES, Recipe, find_recipe
from reportgen.model.training import EpochReport, Listener, TrainingSettings, train

__all__ = [
    "ARCHIVE_NAME",
    "PICKLE_NAME",
    "RECIPES",
    "UNITS",
    "EpochReport",
    "Listener",
    "Network",
    "Recipe",
    "TrainingPart",
    "TrainingSettings",
    "build_network",
    "check_fits",
    "describe",
    "find_recipe",
    "keras_quietly",
    "load_model",
    "predict_proba",
    "save_model",
    "seed_everything",
    "train",
    "weights_sha256",
]
