"""Prints of an issued paper: the same bytes for ever, and what is not the issued file says so on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest

from inventory.core.errors import NotFound
from inventory.core.work import Store
from inventory.documents.drawing import engine
from inventory.documents.pdf_signature import CertificateUnusable
from inventory.errands.issued_files import file_of, keep
from inventory.errands.papers import revision_print
from inventory.errands.rules import FileUnwritable
from inventory.people.rules import NotPermitted
from tests.documents import certificate
from tests.errands.trust import changed, issued_order, print_order, rows
from tests.support.district import District

LANGUAGES = ("zh_CN", "en", "both")
STAMPS = {
    "zh_CN": ("\u5df2\u4f5c\u5e9f", "\u8865\u6253\u4ef6"),
    "en": ("SUPERSEDED", "DRAWNAGAIN"),
    "both": ("\u5df2\u4f5c\u5e9f", "\u8865\u6253\u4ef6"),
}
"""Language -> what stands across a superseded paper, and across one that was drawn again."""
Issued = tuple[District, UUID]


@pytest.fixture
def issued(store: Store) -> Issued:
    """A district and its one issued order, printed in Chinese."""
    return issued_order(store)


@contextmanager
def newer_program() -> Iterator[None]:
    """Draw as a later version of the program might: the same paper, other bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "CREATOR", "Tongdiao 9")
        yield


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page without white space."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [re.sub(r"\s+", "", page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def kept_files(district: District) -> list[Path]:
    """Return the files of issued papers."""
    return sorted((district.store.env.home / "papers").iterdir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reprint_is_the_same_file_after_an_upgrade(issued: Issued, language: str) -> None:
    """A program that draws otherwise gives the kept bytes again, in each language; nothing else lies in the folder."""
    district, order_id = issued
    first = print_order(district, order_id, language=language)
    assert first.as_issued
    with newer_program():
        again = print_order(district, order_id, language=language, who="keeper")
    assert again.pdf == first.pdf
    assert again.as_issued
    assert {file.read_bytes() for file in kept_files(district)} >= {first.pdf}
    assert all(re.fullmatch(r"[0-9a-f]{64}\.pdf", file.name) for file in kept_files(district))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_file_is_drawn_again_and_a_difference_is_said(issued: Issued, language: str) -> None:
    """The same bytes are kept again in silence; other bytes bear a stamp on every page, and are not kept."""
    district, order_id = issued
    first = print_order(district, order_id, language=language)
    [file] = [one for one in kept_files(district) if one.read_bytes() == first.pdf]
    assert not any(STAMPS[language][1] in text for text in pages(first.pdf))
    for damaged in (None, first.pdf[:-1] + b"x", b""):
        if damaged is None:
            file.unlink()
        else:
            file.write_bytes(damaged)
        with newer_program():
            other = print_order(district, order_id, language=language)
        assert (other.as_issued, other.superseded_by) == (False, None)
        texts = pages(other.pdf)
        assert len(texts) == len(pages(first.pdf))
        assert all(STAMPS[language][1] in text for text in texts)
        again = print_order(district, order_id, language=language)
        assert again.pdf == first.pdf
        assert again.as_issued
        assert file.read_bytes() == first.pdf


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_old_revision_is_printed_with_superseded_across_it(issued: Issued, language: str) -> None:
    """Its contents can be read, every page names the revision that counts; the latest is given as issued."""
    district, order_id = issued
    first = print_order(district, order_id, language=language)
    changed(district)
    latest = print_order(district, order_id, language=language)
    actor = district.people["commander"]
    old, new = (revision_print(district.store, actor, paper_id=row.id, language=language).pdf for row in rows(district))
    assert new == latest.pdf
    assert first.pdf not in (old, new)
    texts = pages(old)
    assert all(STAMPS[language][0] in text for text in texts)
    assert rows(district)[0].number in "".join(texts)
    assert not any(STAMPS[language][0] in text for text in pages(new))


def test_an_issued_paper_is_printed_for_whom_it_is_meant(issued: Issued) -> None:
    """Another town's receiver may not have it, and an id that is no paper's is not found."""
    district, _order_id = issued
    [row] = rows(district)
    with pytest.raises(NotPermitted):
        revision_print(district.store, district.people["receiver"], paper_id=row.id)
    with pytest.raises(NotFound):
        revision_print(district.store, district.people["commander"], paper_id=UUID(int=1))


def test_a_signed_paper_is_kept_signed(issued: Issued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature carries its time: the first bytes are given again; without them no other bytes pass for them."""
    district, order_id = issued
    made = certificate.make(tmp_path)
    monkeypatch.setenv("INVENTORY_PAPER_CERTIFICATE", str(made.file))
    monkeypatch.setenv("INVENTORY_PAPER_CERTIFICATE_PASSWORD_FILE", str(made.password_file))
    plain = print_order(district, order_id)
    assert b"/ByteRange" not in plain.pdf, "it was issued before the certificate"
    changed(district)
    signed = print_order(district, order_id)
    assert signed.revision == 2
    assert b"/ByteRange" in signed.pdf
    assert print_order(district, order_id).pdf == signed.pdf
    for file in kept_files(district):
        file.unlink()
    lost = print_order(district, order_id)
    assert not lost.as_issued
    assert all(STAMPS["zh_CN"][1] in text for text in pages(lost.pdf))


def test_two_who_print_first_at_once_get_the_same_signed_file(
    issued: Issued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each signs for itself a moment apart; one file becomes the paper, and both are given that one."""
    district, order_id = issued
    made = certificate.make(tmp_path)
    monkeypatch.setenv("INVENTORY_PAPER_CERTIFICATE", str(made.file))
    monkeypatch.setenv("INVENTORY_PAPER_CERTIFICATE_PASSWORD_FILE", str(made.password_file))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: print_order(district, order_id, language="en").pdf, range(4)))
    assert len(set(found)) == 1
    assert b"/ByteRange" in found[0]
    assert len(kept_files(district)) == 2, "the Chinese and the English one"


def test_a_certificate_that_cannot_sign_issues_nothing(
    issued: Issued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password is told before a revision is made of it; a reprint of what was issued needs no certificate."""
    district, order_id = issued
    made = certificate.make(tmp_path)
    made.password_file.write_bytes(b"wrong")
    monkeypatch.setenv("INVENTORY_PAPER_CERTIFICATE", str(made.file))
    monkeypatch.setenv("INVENTORY_PAPER_CERTIFICATE_PASSWORD_FILE", str(made.password_file))
    assert print_order(district, order_id).as_issued
    changed(district)
    with pytest.raises(CertificateUnusable):
        print_order(district, order_id)
    assert [row.revision for row in rows(district)] == [1]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file in the place of the folder is a refusal that names it, and leaves nothing behind."""
    (tmp_path / "papers").write_bytes(b"")
    with pytest.raises(FileUnwritable):
        keep(tmp_path, b"%PDF")
    (tmp_path / "papers").unlink()
    digest = keep(tmp_path, b"%PDF")
    assert [one.name for one in (tmp_path / "papers").iterdir()] == [file_of(tmp_path, digest).name]
