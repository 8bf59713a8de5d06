"""Taking a consignment that this node never saw from the data on its paper: the goods stand here, so they are booked.

The paper's goods come from a place that stands for the consignment (its id is the sender's) into a bin of the site.
Lots keep the sender's ids. The entry's id follows from the consignment, so that the same paper read twice, on two
telephones or after a restore is one entry. An item, a unit or an owner that is not known here is made from the paper.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import Name, NeedsConfirmation, NotFound, Refusal, SameIdOtherFacts
from inventory.core.quantities import QUANTITY_MAX
from inventory.core.work import Work
from inventory.dispatch.carried import (
    Carried,
    CarriedLine,
    Taken,
    carried_facts,
    carried_of,
    taking_id,
)
from inventory.dispatch.receiving import open_difference, shelves_of
from inventory.dispatch.taking_lots import lots_of
from inventory.dispatch.typed import TypedUnsigned
from inventory.ledger.posting import post
from inventory.ledger.rules import Line
from inventory.models import UNBOUNDED, Journal, Lot, Place, Shipment, Site
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.numbering import number
from inventory.people.queries import here
from inventory.people.rules import At
from inventory.people.signing_off import sign_off

OTHERS_TOLD_MAX = 5


@dataclass(eq=False)
class KnownHere(Refusal):
    """The consignment stands in these books: it is received there, not from its paper."""

    code: ClassVar[str] = "consignment_known_here"
    number: str


@dataclass(eq=False)
class DemoPaper(Refusal):
    """The paper of a demo district never meets a real one, nor the other way round."""

    code: ClassVar[str] = "demo_paper"
    number: str


@dataclass(eq=False)
class LinesUnstated(Refusal):
    """Every line of the paper is stated once: what came good, what damaged, 0 where nothing came."""

    code: ClassVar[str] = "lines_unstated"
    number: str
    lines: tuple[str, ...]


@dataclass(eq=False)
class TakenOtherwise(Refusal):
    """The consignment was taken from its paper before, with other quantities."""

    code: ClassVar[str] = "taken_otherwise"
    number: str
    receipt: str
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(eq=False)
class ReasonNeeded(Refusal):
    """Goods that are addressed to somebody else are taken only with a reason."""

    code: ClassVar[str] = "reason_needed"
    number: str


@dataclass(eq=False)
class NotAddressedHere(NeedsConfirmation):
    """The paper names another receiver than the site that takes the goods."""

    code: ClassVar[str] = "not_addressed_here"
    number: str
    addressed: Name
    site: Name


@dataclass(eq=False)
class MayBeHere(NeedsConfirmation):
    """Lots with the number of this consignment were entered here before, perhaps by hand."""

    code: ClassVar[str] = "may_be_here"
    number: str
    lots: tuple[str, ...]


def take_paper(
    work: Work,
    *,
    id: UUID,
    carried: Carried,
    fingerprint: str,
    site_id: UUID,
    lines: Sequence[Taken],
    note: str = "",
    reason: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> Done:
    """Sign for a consignment of another node from the data on its paper.

    Parameters
    ----------
    id
        The sender's id of this request; the entry's own id is `taking_id(carried.id)`, whoever asks.
    carried, fingerprint
        What the paper carries, its signature checked, and whose key signed it; an empty fingerprint where the page was
        typed, which a person confirms.
    lines
        What came, for every line of the paper. More than was sent is a surplus and is booked as it came.
    reason
        Why goods that are addressed to somebody else are taken here; kept.

    Returns
    -------
    Done
        With `number` (of the receipt), `received`, `damaged` and `short` in base units, `made` (codes of items that
        were not known), and `again` when the consignment had been taken with the same quantities before.

    Raises
    ------
    NotPermitted, NotFound, KnownHere, DemoPaper, LinesUnstated, TakenOtherwise, NotAddressedHere, ReasonNeeded,
    MayBeHere, TypedUnsigned
    """
    stated = sorted(lines, key=lambda one: one.line)
    asked = {
        "consignment": carried_facts(carried),
        "fingerprint": fingerprint,
        "site": site_id,
        "lines": [asdict(one) for one in stated],
        "note": note,
        "reason": reason,
    }
    try:
        deed = begin(
            work, id=taking_id(carried.id), kind="take_paper", asked=asked, at=At(site_id=site_id), confirmed=confirmed
        )
    except SameIdOtherFacts:
        return _taken_before(work, carried, stated)
    if deed.done:
        return deed.done
    _check_paper(work, carried, stated)
    if not fingerprint and TypedUnsigned.code not in confirmed:
        raise TypedUnsigned(number=carried.number)
    _check_place(work, carried, site_id, reason=reason, confirmed=confirmed)
    made: list[str] = []
    lots = lots_of(work, deed, carried, made)
    _post(work, deed, carried, stated, lots, site_id)
    sign_off(work, deed=deed, document_id=carried.id, capacity="receiver")
    receipt, _, _ = number(work, "receipt")
    sums = _sums(carried, stated)
    outcome = {"consignment": carried.id, "number": receipt, "made": made, **sums}
    return finish(work, deed, outcome=outcome, subject_id=carried.id)


def told_lines(carried_lines: Sequence[CarriedLine], stated: Sequence[Taken]) -> tuple[str, ...]:
    """Return what came line by line as it is written on the command line: LABEL=GOOD,DAMAGED."""
    return tuple(f"{carried_lines[one.line - 1].label}={one.good},{one.damaged}" for one in stated)


def _taken_before(work: Work, carried: Carried, stated: Sequence[Taken]) -> Done:
    """Answer a consignment that was taken before: the same quantities are done already, others are refused."""
    entry = work.connection.execute(select(Journal.id, Journal.facts).where(Journal.id == taking_id(carried.id))).one()
    facts = json.loads(bytes(entry.facts))
    before = [Taken(**one) for one in facts["asked"]["lines"]]
    was = carried_of(facts["asked"]["consignment"], number=carried.number)
    _check_lines(carried, stated)
    if _figures(was, before) == _figures(carried, stated):
        return Done(entry.id, facts["outcome"], again=True)
    raise TakenOtherwise(
        number=carried.number,
        receipt=facts["outcome"]["number"],
        before=told_lines(was.lines, before),
        now=told_lines(carried.lines, stated),
    )


def _figures(carried: Carried, stated: Sequence[Taken]) -> dict[tuple[int, str], tuple[int, int]]:
    """Return what came by the name of each line: typed and scanned, a page has the same names."""
    lines = ((carried.lines[one.line - 1], one) for one in stated)
    return {(line.order_position, line.label): (one.good, one.damaged) for line, one in lines}


def _check_paper(work: Work, carried: Carried, stated: Sequence[Taken]) -> None:
    if work.session.get(Shipment, carried.id) is not None:
        raise KnownHere(number=carried.number)
    if carried.demo != here(work).demo:
        raise DemoPaper(number=carried.number)
    _check_lines(carried, stated)


def _check_lines(carried: Carried, stated: Sequence[Taken]) -> None:
    """Refuse unless every line is stated once, with figures from 0 upwards."""
    told = [one.line for one in stated]
    wrong = {line for line in range(1, len(carried.lines) + 1) if told.count(line) != 1}
    wrong |= set(told) - set(range(1, len(carried.lines) + 1))
    wrong |= {one.line for one in stated if one.good + one.damaged > _most(carried, one.line)}
    wrong |= {one.line for one in stated if min(one.good, one.damaged) < 0}
    if wrong:
        raise LinesUnstated(number=carried.number, lines=tuple(map(str, sorted(wrong))))


def _most(carried: Carried, line: int) -> int:
    """Return how many base units of a line can have come at most: of a device one."""
    if not 1 <= line <= len(carried.lines):
        return QUANTITY_MAX
    return 1 if carried.items[carried.lines[line - 1].item].tracking == "serial" else QUANTITY_MAX


def _check_place(work: Work, carried: Carried, site_id: UUID, *, reason: str, confirmed: frozenset[str]) -> None:
    """Refuse another receiver than the addressed one, and what may have been entered before, unless confirmed."""
    site = work.session.get(Site, site_id)
    if site is None:
        raise NotFound(kind="site", key=str(site_id))
    if carried.to_site and site.code != carried.to_site:
        if NotAddressedHere.code not in confirmed:
            addressed = Name(
                f"{carried.to_unit.zh} {carried.to_place.zh}",
                f"{carried.to_unit.en or carried.to_unit.zh}, {carried.to_place.en or carried.to_place.zh}",
            )
            raise NotAddressedHere(number=carried.number, addressed=addressed, site=Name(site.name_zh, site.name_en))
        if not reason.strip():
            raise ReasonNeeded(number=carried.number)
    if MayBeHere.code not in confirmed and (lots := entered_before(work, carried)):
        raise MayBeHere(number=carried.number, lots=lots)


def entered_before(work: Work, carried: Carried) -> tuple[str, ...]:
    """Return labels of lots that were entered here with the number of this consignment, at most five."""
    query = (
        select(Lot.label)
        .where(Lot.source_name.contains(carried.number, autoescape=True))
        .order_by(Lot.label)
        .limit(OTHERS_TOLD_MAX)
    )
    return tuple(work.connection.scalars(query))


def _post(
    work: Work,
    deed: Deed,
    carried: Carried,
    stated: Sequence[Taken],
    lots: Sequence[UUID],
    site_id: UUID,
) -> None:
    """Book what came: from the place that stands for the consignment to a bin, what is damaged to quarantine."""
    work.session.add(
        Place(id=carried.id, kind="supplier", code=carried.number[:40], floor=UNBOUNDED, open=True, made_by_id=deed.id)
    )
    good_place, damaged_place = shelves_of(work, deed, site_id)
    posted = []
    for one in stated:
        lot_id = lots[one.line - 1]
        if one.good:
            posted.append(Line(lot_id, carried.id, good_place, one.good, "receive"))
        if one.damaged:
            posted.append(Line(lot_id, carried.id, damaged_place, one.damaged, "damaged"))
            open_difference(work, deed, "damaged", lot_id, damaged_place, one.damaged, one.note)
    if posted:
        post(work, deed=deed, lines=posted)


def _sums(carried: Carried, stated: Sequence[Taken]) -> Mapping[str, int]:
    """Return what came in all, in base units of whatever item: only to be shown beside the lines."""
    sent = [one.quantity for one in carried.lines]
    return {
        "received": sum(one.good + one.damaged for one in stated),
        "damaged": sum(one.damaged for one in stated),
        "short": sum(max(0, sent[one.line - 1] - one.good - one.damaged) for one in stated),
    }
