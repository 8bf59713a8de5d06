"""A stock list becomes one entry of the ledger, all or nothing, once."""

from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from sqlalchemy import func, select

from inventory.core.errors import FileRefused, SameIdOtherFacts
from inventory.core.words import speaker
from inventory.exchange.columns import validate
from inventory.exchange.reading import read_table
from inventory.exchange.sentences import FAULTS, fault_line
from inventory.exchange.stock_list import STOCK, import_stock, stock_import_id, stock_kind
from inventory.exchange.taking import LIST_ROWS_MAX
from inventory.ledger.commands import reverse_entry
from inventory.ledger.verify import violations
from inventory.models import Balance, Journal, Lot, Movement, Place
from inventory.people.rules import NotPermitted
from tests.exchange import district

HEADINGS = ("Site code", "Bin", "Item code", "Item name", "Batch", "Made on", "Expires on", "Quantity", "Unit",
            "Owner code", "Source", "Unit price (yuan)", "Open new bin")  # fmt: skip
TENT = ("WS-01", "A-01", "TENT-12", "", "B1", "2026-01-05", "", "40", "tent", "", "purchase", "1200.50", "")
WATER = ("WS-02", "N-1", "", "Water", "", "", "2027-05-01", "10", "case", "WS-YJ", "", "", "yes")


def parsed(*rows, file_name="stock.csv"):
    """Return a stock list of these rows as the program understood it."""
    text = "\r\n".join(",".join(row) for row in (HEADINGS, *rows))
    return validate(read_table(text.encode(), file_name), stock_kind())


def put_in(store, understood, actor=district.CLERK):
    """Import a list and return the answer."""
    return store.write(actor, lambda work: import_stock(work, id=stock_import_id(understood), parsed=understood))


def counts(store):
    """Return how many entries, lots, movements and places there are, and the sum of all balances."""

    def look(work):
        rows = [
            work.connection.scalar(select(func.count()).select_from(table)) for table in (Journal, Lot, Movement, Place)
        ]
        return [*rows, work.connection.scalar(select(func.coalesce(func.sum(Balance.quantity), 0)))]

    return store.read(district.CLERK, look)


@pytest.fixture
def ready(store):
    """A store with the small district."""
    district.found(store)
    return store


def test_a_list_becomes_one_entry(ready):
    """Two rows: a lot in a known bin, packs in a new bin; base units, owner, days and price as written."""
    before = counts(ready)
    done = put_in(ready, parsed(TENT, WATER))
    assert done.outcome == {"file": "stock.csv", "lines": 2, "lots": 2, "bins": 1}
    after = counts(ready)
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 2, 2, 1, 0]

    def look(work):
        return work.connection.execute(
            select(Place.code, Balance.quantity, Lot.source, Lot.channel, Lot.expires_on, Lot.unit_price_fen, Lot.batch)
            .join(Lot, Lot.id == Balance.lot_id)
            .join(Place, Place.id == Balance.place_id)
            .where(Place.kind == "bin")
            .order_by(Place.code)
        ).all()

    assert ready.read(district.CLERK, look) == [
        ("A-01", 40, "purchase", "own", None, 120_050, "B1"),
        ("N-1", 240, "opening", "entrusted", dt.date(2027, 5, 1), None, ""),
    ]


def test_the_same_file_twice_changes_nothing_and_says_so(ready):
    """The second import of the same bytes, under another name too, is answered as already done."""
    first = put_in(ready, parsed(TENT, WATER))
    before = counts(ready)
    again = put_in(ready, parsed(TENT, WATER, file_name="copy.csv"))
    assert (first.again, again.again, again.id, again.outcome) == (False, True, first.id, first.outcome)
    assert counts(ready) == before
    review = ready.read(district.CLERK, lambda work: STOCK.review(work, parsed=parsed(TENT, WATER)))
    assert review.done_before == first.id


def test_the_same_file_from_four_people_at_once_counts_once(ready):
    """Four imports of one file at the same moment are one entry; three are told that it was done before."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: put_in(ready, parsed(TENT, WATER)), range(4)))
    assert sorted(answer.again for answer in answers) == [False, True, True, True]
    assert len({answer.id for answer in answers}) == 1
    assert counts(ready)[1:4] == [2, 2, 3]


def test_the_books_agree_after_an_import(ready):
    """Balances, sums of lots, chain and facts are right after a list was brought in."""
    put_in(ready, parsed(TENT, WATER))
    assert ready.read(district.CLERK, lambda work: violations(work)) == []


def test_another_file_under_the_same_id_is_refused(ready):
    """An id used for another file is refused: "already done" would lose this one."""
    first, other = parsed(TENT), parsed(WATER)
    put_in(ready, first)
    with pytest.raises(SameIdOtherFacts):
        ready.write(district.CLERK, lambda work: import_stock(work, id=stock_import_id(first), parsed=other))


def test_rows_of_one_batch_become_one_lot(ready):
    """The same batch in two bins is one lot in two places; rows without a batch stay apart."""
    second_bin = ("WS-01", "A-02", *TENT[2:12], "yes")
    no_batch = tuple("" if n == 4 else value for n, value in enumerate(TENT))
    no_batch_there = tuple("" if n == 4 else value for n, value in enumerate(second_bin))
    done = put_in(ready, parsed(TENT, second_bin, no_batch, no_batch_there))
    assert (done.outcome["lines"], done.outcome["lots"], done.outcome["bins"]) == (4, 3, 1)


def test_an_import_can_be_reversed(ready):
    """A list imported by mistake is undone by a plain reversal, here refused to a clerk as the roles say."""
    done = put_in(ready, parsed(TENT))
    with pytest.raises(NotPermitted):
        ready.write(
            district.CLERK,
            lambda work: reverse_entry(
                work, id=work.env.new_id(), site_id=district.SITE, entry_id=done.id, why="mistake"
            ),
        )


def test_a_clerk_of_another_site_is_refused(ready):
    """One row in a site outside the clerk's scope refuses the whole file."""
    before = counts(ready)
    for actor in (district.OUTSIDER, district.NEIGHBOUR):  # Each may keep one of the two sites.
        with pytest.raises(NotPermitted):
            put_in(ready, parsed(WATER, TENT), actor=actor)
    assert counts(ready) == before
    assert put_in(ready, parsed(WATER), actor=district.OUTSIDER).outcome["lines"] == 1


