"""Where datasets may lie; the command line fills it in, nothing here reads settings."""

from dataclasses import dataclass
from pathlib import Path

from reportgen.data.labels import ClassOrder


@dataclass(frozen=True, slots=True)
class Places:
    """Paths in which a dataset is looked for.

    Attributes:
        data: The user's own data (`--data`): a folder with four IDX or IDX.gz files, or
            of folders of pictures, or an .npz file; None where no path was named.
        collection: Folder that holds one folder a dataset (`REPORTGEN_DATA`), or None.
        cache: Folder for downloads, with one folder a dataset.
        keras_cache: Folder in which Keras keeps its own mnist.npz.
        offline: Whether nothing may be downloaded (`--offline`).
        class_order: How classes of `data` that are words are numbered; None where the
            user did not say.
    """

    data: Path | None
    collection: Path | None
    cache: Path
    keras_cache: Path
    offline: bool = False
    class_order: ClassOrder | None = None
