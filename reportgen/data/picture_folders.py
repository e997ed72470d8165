"""A dataset in a folder of folders of pictures, one folder for each class.

    photos/cat/1.png            photos/train/cat/1.png
    photos/cat/2.png     or     photos/test/cat/2.png
    photos/dog/1.jpeg           photos/test/dog/1.jpeg

Folders that hold nothing but folders, one of them called `test`, are published parts.
No picture is resized: by which rule would decide over the numbers.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.data.dataset import RGB, Dataset, check_class_names
from reportgen.data.idx import unreadable
from reportgen.data.labels import MOST_CLASSES, ClassOrder, class_order
from reportgen.data.pictures import read_picture
from reportgen.data.published import MOST_ROWS, Naming, check_room, few
from reportgen.errors import DataError
from reportgen.natural import natural

TEST = "test"
OTHERS = ("train", "training", "val", "valid", "validation")
"""Names of folders that are parts of a dataset, beside the one of the test part."""

DROPPINGS = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
"""What systems leave in folders, beside what begins with a dot."""

PICTURES = frozenset({".jpeg", ".jpg", ".png"})


@dataclass(frozen=True, slots=True)
class _Place:
    """A picture and where it belongs.

    Attributes:
        path: The file.
        part: Folder of its published part, empty where there are none.
        label: Folder of its class.
    """

    path: Path
    part: str
    label: str

    @property
    def row_id(self) -> str:
        """Its path below the dataset's folder."""
        part = f"{self.part}/" if self.part else ""
        return f"{part}{self.label}/{self.path.name}"


@dataclass(slots=True)
class _Seen:
    """What was met on the way, to be told of.

    Attributes:
        classes: Names of the folders of classes.
        hidden: How many hidden files and folders were left out.
        beside: Names of files beside the folders of classes.
    """

    classes: set[str] = field(default_factory=set)
    hidden: int = 0
    beside: list[str] = field(default_factory=list)


def holds_folders(path: Path) -> bool:
    """Returns whether a folder holds a folder that is not hidden.

    Raises:
        DataError: It cannot be listed.
    """
    return any(_is_folder(one) for one in _listed(path, _Seen()))


def read_class_folders(
    path: Path, *, naming: Naming, order: ClassOrder | None = None
) -> Dataset:
    """Returns the dataset that a folder of class folders holds.

    Classes come in the order asked for, pictures of a class in natural order of their
    names, and parts in the order train, validation, test. A class without a picture
    stays a class. Where any picture has colours all are RGB, grey ones with the same
    value in each channel.

    Args:
        path: The folder.
        naming: How the dataset is called.
        order: Order of the class names, which numbers them; None for the natural one,
            of which the dataset then says so where another is as likely.

    Raises:
        DataError: There is no picture; one cannot be read or has another size than the
            first; anything but pictures lies in a class's folder; or names clash.
    """
    seen = _Seen()
    places = list(_places(path, seen))
    if not places:
        raise DataError(
            f"{path} must hold a folder for each class with its pictures inside. "
            f"Received {len(seen.classes):,} folders without any picture. Put PNG or "
            "JPEG files into them."
        )
    _check_names(path, seen.classes)
    names, assumed = class_order(seen.classes, order)
    check_class_names(names)
    images, notes = _images(path, places)
    codes = {name: code for code, name in enumerate(names)}
    tested = np.array([place.part.lower() == TEST for place in places])
    return Dataset(
        key=naming.key,
        title=naming.title,
        source=naming.source,
        images=images,
        labels=np.array([codes[place.label] for place in places], dtype=np.int64),
        class_names=names,
        row_ids=np.array([place.row_id for place in places], dtype=np.str_),
        official_test=tested if places[0].part else None,
        notes=(*notes, *_told(seen, places)),
        order_assumed=assumed,
    )


