"""A dataset from a path that a user names: a folder of IDX files, or an NPZ archive."""

from pathlib import Path

from reportgen.data import idx, npz
from reportgen.data.dataset import Dataset
from reportgen.data.published import Naming, PublishedPart, pool
from reportgen.errors import DataError
from reportgen.record import encodable


def load_path(path: Path, *, naming: Naming) -> Dataset:
    """Returns the dataset that lies at the path.

    Args:
        path: Folder with the four IDX or IDX.gz files, or an .npz file.
        naming: How the dataset is called.

    Raises:
        DataError: Nothing lies there, or something else, or it is broken.
    """
    train, test = _read_parts(path)
    return pool(train, test, naming=naming)


def name_after(path: Path, key: str | None) -> Naming:
    """Returns a naming by the path's last part, never by where it lies.

    Args:
        path: Folder or file.
        key: The user's own key, which then is the title too; None for the folder's name
            or the file's name without its ending.
    """
    name = encodable(path.resolve().name) or "data"  # The root folder has no name.
    stem = name.removesuffix(".npz")  # Any other dot may be part of a folder's name.
    called = encodable(key) if key else stem
    return Naming(key=called, title=called, source=name)


def _read_parts(path: Path) -> tuple[PublishedPart, PublishedPart]:
    """Returns the training part and the test part that lie at the path."""
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:
        raise idx.unreadable(path, error) from error
    if is_folder:
        return idx.read_folder(path)
    if path.suffix == ".npz":
        return npz.read_npz(path)
    received = "another file" if exists else "no such path"
    raise DataError(
        f"{path} must be a folder with the four IDX or IDX.gz files of a dataset, or "
        f"an .npz file. Received {received}. "
        "Name the folder that holds the files, not one of them."
    )
