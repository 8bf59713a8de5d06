"""Opening a count: which shelves it lists; goods found that the list does not have; giving it up."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, insert, or_, select, update

from inventory.core.errors import Name, NotFound, StalePage, WrongState
from inventory.core.work import Work
from inventory.models import Balance, Count, CountLine, Item, Lot, Movement, Place
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.numbering import label, labels, number
from inventory.people.rules import At
from inventory.stocktaking import rules
from inventory.stocktaking.lines import AnyRow, count_row


def open_count(
    work: Work,
    *,
    id: UUID,
    site_id: UUID,
    kind: str = "whole",
    place_ids: Sequence[UUID] = (),
    item_ids: Sequence[UUID] = (),
) -> Done:
    """Open a count of a site: one line for each lot that stands, or lately stood, in its bins, in the order of bins.

    Parameters
    ----------
    kind
        whole, cycle, spot, or first (which may start with an empty list).
    place_ids, item_ids
        Narrow it to some places or items of the site; empty means all.

    Returns
    -------
    Done
        With `count` (id), `number` and `lines` (how many).

    Raises
    ------
    NotPermitted, NotFound, UnknownWay, NothingToCount
    """
    asked = {"site": site_id, "kind": kind, "places": list(place_ids), "items": list(item_ids)}
    deed = begin(work, id=id, kind="open_count", asked=asked, at=At(site_id))
    if deed.done:
        return deed.done
    if kind not in rules.KINDS:
        raise rules.UnknownWay(given=kind, known=rules.KINDS)
    rows = _shelves(work, site_id, place_ids, item_ids)
    if not rows and kind != "first":
        raise rules.NothingToCount()
    count_id, (text, _, _) = work.env.new_id(), number(work, "count")
    scope = {"places": sorted(map(str, place_ids)), "items": sorted(map(str, item_ids))}
    work.connection.execute(
        insert(Count).values(
            id=count_id,
            number=text,
            site_id=site_id,
            scope=json.dumps(scope),
            kind=kind,
            blind=True,
            state="open",
            opened_at=work.now,
            changed_by_id=deed.id,
        )
    )
    if rows:
        given = labels(work, "count_line", many=len(rows))
        work.connection.execute(
            insert(CountLine),
            [
                _line(work, count_id, position, given[position - 1], row.place_id, row.item_id, row.lot_id)
                for position, row in enumerate(rows, start=1)
            ],
        )
    outcome = {"count": count_id, "number": text, "lines": len(rows)}
    return finish(work, deed, outcome=outcome, subject_id=count_id)


def _line(
    work: Work, count_id: UUID, position: int, text: str, place_id: UUID, item_id: UUID, lot_id: UUID | None
) -> dict[str, Any]:
    return {
        "id": work.env.new_id(),
        "label": text,
        "count_id": count_id,
        "position": position,
        "place_id": place_id,
        "item_id": item_id,
        "lot_id": lot_id,
        "found": "",
        "recount": False,
        "note": "",
    }


def _shelves(work: Work, site_id: UUID, place_ids: Sequence[UUID], item_ids: Sequence[UUID]) -> Sequence[AnyRow]:
    """Return place, item and lot of what stands, or within the last weeks stood, in the site's countable places.

    What lately left is listed too: a list of only what the book has would tell that the rest is zero.
    """
    since = work.now - dt.timedelta(days=rules.RECENT_ZERO_DAYS)
    lately = exists().where(
        and_(Movement.lot_id == Balance.lot_id, Movement.occurred_at >= since, Movement.from_place_id == Place.id)
    )
    query = (
        select(Place.id.label("place_id"), Lot.item_id, Lot.id.label("lot_id"))
        .join(Balance, Balance.place_id == Place.id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(
            Place.site_id == site_id,
            Place.kind.in_(rules.COUNTED_KINDS),
            Place.open,
            Place.drill_id.is_(None),
            or_(Balance.quantity != 0, lately),
        )
        .order_by(Place.code, Item.code, Lot.label)
    )
    if place_ids:
        query = query.where(Place.id.in_(place_ids))
    if item_ids:
        query = query.where(Lot.item_id.in_(item_ids))
    return work.connection.execute(query).all()


def add_found(
    work: Work,
    *,
    id: UUID,
    count_id: UUID,
    place_id: UUID,
    item_id: UUID,
    lot_id: UUID | None = None,
    found: str = "",
) -> Done:
    """Add a line for goods that stand where the list has none; their quantity is then read as for any line.

    Parameters
    ----------
    lot_id
        The lot on their label; None for goods that the book does not know, which become a lot when the count posts.
    found
        What they look like, up to 120 characters.

    Returns
    -------
    Done
        With `line` (id) and `label`.

    Raises
    ------
    NotPermitted, NotFound, WrongState, AlreadyListed, NotOfThisItem
    """
    count = count_row(work, count_id, lock=True)
    asked = {"count": count_id, "place": place_id, "item": item_id, "lot": lot_id, "found": found}
    deed = begin(work, id=id, kind="add_found", asked=asked, at=At(count.site_id))
    if deed.done:
        return deed.done
    if count.state != "open":
        raise WrongState(kind="count", key=count.number, state=count.state, wanted="open")
    _check_found(work, count, place_id, item_id, lot_id)
    lines = work.connection.execute(select(CountLine.position).where(CountLine.count_id == count_id)).scalars().all()
    line = _line(work, count_id, max(lines, default=0) + 1, label(work, "count_line"), place_id, item_id, lot_id)
    work.connection.execute(insert(CountLine).values(line | {"found": found}))
    work.connection.execute(update(Count).where(Count.id == count_id).values(changed_by_id=deed.id))
    return finish(work, deed, outcome={"line": line["id"], "label": line["label"]}, subject_id=count_id)


def _check_found(work: Work, count: AnyRow, place_id: UUID, item_id: UUID, lot_id: UUID | None) -> None:
    place = work.connection.execute(
        select(Place.id).where(
            Place.id == place_id, Place.site_id == count.site_id, Place.kind.in_(rules.COUNTED_KINDS)
        )
    ).one_or_none()
    if place is None:
        raise NotFound(kind="bin", key=str(place_id))
    item = work.connection.execute(select(Item.name_zh, Item.name_en).where(Item.id == item_id)).one_or_none()
    if item is None:
        raise NotFound(kind="item", key=str(item_id))
    if lot_id is None:
        return
    lot = work.connection.execute(select(Lot.label, Lot.item_id).where(Lot.id == lot_id)).one_or_none()
    if lot is None:
        raise NotFound(kind="lot", key=str(lot_id))
    if lot.item_id != item_id:
        raise rules.NotOfThisItem(lot=lot.label, item=Name(item.name_zh, item.name_en))
    listed = work.connection.execute(
        select(CountLine.label).where(
            CountLine.count_id == count.id, CountLine.place_id == place_id, CountLine.lot_id == lot_id
        )
    ).scalar_one_or_none()
    if listed is not None:
        raise rules.AlreadyListed(label=listed)


def cancel_count(work: Work, *, id: UUID, count_id: UUID, why: str, seen: UUID | None = None) -> Done:
    """Give a count up; what was read stays on record, nothing is posted.

    Raises
    ------
    NotPermitted, NotFound, WrongState, StalePage
    """
    count = count_row(work, count_id, lock=True)
    asked = {"count": count_id, "why": why}
    deed = begin(work, id=id, kind="cancel_count", asked=asked, at=At(count.site_id))
    if deed.done:
        return deed.done
    advance(work, deed=deed, count=count, target="cancelled", seen=seen)
    return finish(work, deed, outcome={"number": count.number}, subject_id=count_id)


def advance(work: Work, *, deed: Deed, count: AnyRow, target: str, seen: UUID | None) -> None:
    """Bring a count into its next state within a deed.

    Parameters
    ----------
    count
        The row as `count_row` gave it.
    seen
        The entry that had changed the count last when the page was drawn; None where no page was (a terminal).

    Raises
    ------
    WrongState, StalePage
    """
    if not rules.leads_to(count.state, target):
        wanted = ", ".join(sorted(state for state in rules.TRANSITIONS if rules.leads_to(state, target)))
        raise WrongState(kind="count", key=count.number, state=count.state, wanted=wanted)
    if seen is not None and seen != count.changed_by_id:
        raise StalePage(kind="count", key=count.number)
    changed = work.connection.execute(
        update(Count)
        .where(Count.id == count.id, Count.state == count.state, Count.changed_by_id == count.changed_by_id)
        .values(state=target, changed_by_id=deed.id)
    )
    if changed.rowcount != 1:
        raise StalePage(kind="count", key=count.number)
