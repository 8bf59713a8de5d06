"""The list of needs norms: what so many people need of an item in a time, each with its basis and its source.

What a list says becomes the district's own figure; a norm that it repeats unchanged keeps the mark it had.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.catalogue import rules
from inventory.catalogue.rules import BadNorm, NormFacts
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind
from inventory.exchange.readers import Code, Quantity, Text, Thousandths, normal
from inventory.exchange.taking import (
    Known,
    ListKind,
    Problems,
    Rows,
    Terms,
    Wanted,
    asked_of,
    code_columns,
    codes,
    id_of,
    options,
    outcome_of,
    present,
    understood,
    write,
)
from inventory.models import Item, Norm
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT

_ANY = "any"
_YES_NO = (("yes", N_("yes")), ("no", N_("no")))
_PERIODS = (("once", N_("once")), ("day", N_("a day")), ("week", N_("a week")), ("month", N_("a month")))
_SEASONS = (("all", N_("all year")), ("cold", N_("cold season")), ("warm", N_("warm season")))
_ATTRIBUTES = {"item": ("item_id",)}
_PLAIN = ("code", "quantity_milli", "per_persons", "period", "basis_zh", "source")


def norm_kind() -> TableKind:
    """Return the list of needs norms as a kind of table."""
    return TableKind(
        key="norms",
        title=N_("List of needs norms"),
        columns=(
            Column("code", N_("Norm code"), Code(24), True, N_("Your own short code."), "N-01"),
            Column("item", N_("Item code"), Code(24), True, N_("What is needed.")),
            Column("hazard", N_("Hazard"), Text(80), note=N_("Blank: whatever has happened."), width=20),
            Column("quantity_milli", N_("Quantity needed"), Thousandths(), True, N_("In the item's own unit."), 3),
            Column("per_persons", N_("For how many persons"), Quantity(1, 10**6), True, N_("1: for each person."), 1),
            Column("period", N_("Period"), options(_PERIODS), True, N_("Once, or again and again.")),
            Column("season", N_("Season"), options(_SEASONS), note=N_("Blank: all year.")),
            Column("priority", N_("Priority"), Quantity(0, 2), note=N_("0 is the most urgent; blank: 1.")),
            Column("basis_zh", N_("Basis (Chinese)"), Text(200), True, N_("How the figure is meant."), width=36),
            Column("basis_en", N_("Basis (English)"), Text(200), note=N_("Blank: as in Chinese."), width=36),
            Column("source", N_("Source of the figure"), Text(200), True, N_("Rule, plan or decision."), width=28),
            Column("active", N_("In use"), options(_YES_NO), note=N_("Blank: yes.")),
        ),
        unique=("code",),
    )


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    known, items, hazards = Known.read(work, Norm, parsed.lines), Known.read(work, Item), Terms(work, "hazard")
    there = present(parsed, _ATTRIBUTES)
    # The starter norms name hazards that no list of the district has to know.
    named = {normal(row.hazard): row.hazard for row in known.rows.values()} | {_ANY: _ANY}
    wanted = []
    for line in parsed.lines:
        before = faults.count
        asked = line.values["hazard"] or _ANY
        hazard = hazards.code(asked) or named.get(normal(asked))
        columns = _columns(line, items, hazard, faults)
        row = known.row(line)
        if faults.count > before:
            continue
        one = known.wanted(line, columns, there)
        if one.state == "changed" and row is not None:
            one.columns["confidence"] = "own"
        wanted.append(one if row is not None else Wanted(line, one.id, "new", columns | {"confidence": "own"}))
    return wanted


def _columns(line: Line, items: Known, hazard: str | None, faults: Problems) -> dict[str, Any]:
    """Return what a line says of its norm, with what is wrong with it."""
    values = line.values
    item = id_of(items, values["item"])
    if item is None:
        faults.add("unknown_item", line, "item", text=values["item"])
    if hazard is None:
        faults.add("unknown_term", line, "hazard", text=values["hazard"])
    columns = {name: values[name] for name in _PLAIN} | {
        "hazard": hazard or _ANY,
        "season": values["season"] or "all",
        "priority": 1 if values["priority"] is None else values["priority"],
        "basis_en": values["basis_en"] or values["basis_zh"],
        "active": values["active"] != "no",
    }
    try:
        rules.check_norm(NormFacts(item_code=values["item"], confidence="own", **columns))
    except BadNorm as refusal:
        faults.add("item_field_wrong", line, refusal.field, text=refusal.text)
    return columns | {"item_id": item}


def import_norms(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of needs norms over as one entry, all or nothing; a norm is found by its code.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_norms", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    write(work, deed, Norm, wanted)
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work) -> Rows:
    items, hazards = code_columns(work, Item), Terms(work, "hazard")
    return [
        {name: getattr(row, name) for name in (*_PLAIN, "basis_en", "season", "priority")}
        | {
            "item": items[row.item_id],
            "hazard": None if row.hazard == _ANY else hazards.name(row.hazard),
            "active": "yes" if row.active else "no",
        }
        for row in work.connection.execute(select(Norm.__table__).order_by(Norm.code))
    ]


NORMS = ListKind(
    table=norm_kind,
    choices=lambda work, language: {"item": codes(work, Item), "hazard": Terms(work, "hazard").names(language)},
    understand=_understand,
    command=import_norms,
    rows=_rows,
    attributes=_ATTRIBUTES,
)
