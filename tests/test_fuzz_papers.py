"""Whatever a PDF is made of, it is taken apart as it stands or refused in our words."""

import random
import zlib

from hostile_papers import EMPTY_PAGE, carrying, raw_pdf, stream
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import ReportError
from reportgen.render import page_texts, read_attachments
from reportgen.render.reading import read_foreign

CARRIED = {"record.json": b'{"a": 1}\n', "predictions.npz": bytes(range(256))}
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F 12 Tf 72 700 Td (As given.) Tj ET"
PAGE = EMPTY_PAGE[:-2] + b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
LINKED = EMPTY_PAGE[:-2] + b"/Annots [4 0 R] >>"
LINK = (
    b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /BS << /W 0 >> "
    b"/A << /S /URI /URI (a:) >> >>"
)

SEEDS = (
    carrying({name: stream(held) for name, held in CARRIED.items()}),
    carrying({"a": stream(b"a")}, page=PAGE, others=(stream(TEXT), FONT)),
    carrying({}, page=LINKED, others=(LINK,)),
)
"""Sound PDFs, small and readable: each byte of them means something."""

WORDS = (
    *(b"/Kids", b"/Names", b"/EF", b"/F", b"/UF", b"/Filter", b"/Length", b"/Prev"),
    *(b"/Type /ObjStm", b"/Type /XRef", b"/Encrypt", b"/FlateDecode", b"/JBIG2Decode"),
    *(b"/JPXDecode", b"/Parent", b"/Count 99999999", b"<<", b">>", b"[", b"]", b"null"),
    *(b"/Annots", b"/Outlines", b"/First", b"/Next", b"/A", b"/BS", b"/S", b"/AA"),
    *(b"1 0 R", b"2 0 R", b"5 0 R", b"-1", b"4294967296", b"obj", b"endobj", b"stream"),
    *(b"endstream", b"xref", b"trailer", b"startxref", b"%%EOF", b"(", b")", b"<FEFF>"),
)


def mutated(rng: random.Random) -> bytes:
    """Returns a sound PDF with one to four things wrong."""
    content = rng.choice(SEEDS)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(content) + 1)
        first, last = sorted(rng.randrange(len(content) + 1) for _ in range(2))
        part = rng.choice(
            (
                bytes([rng.randrange(256)]),
                rng.choice(WORDS),
                content[first:last],
                zlib.compress(rng.randbytes(8)),
                b"",
            )
        )
        content = content[:at] + part + content[at + rng.choice((0, 1, len(part))) :]
    return content


def taken_apart(content: bytes) -> bool:
    """Returns whether a PDF can be taken apart.

    This is what `benchmarks/fuzz/papers.py` calls too.
    """
    try:
        carried = read_attachments(content)
        pages = page_texts(content)
        foreign = read_foreign(content)
    except ReportError:
        return False
    assert all(isinstance(held, bytes) for held in carried.values())
    assert all(isinstance(text, str) for text in (*pages, *foreign))
    return True


@settings(max_examples=2000, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_a_mutated_pdf_is_taken_apart_or_refused(rng: random.Random) -> None:
    taken_apart(mutated(rng))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=30), st.binary(max_size=40))
def test_words_of_a_pdf_in_any_order_are_refused(
    words: list[bytes], others: bytes
) -> None:
    taken_apart(b"%PDF-1.7\n" + b" ".join(words) + others)
    taken_apart(raw_pdf((b" ".join(words), others)))


def test_sound_papers_are_read_as_they_are() -> None:
    assert read_attachments(SEEDS[0]) == CARRIED
    assert page_texts(SEEDS[1])[0].split() == ["As", "given."]


def test_mutations_are_often_taken_apart() -> None:
    rng = random.Random(0)
    assert sum(taken_apart(mutated(rng)) for _ in range(200)) > 20