def changed(row, **values):
    """Return a row with some columns changed, by heading with underscores."""
    places = {heading.split(" (")[0].lower().replace(" ", "_"): n for n, heading in enumerate(HEADINGS)}
    new = list(row)
    for name, value in values.items():
        new[places[name]] = value
    return tuple(new)


WRONG = [
    (changed(TENT, site_code="WS-99"), "unknown_site", "Site code"),
    (changed(TENT, site_code="WS-03"), "site_not_on_hand", "Site code"),
    (changed(TENT, bin="Z-9"), "unknown_bin", "Bin"),
    (changed(TENT, item_code="TENT-99"), "unknown_item", "Item code"),
    (changed(TENT, item_code="", item_name="Boat"), "unknown_item", "Item name"),
    (changed(TENT, item_code=""), "item_not_named", "Item code"),
    (changed(TENT, item_name="Water"), "name_of_another_item", "Item name"),
    (changed(TENT, item_code="", item_name="\u5e10\u7bf7"), "name_of_several_items", "Item name"),
    (changed(TENT, item_code="PHONE"), "serial_item", "Item code"),
    (changed(TENT, unit="case"), "unit_not_of_item", "Unit"),
    (changed(TENT, owner_code="NOBODY"), "unknown_owner", "Owner code"),
    (changed(TENT, made_on="2026-12-31"), "made_in_future", "Made on"),
    (changed(TENT, expires_on="2025-12-31"), "expires_before_made", "Expires on"),
    (changed(WATER, expires_on=""), "expiry_needed", "Expires on"),
    (changed(WATER, quantity="99999999"), "quantity_too_large", "Quantity"),
]


def test_all_faults_are_told_at_once_and_nothing_is_written(ready):
    """Fifteen wrong rows give fifteen faults, each with row, column and a sentence in both languages."""
    before = counts(ready)
    understood = parsed(TENT, *[changed(row, batch=f"X{n}") for n, (row, _, _) in enumerate(WRONG)])
    with pytest.raises(FileRefused) as refused:
        put_in(ready, understood)
    told = [(fault.row, fault.code, fault.column) for fault in refused.value.faults]
    assert told == [(n, code, column) for n, (_, code, column) in enumerate(WRONG, start=3)]
    assert refused.value.count == len(WRONG)
    assert counts(ready) == before
    review = ready.read(district.CLERK, lambda work: STOCK.review(work, parsed=understood))
    assert (review.faults, review.done_before, len(review.wanted)) == (refused.value.faults, None, 1)
    for fault in refused.value.faults:
        assert fault.code in FAULTS
        for language in ("zh_CN", "en"):
            assert "%(" not in fault_line(fault, language)


def test_too_many_lines_are_refused(ready):
    """A list beyond the limit of one entry is refused before it is looked up."""
    rows = [changed(TENT, batch=f"B{n}") for n in range(LIST_ROWS_MAX + 1)]
    with pytest.raises(FileRefused) as refused:
        put_in(ready, parsed(*rows))
    assert refused.value.faults[0].code == "too_many_lines"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_template_goes_out_and_comes_back(ready, language):
    """The template of either language, filled in as a person does, is taken over."""
    content = ready.read(district.CLERK, lambda work: STOCK.template(work, language=language))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    headings = {cell.value.rstrip("*"): cell.column for cell in sheet[1]}
    translate = speaker(language)
    row = {"Site code": "WS-01", "Bin": "A-01", "Item code": "TENT-12", "Quantity": 12, "Unit": "\u9876",
           "Made on": dt.date(2026, 3, 1), "Source": translate("donation")}  # fmt: skip
    for heading, value in row.items():
        sheet.cell(2, headings[translate(heading)], value)
    target = io.BytesIO()
    book.save(target)
    understood = validate(read_table(target.getvalue(), "filled.xlsx"), stock_kind())
    assert understood.faults == ()
    assert put_in(ready, understood).outcome["lots"] == 1
