"""A dataset from a path that a user names: IDX files, an NPZ archive, or pictures."""

from pathlib import Path

from reportgen.data import idx, npz
from reportgen.data.dataset import Dataset
from reportgen.data.labels import ClassOrder
from reportgen.data.picture_folders import holds_folders, read_class_folders
from reportgen.data.published import Naming, PublishedPart, pool
from reportgen.errors import DataError
from reportgen.record import encodable


def load_path(
    path: Path, *, naming: Naming, order: ClassOrder | None = None
) -> Dataset:
    """Returns the dataset that lies at the path.

    Args:
        path: Folder with the four IDX or IDX.gz files, folder of folders of pictures,
            or an .npz file.
        naming: How the dataset is called.
        order: How names of classes that are words are numbered; None for the natural
            order, of which the dataset then says so where another is as likely.

    Raises:
        DataError: Nothing lies there, or something else, or it is broken.
    """
    if _holds_pictures(path):
        return read_class_folders(path, naming=naming, order=order)
    train, test = _read_parts(path)
    return pool(train, test, naming=naming, order=order)


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


def _holds_pictures(path: Path) -> bool:
    """Returns whether a folder of folders lies there, without a file of IDX."""
    if not _is_folder(path) or idx.missing_files(path) != idx.STEMS:
        return False
    return holds_folders(path)


def _is_folder(path: Path) -> bool:
    """Returns whether a folder lies there."""
    try:
        return path.is_dir()
    except OSError as error:
        raise idx.unreadable(path, error) from error


def _read_parts(path: Path) -> tuple[PublishedPart | None, PublishedPart]:
    """Returns the training part, if there is one, and the test part at the path."""
    if _is_folder(path):
        return idx.read_folder(path)
    if path.suffix == ".npz":
        return npz.read_npz(path)
    received = "another file" if path.exists() else "no such path"
    raise DataError(
        f"{path} must be a folder with the four IDX or IDX.gz files of a dataset, a "
        "folder of folders of pictures, one for each class, or an .npz file. "
        f"Received {received}. Name the folder that holds the files, not one of them."
    )
