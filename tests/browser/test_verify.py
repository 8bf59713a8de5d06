"""The page that verifies a paper, in a browser: wedge scanner, typed code, photograph, phone; and the keys."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.documents.sign import PaperKey, long_fingerprint_of, seal
from inventory.errands.papers import paper_pdf
from inventory.models import DispatchOrder, Paper
from inventory.people.accounts import actor_of
from tests.browser.hands import Desk
from tests.documents import samples
from tests.support.server import Server

STRANGER = PaperKey(b"\x07" * 32)
NewDesk = Callable[..., Desk]


@dataclass(frozen=True)
class Order:
    """An issued order: its number, the text of its QR code, its code, its first page as a picture."""

    number: str
    text: str
    code: str
    picture: bytes


@pytest.fixture(scope="module")
def order(demo_server: Server) -> Order:
    """Print the newest order of the demo district beside the running server."""
    with closing(Store(f"sqlite:///{demo_server.home / 'inventory.db'}", Env.real(demo_server.home))) as store:
        newest = select(DispatchOrder.id, DispatchOrder.number).order_by(DispatchOrder.issued_at.desc()).limit(1)
        row: Any = store.read(SYSTEM, lambda work: work.connection.execute(newest).one())
        actor = actor_of(store, "keeper", via="cli")
        pdf = paper_pdf(store, actor, kind="dispatch_order", subject_id=row.id)
        query = select(Paper.signature, Paper.code).where(Paper.subject_id == row.id, Paper.kind == "dispatch_order")
        kept: Any = store.read(SYSTEM, lambda work: work.connection.execute(query).one())
    document = pypdfium2.PdfDocument(pdf)
    picture = io.BytesIO()
    document[0].render(scale=2).to_pil().rotate(4, expand=True, fillcolor="white").save(picture, "JPEG", quality=70)
    document.close()
    return Order(row.number, bytes(kept.signature).decode(), kept.code, picture.getvalue())


def wedge(desk: Desk, text: str) -> None:
    """Scan as a scanner does that speaks as a keyboard: into whatever has the focus, fast, with Enter at the end."""
    expect(desk.page.locator(".t-scan input")).to_be_focused()
    desk.page.keyboard.insert_text(text)
    desk.page.keyboard.press("Enter")


def answered(desk: Desk, *words: str) -> None:
    """Wait until the answer holds these words."""
    answer = desk.page.locator(".t-verdict.big")
    for word in words:
        expect(answer).to_contain_text(word)
    desk.idle()


def test_a_scan_is_answered_in_colour_and_words(desk: NewDesk, demo_server: Server, order: Order) -> None:
    """Valid, altered, unknown and valid again, scan after scan without a click, in Chinese; the paper opens."""
    at = desk().sit("requester", "/verify", heading="单据验真")
    wedge(at, order.text)
    answered(at, "有效", order.number, "请将纸面内容与此处显示逐项核对")
    expect(at.page.locator(".t-verdict.big.green")).to_be_visible()
    at.sees("本台账链上", "单据内容")
    wedge(at, order.text.replace(order.number[-6:], "000999"))
    answered(at, "已被改动", "000999", "请勿交付")
    expect(at.page.locator(".t-verdict.big.red")).to_be_visible()
    wedge(at, seal(samples.order(1), STRANGER).text)
    answered(at, "无法核实", STRANGER.fingerprint)
    expect(at.page.locator(".t-verdict.big.gray")).to_be_visible()
    wedge(at, order.text)
    answered(at, "有效", order.number)


def test_a_code_is_typed_on_a_telephone(desk: NewDesk, order: Order) -> None:
    """With the thumb, in small letters with spaces, and the button beside it; nothing is wider than the screen."""
    phone: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    at = desk("en-US", **phone).sit("receiver", "/verify", heading="Verify a paper")
    box = at.page.locator(".t-scan input")
    box.fill(f"{order.code[:4]} {order.code[4:8]} {order.code[8:]}".lower())
    at.page.locator(".t-scan-go").tap()
    answered(at, "Valid", order.number, "latest revision")
    assert at.scrolls_sideways() == 0
    box.fill(f"{order.number} 0000-0000-0000")
    at.page.locator(".t-scan-go").tap()
    answered(at, "Altered", "does not belong to")


def test_a_photograph_is_read(desk: NewDesk, order: Order) -> None:
    """A page photographed askew is verified by its square code; the paper as issued can be fetched from there."""
    at = desk("en-US").sit("keeper", "/verify", heading="Verify a paper")
    at.page.get_by_text("Photograph instead").click()
    file: Any = {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": order.picture}
    at.main.locator('input[type="file"]').first.set_input_files(file)
    answered(at, "Valid", order.number)
    assert at.file("The paper as issued").startswith(b"%PDF")


def test_the_security_administrator_takes_a_key_in(desk: NewDesk, demo_server: Server) -> None:
    """A file with the fingerprint that its office reads out; another fingerprint is refused; then it is given up."""
    at = desk("en-US").sit("secadmin", "/verify", heading="Verify a paper")
    text = seal(samples.order(1), STRANGER).text
    wedge(at, text)
    answered(at, "Unknown", "not trusted here")
    ours = at.file("Our public key as a file").decode()
    assert ours.startswith("# Tongdiao paper key")
    at.page.get_by_text("Believe another office").click()
    theirs = f"# Heishan\n{STRANGER.public.hex()}\n".encode()
    file: Any = {"name": "heishan.pub", "mimeType": "text/plain", "buffer": theirs}
    at.main.locator('input[type="file"][accept*="pub"]').set_input_files(file)
    at.type_into("Name of the office", "Heishan")
    at.type_into("Fingerprint as read out", "0000 0000")
    at.press("Believe its papers").sees("The key was not taken in.")
    at.type_into("Fingerprint as read out", long_fingerprint_of(STRANGER.public).lower())
    at.press("Believe its papers").sees("Papers of Heishan are believed from now on.")
    at.page.locator(".t-scan input").click()
    wedge(at, text)
    answered(at, "Unknown", "Heishan", "genuine")
    at.page.get_by_text("Believe an office no longer").click()
    at.pick("Office", "Heishan").press("Give it up").sees("Papers of Heishan are no longer believed.")
    at.page.locator(".t-scan input").click()
    wedge(at, text)
    answered(at, "Unknown", "not trusted here")
