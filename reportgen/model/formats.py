"""Formats of models that are not read, told by their first bytes, and the way out."""

from reportgen.model.directory import LOCAL

OTHERWISE = (
    "Or predict with the program that made it, and hand over what it predicts: "
    "reportgen build --predictions FILE."
)
"""What to do with a model that is not read: the evaluation takes any classifier's."""

HDF5 = b"\x89HDF\r\n\x1a\n"
WHOLE = b"model_config"
"""What stands in an HDF5 file that holds the layers beside the weights."""

CONVERT = (
    "Keras itself turns it into one: keras.models.load_model('model.h5', "
    "compile=False).save('model.keras'). Where that does not load it, save it as "
    "model.keras with the Keras that trained it."
)
BUILD_FIRST = (
    "Weights alone tell no layers: where only they were saved, build the model as for "
    "its training, and then model.load_weights(...); model.save('model.keras')."
)
"""How a file of an older Keras, or of weights, becomes one that is read."""

ZIP = b"PK\x03\x04"

STARTS = (
    (HDF5, "a Keras model in the older format, HDF5 (.h5)"),
    (b"\x93NUMPY", "a NumPy array (.npy)"),
    (b"GGUF", "a GGUF file"),
    (b"CBM1", "a CatBoost model"),
    (b"tree\nversion=", "a LightGBM model"),
    (b"binf", "an XGBoost model in its older format"),
    (b"{L", "an XGBoost model (.ubj)"),
    (b"\x08", "an ONNX file or a SavedModel"),
)
"""First bytes of other formats that hold models."""

JSON_SEEN_BYTES = 4096

MEMBERS = (
    ("/data.pkl", "a PyTorch model (.pt)"),
    ("/.format_version", "a PyTorch model (.pt)"),
    ("/.data/serialization_id", "a PyTorch model (.pt)"),
    ("/version", "a PyTorch model (.pt)"),
    (".npy", "a NumPy archive (.npz)"),
    ("schema.json", "a skops file"),
)
"""How the name of a zip's first member ends in formats that are no `.keras`."""

PACKAGES = {
    "catboost": "a CatBoost model",
    "fastai": "a fastai model",
    "joblib": "a model with NumPy arrays, as scikit-learn's",
    "lightgbm": "a LightGBM model",
    "numpy": "NumPy arrays",
    "sklearn": "a scikit-learn estimator",
    "tensorflow": "a TensorFlow model",
    "tf_keras": "a model of an older Keras",
    "torch": "a PyTorch model",
    "xgboost": "an XGBoost model",
}
"""What a pickle holds that asks for names of a package."""

OLD_KERAS = ("keras.saving.pickle_utils", "keras.src.saving.pickle_utils")
"""Modules by which Keras 2 pickled its models."""


def foreign_format(content: bytes) -> str | None:
    """Returns what the first bytes of a file look like, None where they say nothing.

    Args:
        content: The file, not a `.keras` archive.
    """
    if content.startswith(ZIP):
        return _zip_format(content)
    if content[4:8] == b"TFL3":
        return "a TensorFlow Lite file"
    if content[8:9] == b"{" and content[6:8] == b"\0\0":
        return "a safetensors file"
    if content.startswith(b"{") and b'"learner"' in content[:JSON_SEEN_BYTES]:
        return "an XGBoost model (.json)"
    for start, label in STARTS:
        if content.startswith(start):
            return label
    return None


def way_to_keras(content: bytes) -> str:
    """Returns how Keras makes a model that is read of a file, empty if it cannot.

    Args:
        content: The file.
    """
    if not content.startswith(HDF5):
        return ""
    return f"{CONVERT if WHOLE in content else BUILD_FIRST} "


def _zip_format(content: bytes) -> str | None:
    """Returns what the first member of a zip tells of it."""
    if len(content) < LOCAL.size:
        return None
    length = LOCAL.unpack_from(content)[9]
    first = content[LOCAL.size : LOCAL.size + length].decode("utf-8", "replace")
    for end, label in MEMBERS:
        if first.endswith(end):
            return label
    return None


def pickled_format(module: str) -> str | None:
    """Returns what a pickle holds that asks for a module, None where not known."""
    if module in OLD_KERAS:
        return "a model of an older Keras"
    return PACKAGES.get(module.partition(".")[0])
