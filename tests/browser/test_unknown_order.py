"""An order that this machine never saw, taken on a telephone: scanned out of order, photographed, signed for once."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import expect

from inventory.dispatch.carried import Carried, carried_facts
from inventory.documents.carrying import codes_of
from inventory.documents.press import printed
from inventory.documents.sign import PaperKey, load_key
from tests.browser import books
from tests.browser.hands import PATIENCE, Desk
from tests.documents.test_data_page import consignment, page_of
from tests.support.server import Server

NewDesk = Callable[..., Desk]
PHONE = {"width": 390, "height": 844}
SENDER = PaperKey(bytes(range(7, 39)))


@pytest.fixture
def known_sender(demo_server: Server) -> PaperKey:
    """Another office whose key this node knows."""
    load_key(demo_server.home)
    (demo_server.home / "keys" / "neighbour.pub").write_text(SENDER.public.hex(), "ascii")
    return SENDER


def on_its_way(seed: int, *, lines: int = 20) -> Carried:
    """Return a consignment of another demo node to the shelter in Heishan."""
    number = f"\u8fd0-NB-2026-{seed:06d}"
    return replace(consignment(lines, seed=seed), demo=True, to_site="H107", number=number)


def codes(carried: Carried, key: PaperKey) -> list[str]:
    """Return the codes of its data page."""
    return list(codes_of("C", carried.number, carried_facts(carried), key))


def scan(at: Desk, text: str) -> Desk:
    """Scan one code: what a scanner types, with its Enter."""
    box = at.main.locator(".t-scan input")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")
    at.idle()
    return at


def test_codes_out_of_order_on_a_telephone(desk: NewDesk, demo_server: Server, known_sender: PaperKey) -> None:
    """Progress is told; a foreign, a broken and a double code change nothing; the goods are signed for once."""
    carried = on_its_way(41)
    texts = codes(carried, known_sender)
    assert len(texts) == 4
    foreign = codes(on_its_way(42), known_sender)[0]
    before = books.done(demo_server, "take_paper")
    at = desk("zh-CN", viewport=PHONE).sit("receiver", "/receive?desk=paper", heading="发运与签收")
    scan(at, texts[2]).sees("已读 1 / 4 个码", "还要扫：第 1、2、4 个")
    scan(at, foreign).sees("重新开始")
    expect(at.main.get_by_text("这个码属于").first).to_be_visible()
    scan(at, texts[1][:-1] + ("1" if texts[1][-1] != "1" else "2"))
    expect(at.main.get_by_text("有字符被改动").first).to_be_visible()
    for text in (texts[2], texts[0], texts[3]):
        scan(at, text)
    at.sees("还要扫：第 2 个")
    scan(at, texts[1]).sees(carried.order, "到货情况")
    assert at.scrolls_sideways() <= 0
    expect(at.button("签收")).to_be_disabled()
    at.press("全部到齐，完好").idle()
    at.main.get_by_label("完好").first.fill("1")
    at.main.get_by_label("完好").first.press("Tab")
    at.idle()
    at.press("签收").press("签收并过账", at.dialog)
    at.sees("已入账：", "交回发货单位的回执（PDF）")
    assert books.done(demo_server, "take_paper") == before + 1
    assert at.file("交回发货单位的回执（PDF）").startswith(b"%PDF")
    for text in texts:
        scan(at, text)
    at.sees("这张单据已入账；只入账一次。")
    assert books.done(demo_server, "take_paper") == before + 1


def test_a_photograph_of_the_page_is_enough(desk: NewDesk, demo_server: Server, known_sender: PaperKey) -> None:
    """A picture of the page in English, addressed to another site: a reason is asked for before it can be signed."""
    carried = replace(on_its_way(51, lines=3), to_site="NOWHERE")
    document = pypdfium2.PdfDocument(printed(page_of(carried), key=known_sender, language="en").pdf)
    body = io.BytesIO()
    document[0].render(scale=150 / 72).to_pil().save(body, "JPEG", quality=60)
    document.close()
    picture: Any = {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": body.getvalue()}
    at = desk("en-US", viewport=PHONE).sit("receiver", "/receive?desk=paper", heading="Ship & receive")
    at.main.get_by_text("Photograph or text instead").click()
    at.main.locator('input[type="file"]').first.set_input_files(picture)
    at.sees(carried.order, "What came")
    at.choose("Site that takes the goods", "Heishan Town Shelter")
    at.sees("This paper is addressed to somebody else.")
    at.press("All came, all good").idle()
    expect(at.button("Sign for the goods")).to_be_disabled()
    at.type_into("Why the goods stay here", "The bridge is down")
    expect(at.button("Sign for the goods")).to_be_enabled(timeout=PATIENCE)
    at.press("Sign for the goods").press("Sign and post", at.dialog)
    at.sees("Booked as", "Receipt page for the sender (PDF)")


def test_a_page_of_an_unknown_office_is_said(desk: NewDesk, known_sender: PaperKey) -> None:
    """Without its key nothing is shown of what the page claims."""
    carried = on_its_way(61, lines=1)
    stranger = PaperKey(bytes(range(9, 41)))
    at = desk("zh-CN").sit("receiver", "/receive?desk=paper", heading="发运与签收")
    for text in codes(carried, stranger):
        scan(at, text)
    at.sees("没有入账。")
    expect(at.main.get_by_text(stranger.fingerprint)).to_be_visible()
    assert carried.order not in at.text()
