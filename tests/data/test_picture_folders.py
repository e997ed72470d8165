"""A folder of folders of pictures becomes a dataset, or says what is wrong with it."""

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reportgen.data import Dataset
from reportgen.data.files import load_path, name_after
from reportgen.data.labels import ClassOrder
from reportgen.errors import DataError

GREY = np.arange(6, dtype=np.uint8).reshape(2, 3)
COLOUR = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)


def put(path: Path, pixels: NDArray[np.uint8] = GREY, orientation: int = 1) -> None:
    """Writes a picture, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(path, exif=exif)


def loaded(path: Path, order: ClassOrder | None = None) -> Dataset:
    """Returns the dataset as --data reads it."""
    return load_path(path, naming=name_after(path, None), order=order)


def refusal(path: Path) -> str:
    """Returns why the folder is refused."""
    with pytest.raises(DataError) as caught:
        loaded(path)
    return str(caught.value)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two classes, of two grey pictures and one."""
    folder = tmp_path / "photos"
    put(folder / "dog" / "10.png", GREY + 1)
    put(folder / "dog" / "9.png", GREY + 2)
    put(folder / "cat" / "1.png", GREY)
    return folder


def test_classes_and_files_come_in_natural_order(photos: Path) -> None:
    dataset = loaded(photos)
    assert dataset.class_names == ("cat", "dog")
    assert dataset.row_ids.tolist() == ["cat/1.png", "dog/9.png", "dog/10.png"]
    assert dataset.labels.tolist() == [0, 1, 1]
    assert np.array_equal(dataset.images, np.stack([GREY, GREY + 2, GREY + 1]))


def test_it_is_called_after_the_folder(photos: Path) -> None:
    dataset = loaded(photos)
    assert (dataset.key, dataset.title, dataset.source) == ("photos",) * 3
    assert dataset.notes == ()
    assert dataset.official_test is None


def test_colour_has_three_channels(tmp_path: Path) -> None:
    for name in ("a", "b"):
        put(tmp_path / name / "1.png", COLOUR)
    dataset = loaded(tmp_path)
    assert dataset.images.shape == (2, 2, 3, 3)
    assert dataset.channels == 3


@pytest.mark.parametrize("first", ["grey", "colour"])
def test_grey_among_colour_is_repeated_and_told(tmp_path: Path, first: str) -> None:
    pictures = [GREY, COLOUR] if first == "grey" else [COLOUR, GREY]
    for name, pixels in zip("ab", pictures, strict=True):
        put(tmp_path / name / "1.png", pixels)
    dataset = loaded(tmp_path)
    grey = dataset.images[0 if first == "grey" else 1]
    assert np.array_equal(grey, np.repeat(GREY[..., None], 3, axis=2))
    assert "1 of 2 pictures are grey" in dataset.notes[0]


def test_turned_pictures_are_told(photos: Path) -> None:
    put(photos / "cat" / "2.png", GREY.T.copy(), 6)
    assert loaded(photos).notes[0].startswith("1 of 4 pictures were turned upright")


@pytest.mark.parametrize("others", [["train"], ["train", "val"], ["Validation"]])
def test_parts_are_a_published_split(tmp_path: Path, others: list[str]) -> None:
    for part in (*others, "test"):
        for name in ("a", "b"):
            put(tmp_path / part / name / "1.png")
    dataset = loaded(tmp_path)
    assert dataset.official_test is not None
    tested = dataset.row_ids[dataset.official_test]
    assert tested.tolist() == ["test/a/1.png", "test/b/1.png"]
    assert dataset.class_names == ("a", "b")


def test_a_class_may_be_called_test(tmp_path: Path) -> None:
    for name in ("test", "train"):
        put(tmp_path / name / "1.png")
    assert loaded(tmp_path).class_names == ("test", "train")