def _places(path: Path, seen: _Seen) -> Iterator[_Place]:
    """Yields all pictures: part after part, class after class, in natural order."""
    folders = _folders(path, seen)
    parts = _parts(path, folders)
    if not parts:
        yield from _part_places(folders, "", seen)
    for part in parts:
        yield from _part_places(_folders(part, seen), part.name, seen)


def _parts(path: Path, folders: list[Path]) -> list[Path]:
    """Returns the folders of published parts, none where they are those of classes.

    A class may be called `test` as well: its folder then holds pictures.
    """
    named = [one for one in folders if one.name.lower() in (TEST, *OTHERS)]
    parts = [one for one in named if holds_folders(one)]
    if not parts:
        return []
    names = [one.name for one in folders]
    tested = [one for one in parts if one.name.lower() == TEST]
    if parts != folders or len(tested) != 1 or len(parts) == 1:
        raise DataError(
            f"{path} must hold folders of classes, or of parts of which one is called "
            f"'{TEST}' and the others {', '.join(map(repr, OTHERS))}. Received "
            f"{few(names)}. Name the folder of the part that is to be tested, as "
            f"--data {path / parts[-1].name}."
        )
    order = {name: place for place, name in enumerate((*OTHERS, TEST))}
    return sorted(parts, key=lambda one: order[one.name.lower()])


def _part_places(folders: list[Path], part: str, seen: _Seen) -> Iterator[_Place]:
    """Yields the pictures of a part."""
    if len(folders) > MOST_CLASSES:
        raise DataError(
            f"{folders[0].parent} must hold folders of at most {MOST_CLASSES:,} "
            f"classes. Received {len(folders):,}. Put pictures of one kind into one."
        )
    for folder in folders:
        seen.classes.add(folder.name)
        for picture in _listed(folder, seen):
            if _is_folder(picture):
                raise _nested(folder, picture)
            yield _Place(picture, part, folder.name)


def _nested(folder: Path, inner: Path) -> DataError:
    """Returns the error for a folder where the pictures of a class should be."""
    return DataError(
        f"{folder} must hold pictures of one class. Received the folder "
        f"{inner.name!r} in it. Put all pictures of a class into one folder; where "
        f"{folder.name!r} is a part of the data and no class, name it with --data "
        f"{folder}, or call it '{TEST}' and the other '{OTHERS[0]}'."
    )


def _folders(path: Path, seen: _Seen) -> list[Path]:
    """Returns the folders in a folder, in natural order; files are told of later."""
    listed = _listed(path, seen)
    files = [one for one in listed if not _is_folder(one)]
    stray = next((one for one in files if one.suffix.lower() in PICTURES), None)
    if stray is not None:
        raise DataError(
            f"{path} must hold a folder for each class. Received the picture "
            f"{stray.name!r} beside them, of which no folder tells the class. Move it "
            "into the folder of its class."
        )
    seen.beside += [one.name for one in files]
    return [one for one in listed if _is_folder(one)]


def _listed(path: Path, seen: _Seen) -> list[Path]:
    """Returns what a folder holds, in natural order, without what is hidden."""
    try:
        found = list(path.iterdir())
    except OSError as error:
        raise unreadable(path, error) from error
    if len(found) > MOST_ROWS:
        raise DataError(
            f"{path} must hold at most {MOST_ROWS:,} pictures. Received "
            f"{len(found):,} files. Choose some of them."
        )
    shown = [one for one in found if not _is_hidden(one.name)]
    seen.hidden += len(found) - len(shown)
    return sorted(shown, key=lambda one: natural(one.name))


def _is_hidden(name: str) -> bool:
    """Returns whether a file is one that its user does not see, or did not make."""
    return name.startswith(".") or name in DROPPINGS


def _is_folder(path: Path) -> bool:
    """Returns whether a folder lies there, or a link to one."""
    try:
        return path.is_dir()
    except OSError as error:
        raise unreadable(path, error) from error


