"""Writing targets: how much of an item a site or an organisation should hold."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import NotFound, StalePage
from inventory.core.work import Work
from inventory.models import Item, Target
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import At
from inventory.stockpiles import rules


def save_target(
    work: Work,
    *,
    id: UUID,
    item_id: UUID,
    kind: str,
    quantity: int,
    source: str,
    confidence: str = "own",
    site_id: UUID | None = None,
    organisation_id: UUID | None = None,
    season: str = "all",
    seen: UUID | None = None,
) -> Done:
    """Set a target of one item; `seen` is the entry that the screen saw on it, None where there was none.

    Parameters
    ----------
    kind
        reserve (kept back by the planner), minimum or standard.
    quantity
        Base units; 0 takes the demand away without forgetting that there was one.

    Raises
    ------
    NotPermitted, NotFound, StalePage, BadTarget
    """
    asked = {
        "item": item_id,
        "kind": kind,
        "quantity": quantity,
        "source": source,
        "confidence": confidence,
        "site": site_id,
        "organisation": organisation_id,
        "season": season,
        "seen": seen,
    }
    at = At(site_id=site_id, organisation_id=organisation_id)
    deed = begin(work, id=id, kind="save_target", asked=asked, at=at)
    if deed.done:
        return deed.done
    scopes = (site_id is not None) + (organisation_id is not None)
    rules.check_target(kind=kind, season=season, quantity=quantity, scopes=scopes, source=source, confidence=confidence)
    if work.session.get(Item, item_id) is None:
        raise NotFound(kind="item", key=str(item_id))
    row = work.session.scalars(
        select(Target)
        .where(Target.item_id == item_id, Target.kind == kind, Target.season == season)
        .where(Target.site_id == site_id if site_id else Target.site_id.is_(None))
        .where(Target.organisation_id == organisation_id if organisation_id else Target.organisation_id.is_(None))
        .with_for_update()
    ).one_or_none()
    if (row.changed_by_id if row else None) != seen:
        raise StalePage(kind="target", key=f"{item_id} {kind}")
    if row is None:
        row = Target(
            id=work.env.new_id(),
            item_id=item_id,
            site_id=site_id,
            organisation_id=organisation_id,
            season=season,
            kind=kind,
        )
        work.session.add(row)
    row.quantity, row.source, row.confidence, row.changed_by_id = quantity, source, confidence, deed.id
    return finish(work, deed, outcome={"target": row.id}, subject_id=row.id)
