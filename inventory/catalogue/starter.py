"""The starting content of the catalogue as it comes with the program: items, needs norms, terms.

Weights, volumes, packs and shelf lives of the items are estimates of the project; norms carry source and confidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.catalogue.rules import ItemFacts, NormFacts, Pack
from inventory.core.tables import read_table, whole

ITEM_SOURCE = "starter catalogue of the project, see inventory/tables/README.md"


@dataclass(frozen=True)
class TermFacts:
    """One code of an open list."""

    kind: str
    code: str
    name_zh: str
    name_en: str
    source: str
    position: int


def starter_items() -> list[ItemFacts]:
    """Return the 122 items of the starter catalogue."""
    return [
        ItemFacts(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            unit=row["unit"],
            tracking=row["tracking"],
            major_class=int(row["major_class"]),
            domain=row["domain"],
            return_class=row["return_class"],
            gb_code=row["gb_code"] or None,
            weight_g=int(row["weight_g"]),
            volume_cm3=int(row["volume_cm3"]),
            minimum_life_days=int(row["minimum_life_days"]),
            source=ITEM_SOURCE,
            confidence=row["confidence"],
            packs=_packs(row),
        )
        for row in read_table("items")
    ]


def _packs(row: dict[str, str]) -> tuple[Pack, ...]:
    factor = whole(row["pack_factor"])
    return () if factor is None else (Pack(factor=factor, name_zh=row["pack_zh"], name_en=row["pack_en"]),)


def shelf_life_days() -> dict[str, int]:
    """Return the usual shelf life in days by item code, where there is one (estimates)."""
    return {row["code"]: int(row["shelf_life_days"]) for row in read_table("items") if row["shelf_life_days"]}


def starter_norms() -> list[NormFacts]:
    """Return the needs norms, each with its arithmetic, source and confidence."""
    return [
        NormFacts(
            code=row["code"],
            item_code=row["item"],
            hazard=row["hazard"],
            quantity_milli=int(row["quantity_milli"]),
            per_persons=int(row["per_persons"]),
            period=row["period"],
            season=row["season"],
            priority=int(row["priority"]),
            basis_zh=row["basis_zh"],
            basis_en=row["basis_en"],
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in read_table("norms")
    ]


def starter_terms() -> list[TermFacts]:
    """Return the open lists beyond those that the founding makes: domains, channels, kinds of device, disciplines."""
    return [
        TermFacts(row["kind"], row["code"], row["name_zh"], row["name_en"], row["source"], position)
        for position, row in enumerate(read_table("terms"))
    ]