def _check_names(path: Path, names: Iterable[str]) -> None:
    """Refuses names of classes that are no text, or look alike on a page."""
    known: dict[str, str] = {}
    for name in sorted(names):
        _check_text(path, name)
        alike = known.setdefault(unicodedata.normalize("NFC", name), name)
        if alike != name:
            raise DataError(
                f"{path} must hold folders whose names look different. Received "
                f"{alike!a} and {name!a}, which print alike. Rename one."
            )


def _check_text(path: Path, name: str) -> None:
    """Refuses a name that is not UTF-8, which neither record nor page could hold."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"{path} must hold files and folders with names in UTF-8. Received "
            f"{name.encode(errors='surrogateescape')!r}. Rename it."
        ) from error


def _images(
    path: Path, places: list[_Place]
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Returns all pictures in one array, and what was done to them.

    Returns:
        (n, height, width) or (n, height, width, 3) uint8, read-only; and sentences.
    """
    images: NDArray[np.uint8] = np.empty(0, np.uint8)
    turned = grey = 0
    for row, place in enumerate(places):
        _check_text(path, place.path.name)
        picture = read_picture(place.path)
        pixels = picture.pixels
        if row == 0:
            images = _room(path, (len(places), *pixels.shape))
        if pixels.shape[:2] != images.shape[1:3]:
            raise _unlike(places[0].path, images.shape, place.path, pixels.shape)
        if pixels.ndim == images.ndim:  # the first RGB among grey
            images = _coloured(path, images, rows=row)
        elif pixels.ndim < images.ndim - 1:  # grey among RGB
            pixels = pixels[..., np.newaxis]
        images[row] = pixels
        turned, grey = turned + picture.turned, grey + (picture.pixels.ndim == 2)  # noqa: PLR2004 - (h, w)
    images.setflags(write=False)
    mixed = grey if images.ndim > 3 else 0  # noqa: PLR2004 - (n, h, w)
    return images, tuple(_done(turned, mixed, len(places)))


def _room(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Returns an array of that shape, if there is room for one."""
    check_room(str(path), shape, (0,))
    return np.empty(shape, dtype=np.uint8)


def _coloured(path: Path, images: NDArray[np.uint8], *, rows: int) -> NDArray[np.uint8]:
    """Returns room for RGB, with the first rows of grey images in it."""
    room = _room(path, (*images.shape, RGB))
    room[:rows] = images[:rows, ..., np.newaxis]
    return room


def _unlike(
    first: Path, shape: tuple[int, ...], other: Path, received: tuple[int, ...]
) -> DataError:
    """Returns the error for a picture of another size."""
    return DataError(
        f"{other} must have the size of the first picture, {shape[1]} x {shape[2]} "
        f"pixels (height x width) as {first}. Received {received[0]} x {received[1]}. "
        "Resize all of them as was done for the training of the model, and save them "
        "as PNG; with Keras: image = keras.utils.load_img(path, target_size=("
        f"{shape[1]}, {shape[2]})); image.save(path_of_png)."
    )


def _done(turned: int, mixed: int, n: int) -> Iterator[str]:
    """Yields what was done to pictures as they were read."""
    if turned:
        yield (
            f"{turned:,} of {n:,} pictures were turned upright, as their EXIF "
            "orientation says; most training pipelines do not."
        )
    if mixed:
        yield (
            f"{mixed:,} of {n:,} pictures are grey and stand among RGB with the same "
            "value in each channel."
        )


def _told(seen: _Seen, places: list[_Place]) -> Iterator[str]:
    """Yields what was left out, and which classes have no picture."""
    empty = sorted(seen.classes - {place.label for place in places}, key=natural)
    if empty:
        yield f"No picture lies in the folder of class {few(empty)}."
    if seen.beside:
        yield (
            f"Files beside the folders of classes were not read: {few(seen.beside)}."
        )
    if seen.hidden:
        yield f"{seen.hidden:,} hidden files and folders were not read."
