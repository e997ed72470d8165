"""What all tests share: no path to the user's own folders, no needless skip."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Yields the system's own Chromium."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        skip_or_fail("chromium", "$CHROMIUM names no browser, and none is on the path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path)
        yield chromium
        chromium.close()