@pytest.mark.parametrize(
    "names", [("train", "val"), ("test", "train", "more"), ("val",)]
)
def test_parts_without_a_test_part_are_refused(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    for part in names:
        put(tmp_path / part / "a" / "1.png")
    assert "folders of classes, or of parts" in refusal(tmp_path)


def test_an_order_of_two_meanings_is_told_of(tmp_path: Path) -> None:
    for name in ("class 9", "class 10"):
        put(tmp_path / name / "1.png")
    found = loaded(tmp_path)
    assert found.class_names == ("class 9", "class 10")
    assert found.order_assumed
    by_characters = loaded(tmp_path, "sorted")
    assert by_characters.class_names == ("class 10", "class 9")
    # Rows stay where they were: 9 before 10.
    assert by_characters.labels.tolist() == [1, 0]
    assert not by_characters.order_assumed
    assert not loaded(tmp_path, "natural").order_assumed


def test_an_empty_class_stays_a_class_and_is_told(photos: Path) -> None:
    (photos / "eel").mkdir()
    dataset = loaded(photos)
    assert dataset.class_names == ("cat", "dog", "eel")
    assert dataset.notes == ("No picture lies in the folder of class 'eel'.",)


def test_hidden_files_and_droppings_are_counted(photos: Path) -> None:
    for name in (".DS_Store", "Thumbs.db"):
        (photos / "cat" / name).write_bytes(b"x")
    (photos / "__MACOSX").mkdir()
    assert loaded(photos).notes == ("3 hidden files and folders were not read.",)


def test_files_beside_the_classes_are_named(photos: Path) -> None:
    (photos / "README.md").write_text("x")
    assert loaded(photos).notes[0].endswith("were not read: 'README.md'.")


def test_a_picture_beside_the_classes_is_refused(photos: Path) -> None:
    put(photos / "stray.PNG")
    assert "Received the picture 'stray.PNG' beside them" in refusal(photos)


@pytest.mark.parametrize("name", ["notes.txt", "3.webp"])
def test_another_file_in_a_class_is_refused(photos: Path, name: str) -> None:
    (photos / "cat" / name).write_bytes(b"RIFF....WEBP")
    assert f"{name} must be a PNG or a JPEG. Received a WebP" in refusal(photos)


def test_a_folder_in_a_class_is_refused(photos: Path) -> None:
    put(photos / "cat" / "more" / "1.png")
    assert "Received the folder 'more' in it" in refusal(photos)


def test_another_size_is_refused_with_both(photos: Path) -> None:
    put(photos / "dog" / "11.png", GREY.T.copy())
    said = refusal(photos)
    assert "11.png must have the size of the first picture, 2 x 3" in said
    assert "Received 3 x 2. Resize all of them" in said


def test_one_class_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a" / "1.png")
    assert "at least two classes. Received only 'a'" in refusal(tmp_path)


def test_folders_without_pictures_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert "Received 2 folders without any picture" in refusal(tmp_path)


def test_an_empty_folder_is_told_what_may_lie_in_it(tmp_path: Path) -> None:
    assert "or a folder of PNG or JPEG pictures for each class" in refusal(tmp_path)


def test_names_that_print_alike_are_refused(photos: Path) -> None:
    put(photos / "caf\xe9" / "1.png")
    put(photos / "cafe\u0301" / "1.png")
    assert r"'caf\xe9'" in refusal(photos)


@pytest.mark.parametrize("place", ["class", "file"])
def test_names_that_are_no_text_are_refused(photos: Path, place: str) -> None:
    name = os.fsdecode(b"\xff\xfe")
    put(photos / (name if place == "class" else "cat") / f"{name}.png")
    assert r"names in UTF-8. Received b'\xff\xfe" in refusal(photos)


def test_links_lead_to_pictures_and_no_pipe_is_waited_for(photos: Path) -> None:
    (photos / "cat" / "2.png").symlink_to(photos / "dog" / "9.png")
    assert loaded(photos).n == 4
    os.mkfifo(photos / "cat" / "3.png")
    assert "a pipe is no file" in refusal(photos)


def test_too_many_pixels_are_refused_before_there_is_room(tmp_path: Path) -> None:
    large = np.zeros((4096, 4096), np.uint8)
    put(tmp_path / "a" / "1.png", large)
    (tmp_path / "b").mkdir()
    for number in range(48):
        (tmp_path / "b" / f"{number}.png").symlink_to(tmp_path / "a" / "1.png")
    assert "at most 2,000,000 images of 805,306,368 bytes" in refusal(tmp_path)


def test_idx_files_go_before_folders(idx_folder: Path) -> None:
    put(idx_folder / "a" / "1.png")
    assert loaded(idx_folder).n == 9


def test_parts_of_other_names_are_told_of(tmp_path: Path) -> None:
    put(tmp_path / "set" / "test_set" / "cat" / "1.png")
    put(tmp_path / "set" / "training_set" / "cat" / "1.png")
    said = refusal(tmp_path / "set")
    assert f"name it with --data {tmp_path / 'set' / 'test_set'}, or call it" in said
