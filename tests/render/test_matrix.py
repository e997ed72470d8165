"""The matrix as a table: it fits a line of paper whatever the names and the counts."""

import dataclasses
import io

import numpy as np
import pypdfium2
import pytest

from cards import lettered, make_pictures
from records import make_predictions, make_record
from reportgen.card import Card, compose
from reportgen.figures.cells import cell_pictures
from reportgen.record import ConfusionMatrix, Record
from reportgen.render import to_html, to_pdf
from reportgen.render.matrix import Matrix, matrix, row_name

RIGHT_PT = (210 - 18) / 25.4 * 72
"""Where the lines of an A4 page with margins of 18 mm end."""

LONG = tuple(f"class of {letter * 40}" for letter in "abcdefghij")
WIDE = tuple(f"WWWW{letter}" for letter in "abcdefghij")
FOREIGN = ("手写数字", "سبعة", "🚀", "猫", "\u202eturned", *"abcde")
TWENTY = tuple(f"kind {letter}" for letter in "abcdefghijklmnopqrst")


def with_counts(record: Record, n: int) -> Record:
    """Returns the record with n rows of each class, all right; no more of it fits."""
    names = record.evaluation.class_names
    counts = tuple(map(tuple, (np.eye(len(names), dtype=int) * n).tolist()))
    found = ConfusionMatrix(names, counts)
    evaluation = dataclasses.replace(
        record.evaluation,
        n=found.n,
        correct=found.n,
        errors=0,
        confusion_matrix=found,
        confused_pairs=(),
    )
    return dataclasses.replace(record, evaluation=evaluation)


def named(names: tuple[str, ...]) -> Record:
    """Returns a record of classes of those names."""
    return lettered(make_record(make_predictions(600, len(names))), names)


def matrix_of(record: Record) -> Matrix | None:
    return matrix(compose(record, (), ()))


def form_of(record: Record) -> str | None:
    found = matrix_of(record)
    return None if found is None else found.form


def card_of(record: Record) -> Card:
    return compose(record, make_pictures(record) + cell_pictures(record), ())


def test_short_names_head_their_columns() -> None:
    assert form_of(named(tuple("ABCDEFGHIJ"))) == "plain"


def test_long_names_stand_upright() -> None:
    assert form_of(named(LONG)) == "turned"


def test_short_names_that_paper_spells_out_stand_upright() -> None:
    # On paper each is eight characters long, as [U+4E00]: 88 of 2.1 mm fill a line.
    assert form_of(named(tuple("一二三四五六七八九十"))) == "turned"


def test_many_columns_are_set_in_small_type() -> None:
    # Twenty times 2.0 + 2.1 * 3 mm and the names are more than 174 mm.
    assert form_of(with_counts(named(TWENTY), 100)) == "turned small"


def test_what_fits_no_line_is_a_picture_alone() -> None:
    # Twenty times 0.8 + 1.6 * 7 mm, of 100,000 rows each, are 240 mm.
    assert matrix_of(with_counts(named(TWENTY), 100_000)) is None
    assert matrix_of(make_record(make_predictions(630, 21))) is None


@pytest.mark.parametrize("names", [LONG, WIDE, FOREIGN, TWENTY])
def test_no_word_passes_the_margin_of_the_paper(names: tuple[str, ...]) -> None:
    card = compose(named(names), (), ())
    assert matrix(card) is not None
    pdf = to_pdf(to_html(card), created_at="2026-01-02T03:04:05Z")
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        rights = [right for page in document for right in rights_of(page)]
    assert max(rights) <= RIGHT_PT + 1


def rights_of(page: pypdfium2.PdfPage) -> list[float]:
    """Returns where each piece of text on a page ends, in points from the left."""
    text = page.get_textpage()
    return [text.get_rect(index)[2] for index in range(text.count_rects())]


def test_paper_shows_the_matrix_beside_the_images_that_it_leads_to() -> None:
    html = to_html(card_of(make_record()))
    parts = html.partition('<section id="section-errors"')
    table = 'class="scroll {}" role="region" aria-label="Confusion matrix as a table"'
    assert table.format("screen-only") in parts[0]
    assert table.format("print-only") in parts[2]


def test_without_images_the_matrix_stands_with_the_classes_alone() -> None:
    html = to_html(compose(make_record(), (), ()))
    assert html.count('aria-label="Confusion matrix as a table"') == 1
    assert "The counts as a table that leads to the images" not in html


def test_rows_of_one_folder_have_names_apart_below_their_images() -> None:
    ids = [f"test/square/squ{number:03d}.png" for number in range(100)]
    assert len({row_name(one) for one in ids}) == len(ids)
    assert row_name("case-00123") == "case-00123"


def test_a_name_that_is_cut_below_an_image_is_whole_in_its_title() -> None:
    record = make_record(make_predictions(60, 3))
    cells = tuple(
        dataclasses.replace(
            cell,
            examples=tuple(
                dataclasses.replace(one, row_id=f"test/a long folder/{one.row_id}")
                for one in cell.examples
            ),
        )
        for cell in record.evaluation.cells
    )
    evaluation = dataclasses.replace(record.evaluation, cells=cells)
    record = dataclasses.replace(record, evaluation=evaluation)
    html = to_html(compose(record, cell_pictures(record), ()))
    for one in cells[0].examples:
        named = f'<code title="{one.row_id}">{row_name(one.row_id)}</code>'
        assert named in html
