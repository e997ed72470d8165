"""A small file of predictions, for tests that build a run in seconds."""

from pathlib import Path

import numpy as np


def write_scores(path: Path, *, n: int = 60) -> None:
    """Writes predictions on n made-up rows of three classes."""
    rng = np.random.default_rng(7)
    np.savez(
        path,
        y_true=rng.integers(0, 3, n),
        y_proba=rng.dirichlet(np.ones(3), n),  # (n, 3)
        class_names=np.array(["a", "b", "c"]),
        row_ids=np.array([f"row-{i}" for i in range(n)]),
    )
