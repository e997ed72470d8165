"""What all tests share: no path to the user's own folders, no needless skip."""

import os
from pathlib import Path

import pytest

REQUIRED = os.environ.get("REPORTGEN_REQUIRE", "").split(",")
"""What must be there: where it is missing, tests fail instead of being skipped."""


def skip_or_fail(need: str, reason: str) -> None:
    """Skips the test for want of something, or fails it where that is required."""
    if need in REQUIRED:
        pytest.fail(f"{need} is required: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def collection() -> Path:
    """Returns the folder that holds MNIST's folder."""
    folder = Path(os.environ.get("REPORTGEN_DATA", "missing"))
    if not (folder / "mnist").is_dir():
        skip_or_fail("mnist", "REPORTGEN_DATA names no folder that holds mnist")
    return folder
