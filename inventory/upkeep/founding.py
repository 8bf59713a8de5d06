"""Founding a district in an empty database: one entry of the journal, the first of its chain.

It makes this node, the organisation that runs it, optionally its division, the places that stand for the outside world,
the open lists of terms, and the first administrator. Everything else comes by import or by hand.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from inventory.core.work import Work
from inventory.models import (
    UNBOUNDED,
    Account,
    Division,
    Journal,
    Node,
    Organisation,
    Place,
    RoleGrant,
    Term,
)
from inventory.people.journal import GENESIS, Done, begin, finish
from inventory.people.rules import DISTRICT, LOGIN_SHAPE, BadLogin
from inventory.upkeep.rules import AlreadyFounded, BadDistrictName, BadNodeCode

VIRTUAL_PLACES: dict[str, int] = {
    "supplier": UNBOUNDED,
    "lost_found": UNBOUNDED,
    "conversion": UNBOUNDED,
    "consumed": 0,
    "scrap": 0,
}
"""Kind of place -> its floor: what the outside world gives has none; what is used up cannot be taken out again."""

TERMS = Path(__file__).with_name("terms.csv")
NODE_CODE = re.compile(r"[A-Z0-9]{2,12}")
NAME_LENGTH_MAX = 40
_ADMINISTRATOR_ROLES = ("system_admin", "security_admin")


@dataclass(frozen=True)
class Administrator:
    """The first account: it opens the others. `password_hash` comes from `people.passwords.hash_password`."""

    login: str
    name_zh: str
    password_hash: str
    name_en: str | None = None
    must_change_password: bool = False


def found_district(
    work: Work,
    *,
    id: UUID,
    node_code: str,
    name_zh: str,
    name_en: str | None = None,
    division_code: str | None = None,
    division_name_zh: str | None = None,
    division_name_en: str | None = None,
    administrator: Administrator | None = None,
    demo: bool = False,
) -> Done:
    """Make the district of an empty database.

    The outcome names "node", "organisation", "division" and "account" (None where there is none), "places" by kind.

    Parameters
    ----------
    node_code
        2 to 12 capitals and digits, for example "WS"; it stands in every paper number of this node.
    name_zh, name_en
        The organisation that runs the node, for example the district's emergency bureau.
    division_code
        The district's code in the list of divisions; without one no division is made.
    administrator
        The first account, with the roles of system and security administrator; a demo district may go without.

    Raises
    ------
    AlreadyFounded, BadNodeCode, BadDistrictName, BadLogin
    """
    asked = {
        "node_code": node_code,
        "name_zh": name_zh,
        "name_en": name_en,
        "division_code": division_code,
        "division_name_zh": division_name_zh,
        "division_name_en": division_name_en,
        "administrator": administrator.login if administrator else None,
        "demo": demo,
    }
    deed = begin(work, id=id, kind="found_district", asked=asked, at=DISTRICT)
    if deed.done:
        return deed.done
    _check(work, node_code=node_code, name_zh=name_zh)
    node_id, organisation_id = work.env.new_id(), work.env.new_id()
    names: dict[str, Any] = {
        "code": node_code,
        "name_zh": name_zh,
        "name_en": name_en,
        "demo": demo,
    }
    _put(work, Node, id=node_id, head=GENESIS, here=True, **names)
    division_id = None
    if division_code is not None:
        of_division = {"name_zh": division_name_zh or name_zh, "name_en": division_name_en}
        division_id = _division(work, id, code=division_code, **of_division)
    runs = {"kind": "bureau", "level": "district", "division_id": division_id, "changed_by_id": id}
    _put(work, Organisation, id=organisation_id, **names, **runs)
    places = _virtual_places(work, id, node_id)
    _terms(work, id)
    account_id = _administrator(work, id, organisation_id, administrator) if administrator else None
    made = {
        "node": node_id,
        "organisation": organisation_id,
        "division": division_id,
        "account": account_id,
    }
    return finish(work, deed, outcome={**made, "places": places}, subject_id=node_id)


def _check(work: Work, *, node_code: str, name_zh: str) -> None:
    """Refuse a second founding and names that the node's row cannot hold."""
    there = work.connection.execute(select(Node.name_zh).where(Node.here)).scalar_one_or_none()
    if there is not None or work.connection.execute(select(Journal.id).limit(1)).first():
        raise AlreadyFounded(name=there or "")
    if not NODE_CODE.fullmatch(node_code):
        raise BadNodeCode(code_given=node_code[:12])
    if not 1 <= len(name_zh) <= NAME_LENGTH_MAX:
        raise BadDistrictName(length=len(name_zh), length_max=NAME_LENGTH_MAX)


def _put(work: Work, table: type[Any], **values: Any) -> None:
    work.connection.execute(insert(table), values)


def _division(work: Work, entry_id: UUID, **facts: str | None) -> UUID:
    division_id = work.env.new_id()
    _put(work, Division, id=division_id, level="district", changed_by_id=entry_id, **facts)
    return division_id


def _virtual_places(work: Work, entry_id: UUID, node_id: UUID) -> dict[str, UUID]:
    """Make this node's places for the outside world, and return their ids by kind."""
    places = {kind: work.env.new_id() for kind in VIRTUAL_PLACES}
    for kind, floor in VIRTUAL_PLACES.items():
        made = {
            "kind": kind,
            "code": kind,
            "node_id": node_id,
            "floor": floor,
            "made_by_id": entry_id,
        }
        _put(work, Place, id=places[kind], **made)
    return places


def _terms(work: Work, entry_id: UUID) -> None:
    """Fill the open lists that every district starts from; a district adds its own to them."""
    position: Counter[str] = Counter()
    with TERMS.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            position[row["kind"]] += 1
            _put(work, Term, position=position[row["kind"]], changed_by_id=entry_id, **row)


def _administrator(work: Work, entry_id: UUID, organisation_id: UUID, administrator: Administrator) -> UUID:
    login = administrator.login.strip().lower()
    if not LOGIN_SHAPE.fullmatch(login):
        raise BadLogin(login=login[:40])
    account_id = work.env.new_id()
    _put(
        work,
        Account,
        id=account_id,
        login=login,
        name_zh=administrator.name_zh,
        name_en=administrator.name_en,
        organisation_id=organisation_id,
        password_hash=administrator.password_hash,
        must_change_password=administrator.must_change_password,
        changed_by_id=entry_id,
    )
    for role in _ADMINISTRATOR_ROLES:
        grant = {
            "account_id": account_id,
            "role": role,
            "from_at": work.now,
            "changed_by_id": entry_id,
        }
        _put(work, RoleGrant, id=work.env.new_id(), **grant)
    return account_id
