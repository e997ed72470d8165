"""Every hostile file ends in one panel, soon, in little memory, and leaves nothing.

The table in docs/hostile.md is written by running this file as a script:
PYTHONPATH=.:tests python tests/test_hostile_corpus.py
"""

from collections import Counter
from pathlib import Path

import hostile_comparisons
import hostile_datasets
import hostile_models
import hostile_papers
import hostile_pickles
import hostile_pictures
import hostile_places
import hostile_predictions
import hostile_records
import hostile_settings
import hostile_tables
import pytest
from hostile import LARGEST_MIB, LONGEST_CPU_S, Case, opened, panel
from hostile_table import page

PAGE = Path(__file__).parents[1] / "docs" / "hostile.md"

CASES: tuple[Case, ...] = (
    *hostile_models.CASES,
    *hostile_pickles.CASES,
    *hostile_datasets.CASES,
    *hostile_pictures.CASES,
    *hostile_predictions.CASES,
    *hostile_tables.CASES,
    *hostile_records.CASES,
    *hostile_papers.CASES,
    *hostile_comparisons.CASES,
    *hostile_settings.CASES,
    *hostile_places.CASES,
)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}-{case.key}")
def test_a_hostile_file_is_refused(case: Case, tmp_path: Path) -> None:
    outcome = opened(case, tmp_path)
    assert outcome.code == case.code, outcome.stderr
    assert case.says in panel(outcome.stderr), outcome.stderr
    assert outcome.stderr.count("╭") == 1
    assert "Traceback" not in outcome.stderr
    assert "\x1b" not in outcome.stderr
    assert outcome.events == ()
    assert outcome.children <= case.child
    assert outcome.left == ()
    assert outcome.peak_mib < LARGEST_MIB
    assert outcome.cpu_s < LONGEST_CPU_S


def test_no_two_cases_share_a_key() -> None:
    assert max(Counter((case.group, case.key) for case in CASES).values()) == 1


def test_the_page_tells_of_every_case() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(CASES)


if __name__ == "__main__":
    PAGE.write_text(page(CASES), encoding="utf-8")
