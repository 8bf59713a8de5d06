"""A shorter story in English: a landslide, an order by word of mouth, goods sent at once, signed for, proved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pypdfium2
from playwright.sync_api import expect

from tests.browser import books
from tests.browser.hands import Desk

NewDesk = Callable[..., Desk]


def asked(desk: Desk) -> str:
    """The duty officer opens an incident and asks for what forty people need; return the id of the request."""
    desk.sit("duty", "/", heading="Duty board").press("New report").sees("What and where")
    desk.choose("Place (town or village)", "Heishan Town").pick("Hazard", "landslide and rockfall").type_into(
        "People", "40"
    )
    desk.press("Open incident and compute needs").sees("Proposed needs", "Heishan Town Shelter")
    desk.press("Submit request").sees("No plan yet.")
    return desk.address("request")


def ordered(desk: Desk, request: str) -> str:
    """The commander computes plans and has the order of the mayor recorded; return the number of the nearest order."""
    desk.sit("commander", f"/plan?request={request}", heading="Compare plans").press("Compute plans")
    desk.sees("Integer certificate", "Independent check passed", "Fewest consignments", "Reserves kept")
    desk.line("Fewest consignments").click()
    expect(desk.line("Fewest consignments")).to_have_attribute("aria-pressed", "true")
    desk.press("Verbal approval").type_into("Who gave the order (name and post)", "Mayor Zhang")
    desk.press("Record verbal approval and issue").sees("Orders issued")
    desk.line("Heishan Town Emergency Store →").click()
    desk.sees("Order (PDF)", "by word of mouth: Mayor Zhang")
    found = re.search(r"调-WS-\d{4}-\d{6}", desk.text())
    assert found
    return found.group()


def test_a_short_story_in_english(desk: NewDesk) -> None:
    """From the report to the receipt by four people, with two overrides that everybody can see afterwards."""
    at = desk("en-US")
    number = ordered(at, asked(at))
    at.open("/", heading="Duty board").sees("Paper for a verbal order", "Mayor Zhang")
    at.sit("townkeeper", f"/orders?order={number}", heading="Order").press("Ship at once")
    at.type_into("Plate", "B-12345").type_into("Driver", "Mr Li").type_into("Why there is no time", "road closes at 6")
    at.button("Ship at once", at.page.get_by_test_id("stPopoverBody")).click()
    at.sees("In transit", "road closes at 6")
    at.sit("receiver", f"/orders?order={number}", heading="Order").press("Receive").sees("What came")
    at.press("All came, all good").press("Sign for the goods").press("Sign and post", at.dialog)
    at.sees("received.", "Everything of this consignment is accounted for.")
    paper = pypdfium2.PdfDocument(at.sit("townkeeper", f"/orders?order={number}", heading="Order").file("Order (PDF)"))
    printed = "".join(page.get_textpage().get_text_bounded() for page in paper)
    assert number in printed
    assert "Heishan" in printed
    at.sit("auditor", "/check", heading="Self-check").press("Verify now").sees("The books are sound: 0 findings.")
    at.sit("commander", "/", heading="Duty board")
    expect(at.page.get_by_text("Paper for a verbal order")).to_have_count(0)
    assert books.sound(at.server)
