"""However many rows a form has: what is signed stands on a page with rows; tables are as wide as their frames."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest

from inventory.documents.drawing.blocks import Flow
from inventory.documents.drawing.tables import Table
from inventory.documents.press import PRESSES, printed
from inventory.documents.sampling import SAMPLE_KEY, sample
from tests.documents import reading

CLOSING = {
    "close_out": ("统计人", "What, how much"),
    "variance_report": ("批准人（负责人）", "First count"),
    "receipt": ("见证人", "Lot / expiry"),
    "mobilisation": ("集结点负责人", "Destination"),
    "check_in": ("17 编制人", "Incident"),
    "status_change": ("9 编制人", "(assignment and status)"),
    "communications_plan": ("6 编制人", "Condition"),
}
"""Kind -> what closes the form, and a head of the table before it in the small language."""


@pytest.mark.parametrize("kind", CLOSING)
def test_what_is_signed_stands_under_rows(kind: str) -> None:
    """With any number of rows the last page has the signatures, and a table above them."""
    paper: Any = sample(kind)
    closing, head = CLOSING[kind]
    for count in range(1, 41):
        lines = tuple(itertools.islice(itertools.cycle(paper.lines), count))
        last = reading.page_texts(printed(dataclasses.replace(paper, lines=lines), key=SAMPLE_KEY))[-1]
        assert closing in last, count
        assert head in last, count


@pytest.mark.parametrize("kind", sorted(kind for kind, press in PRESSES.items() if press.shape.sealed))
def test_a_table_is_as_wide_as_the_frames_around_it(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right edges of facts, tables and signatures are one line, to a twentieth of a millimetre."""
    put, off = Table.put, []

    def measured(table: Table, flow: Flow, **options: Any) -> None:
        off.append(abs(table.width - flow.width))
        put(table, flow, **options)

    monkeypatch.setattr(Table, "put", measured)
    printed(sample(kind), key=SAMPLE_KEY)
    assert all(one < 0.15 for one in off), off
