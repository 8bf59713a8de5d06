"""Many papers as one file: the same drawing as alone, the fonts once, bookmarks, the same bytes again."""

from __future__ import annotations

import re
import threading

import pypdfium2

from inventory.documents.batch import printed_together
from inventory.documents.press import PRESSES, printed
from inventory.documents.sampling import sample
from inventory.documents.sign import Genuine, verify_text
from tests.documents import reading, samples


def test_papers_of_every_kind_stand_in_one_file_as_they_do_alone() -> None:
    """Each paper has the text of its own file on every page, from the page that is told; every font is embedded."""
    papers = [sample(kind) for kind in sorted(PRESSES)]
    made = printed_together(papers, samples.KEY)
    document = pypdfium2.PdfDocument(made.pdf)
    texts = [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    titles = [item.get_title() for item in document.get_toc()]
    document.close()
    assert len(texts) == made.pages
    assert len(titles) == len(papers)
    assert all(reading.fonts(made.pdf).values())
    for paper, part in zip(papers, made.parts, strict=True):
        alone = printed(paper, key=samples.KEY)
        assert (part.pages, part.number, part.missing) == (alone.pages, paper.number, alone.missing)
        # Readers guess spaces and line ends from the widths of a font's subset: these are not compared.
        found = [re.sub(r"\s+", "", text) for text in texts[part.first_page - 1 :][: part.pages]]
        assert found == [re.sub(r"\s+", "", text) for text in reading.page_texts(alone)], paper.kind


def test_the_fonts_are_embedded_once() -> None:
    """Twenty orders take far less than twenty files, and every seal among them verifies."""
    papers = [samples.order(3, number=f"DB-WS-2026-{number:06d}") for number in range(1, 21)]
    made = printed_together(papers, samples.KEY)
    assert len(made.pdf) < 5 * len(printed(papers[0], key=samples.KEY).pdf)
    for paper, part in zip(papers, made.parts, strict=True):
        found = verify_text(part.qr_text, [samples.KEY.public])
        assert isinstance(found, Genuine)
        assert found.belongs_to(paper)


def test_the_same_papers_give_the_same_bytes_while_others_print() -> None:
    """Another thread may print in between: neither file changes by a byte."""
    papers = [samples.order(5, number=f"DB-WS-2026-{number:06d}") for number in range(1, 9)]
    other = samples.count_sheet(60)
    calm, alone = printed_together(papers, samples.KEY).sha256, printed(other, key=samples.KEY).sha256
    meanwhile: list[str] = []

    def print_others() -> None:
        meanwhile.extend(printed(other, key=samples.KEY).sha256 for _ in range(6))

    thread = threading.Thread(target=print_others)
    thread.start()
    busy = printed_together(papers, samples.KEY).sha256
    thread.join()
    assert busy == calm
    assert set(meanwhile) == {alone}


def test_what_is_missing_is_told_paper_by_paper() -> None:
    """A character without a glyph is told for the paper it stands on, not for its neighbours."""
    rare = samples.order(1, approver="\U0002a700")
    made = printed_together([samples.order(1), rare, samples.pick_list(2)], samples.KEY)
    assert [part.missing for part in made.parts] == [(), ("U+2A700",), ()]
    assert made.missing == ("U+2A700",)


def test_each_paper_begins_a_leaf_where_both_sides_are_printed() -> None:
    """Asked for, or said by a paper itself, the next one begins on an odd page."""
    papers = [samples.pick_list(3), samples.receipt(2), samples.order(2, both_sides=True), samples.pick_list(4)]
    made = printed_together(papers, samples.KEY, both_sides=True)
    assert all(part.first_page % 2 for part in made.parts)
    close = printed_together(papers, samples.KEY)
    assert close.pages < made.pages
    assert close.parts[3].first_page % 2
