"""One menu on the orders page prints all that its filters find into one file."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.hands import Desk


@pytest.mark.parametrize(
    ("locale", "title", "menu", "orders", "both", "lists"),
    [
        ("zh-CN", "调拨单", "全部打印", "调拨令（", "中英文调拨令", "待拣货的拣货单"),
        (
            "en-US",
            "Orders",
            "Print all",
            "Orders (",
            "Orders in Chinese and English",
            "Pick lists of what is to be picked",
        ),
    ],
)
def test_what_the_filters_find_is_one_file(
    desk: Callable[..., Desk], locale: str, title: str, menu: str, orders: str, both: str, lists: str
) -> None:
    """Orders, in one language or both: each link opens a PDF with a bookmark for every paper."""
    at = desk(locale).sit("manager", "/orders", heading=title)
    at.main.get_by_role("button", name=menu).click()
    counts = {}
    for words in (orders, both):
        link = at.page.get_by_role("link", name=words).first
        expect(link).to_be_visible()
        answer = at.page.request.get(at.server.url + str(link.get_attribute("href")))
        assert answer.status == 200, answer.text()[:300]
        assert answer.headers["content-type"] == "application/pdf"
        document = pypdfium2.PdfDocument(answer.body())
        counts[words] = len(list(document.get_toc()))
        document.close()
    assert counts[orders] == counts[both] > 10
    expect(at.page.get_by_text(lists).first).to_be_visible()


def test_filters_that_find_nothing_are_told(desk: Callable[..., Desk]) -> None:
    """An address whose filters find no order is answered in words, in the language of the reader."""
    at = desk("zh-CN").sit("manager", "/orders", heading="调拨单")
    answer = at.page.request.get(at.server.url + "/files/orders/orders?show=1&search=nothing-like-this")
    assert answer.status == 409
    assert "没有选定单据" in answer.text()
    assert at.page.request.get(at.server.url + "/files/orders/orders?site=NOWHERE").status == 404
