"""Codes on paper are read back from rendered pages: as they are, turned, blurred, in perspective, with noise.

The pages are rendered by pdfium, a program that did not draw them; the spoiling has fixed seeds. It is no photograph,
but it is worse than a flat-bed scan. Measured on 2026-11-23, besides what the tests ask for: the lines of a count sheet
read 20 of 20 at 100 dpi plain, askew and in perspective, 20 at 150 dpi out of a JPEG of quality 20, 20 at 200 dpi with
a blur of 1.6 pixels, 19 with noise of sigma 50. The seals of 27 kinds: 27 at 150 dpi askew, in perspective and out of
such a JPEG, 27 with noise at 200 dpi; 13 with a blur of 1.2 pixels at 150 dpi, 16 plain at 72 dpi.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

import numpy
import pytest
from PIL import Image, ImageFilter

from inventory.documents.data.labels import SIZES, LabelsPaper
from inventory.documents.drawing.engine import Printed
from inventory.documents.press import PRESSES, printed
from inventory.documents.sampling import SAMPLE_KEY, sample
from inventory.documents.sign import Genuine, verify_text
from tests.documents import reading, samples

SEALED = sorted(kind for kind, press in PRESSES.items() if press.shape.sealed)
LABELS = sorted(kind for kind, press in PRESSES.items() if issubclass(press.shape, LabelsPaper))
LETTERS = frozenset({"dispatch_order"})
"""Papers that begin with a letter: after GB/T 9704 its further pages carry a number and nothing else."""

LINES = 20
Picture = Image.Image


def turned(picture: Picture) -> Picture:
    """Return a page laid askew by 5 degrees."""
    return picture.rotate(5, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def blurred(picture: Picture) -> Picture:
    """Return a page out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def leaning(picture: Picture) -> Picture:
    """Return a page seen from the side: corners moved by 2 to 5 percent."""
    width, height = picture.size
    moved = (0.036, 0, 0, 1, 1, 1 - 0.034, 1 - 0.054, 0.017)
    corners = [part * (width if number % 2 == 0 else height) for number, part in enumerate(moved)]
    return picture.transform(picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=255)


def noisy(picture: Picture) -> Picture:
    """Return a page with grain: normal noise of sigma 35 of 255."""
    grey = numpy.asarray(picture).astype(float)
    grain = numpy.random.default_rng(1).normal(0, 35, grey.shape)
    return Image.fromarray(numpy.clip(grey + grain, 0, 255).astype("uint8"))


def plain(picture: Picture) -> Picture:
    """Return a page as it is."""
    return picture


@functools.cache
def count_pages(dots_per_inch: int) -> tuple[Picture, ...]:
    """Return the pages of a count sheet of 20 lines."""
    sheet = printed(samples.count_sheet(LINES), key=samples.KEY)
    return tuple(reading.pictures(sheet, dots_per_inch=dots_per_inch))


def lines_read(dots_per_inch: int, spoil: Callable[[Picture], Picture]) -> int:
    """Return how many lines of the count sheet are read; a code read wrong fails."""
    read = [code for page in count_pages(dots_per_inch) for code in reading.codes(spoil(page), "DataMatrix")]
    wanted = {line.key for line in samples.count_sheet(LINES).lines}
    assert set(read) <= wanted
    return len(set(read))


@pytest.mark.parametrize("kind", SEALED)
def test_the_seal_of_every_paper_is_read_and_verified_at_100_dpi(kind: str) -> None:
    """Each page that carries the code carries that of this paper, askew too; it verifies with the public key alone."""
    paper = sample(kind)
    made = printed(paper, key=SAMPLE_KEY)
    with_code = 0
    for page in reading.pictures(made, dots_per_inch=100):
        texts = [text for text in reading.codes(page, "QRCode") if text == made.qr_text]
        with_code += bool(texts)
        for text in texts:
            found = verify_text(text, [SAMPLE_KEY.public])
            assert isinstance(found, Genuine)
            assert found.belongs_to(paper)
    first = reading.pictures(made, dots_per_inch=100)[0]
    assert made.qr_text in reading.codes(turned(first), "QRCode")
    assert with_code >= 1
    assert with_code == made.pages or kind in LETTERS, (with_code, made.pages)


@pytest.mark.parametrize("spoil", [plain, turned, blurred, leaning])
def test_every_line_of_a_count_sheet_is_read_at_150_dpi(spoil: Callable[[Picture], Picture]) -> None:
    """20 of 20, plain, askew, out of focus and in perspective."""
    assert lines_read(150, spoil) == LINES


def test_the_lines_of_a_count_sheet_are_read_through_noise_at_200_dpi() -> None:
    """At least 18 of 20."""
    assert lines_read(200, noisy) >= LINES - 2


def labels_of(kind: str, size: str, count: int) -> tuple[LabelsPaper, Printed]:
    """Return labels of the sample in a size, and their print."""
    paper = sample(kind)
    assert isinstance(paper, LabelsPaper)
    some = dataclasses.replace(paper, size=size, lines=paper.lines[:count])
    return some, printed(some, key=None)


@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("kind", LABELS)
def test_every_label_is_read_at_100_dpi(kind: str, size: str) -> None:
    """All labels of all sizes, in the code that the size has, nothing read wrong; also askew and out of focus."""
    paper, made = labels_of(kind, size, 24 if SIZES[size].places > 1 else 3)
    wanted = sorted(label.code for label in paper.lines)
    pages = reading.pictures(made, dots_per_inch=100)
    for spoil in (plain, turned, blurred):
        read = [
            code
            for page in pages
            for symbology in ("QRCode", "DataMatrix")
            for code in reading.codes(spoil(page), symbology)
        ]
        assert sorted(read) == wanted, spoil.__name__
