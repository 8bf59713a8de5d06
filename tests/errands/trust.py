"""A district with one issued order, and what can be done to its paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from inventory.core.work import SYSTEM, Store, Work
from inventory.errands.papers import paper_print
from inventory.errands.proving_papers import Verdict, verify_paper
from inventory.models import Paper, Site
from tests.dispatch.steps import approved, asked_for, opened
from tests.support.district import District, found


def issued_order(store: Store) -> tuple[District, UUID]:
    """Found a district, approve an order of ten tents and print it; return district and order."""
    district = found(store)
    district.stock("TENT", "CENTRAL", 40)
    [order_id] = approved(district, asked_for(district, opened(district), {"TENT": 10}))
    print_order(district, order_id)
    return district, order_id


def print_order(district: District, order_id: UUID, *, language: str = "zh_CN", who: str = "commander") -> Any:
    """Print the order as somebody."""
    actor = district.people[who]
    return paper_print(district.store, actor, kind="dispatch_order", subject_id=order_id, language=language)


def changed(district: District) -> None:
    """Change what stands on the order: the telephone of its receiver, which makes the next print a revision."""
    other = update(Site).where(Site.id == district.sites["SHELTER"]).values(phone="023-110")
    district.store.write(SYSTEM, lambda work: work.connection.execute(other) and None)


def rows(district: District) -> list[Any]:
    """Return the issued revisions, oldest first."""
    query = select(Paper).order_by(Paper.revision)
    return district.store.read(SYSTEM, lambda work: list(work.connection.execute(query)))


def seal_of(row: Any) -> str:
    """Return the text of the QR code of a revision."""
    return bytes(row.signature).decode()


def judged(district: District, text: str, *, who: str = "receiver") -> Verdict:
    """Judge a text as somebody."""
    return verify_paper(district.store, district.people[who], text=text)


def rewrite(district: District, row: Any, **values: Any) -> None:
    """Put another row in the place of an issued one, as nobody can through the program."""

    def job(work: Work) -> None:
        work.connection.execute(delete(Paper).where(Paper.id == row.id))
        work.connection.execute(insert(Paper).values({**row._mapping, **values}))

    district.store.write(SYSTEM, job)
