"""One press from the screen to the paper: the order's consignment and the review of a count, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Desk


@pytest.mark.parametrize(
    ("locale", "order", "words"), [("zh-CN", "调拨单", "出库单"), ("en-US", "Order", "Issue note")]
)
def test_a_consignment_opens_its_issue_note(desk: Callable[..., Desk], locale: str, order: str, words: str) -> None:
    """The link stands in the order; behind it is a PDF that the browser shows beside the page."""
    at = desk(locale).sit("clerk", "/orders?order=%E8%B0%83-WS-2026-000017", heading=order)
    link = at.main.get_by_role("link", name=words, exact=True)
    expect(link).to_have_attribute("target", "_blank")
    answer = at.page.request.get(at.server.url + str(link.get_attribute("href")))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.body().startswith(b"%PDF-")


def test_the_review_of_a_count_opens_its_report(desk: Callable[..., Desk]) -> None:
    """The approver has it on the review; who counts gets a refusal in words, not the book."""
    at = desk("zh-CN").sit("manager", "/count", heading="盘点")
    at.main.get_by_text("盘-WS-2026-000001").first.click()
    expect(at.page).to_have_url(re.compile(r"count=[0-9a-f-]{36}"))
    count = re.findall(r"count=([0-9a-f-]{36})", at.page.url)[0]
    at.open(f"/count?count={count}&view=review", heading="盘点对账")
    link = at.main.get_by_role("link", name="盘点差异表（PDF）")
    address = at.server.url + str(link.get_attribute("href"))
    assert at.page.request.get(address).body().startswith(b"%PDF-")
    clerk = desk("zh-CN").sit("clerk", "/count", heading="盘点")
    refused = clerk.page.request.get(address)
    assert refused.status == 403
    assert re.search(r"[\u4e00-\u9fff]", refused.text())
