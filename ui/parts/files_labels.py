"""Labels and registers as files to show and print: made at once from a read, nothing is issued.

Labels take `size` ("24", "8", "60x40", "100x70"), `start` (first free place of the sheet) and `copies` from the
address. A key is the code of a site, or "all" for the district.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.work import Actor, Store, Work
from inventory.documents.data.labels import LabelsPaper
from inventory.errands.facts_labels import (
    LabelStock,
    asset_labels,
    bin_labels,
    kit_labels,
    lot_labels,
    lot_labels_at,
    lot_labels_of_entry,
)
from inventory.errands.prints_at_once import AtOnce, labels_pdf, register_pdf
from inventory.ledger.queries import StockFilter
from inventory.places.queries import site_by_code
from ui.parts.downloads import PDF, File, offers

ALL = "all"
"""The key that stands for the whole district."""


def _count(text: str) -> int:
    """Return a whole number of an address; what is none is 0, which the paper refuses in words."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else 0


def _on(size: str, start: str, copies: str) -> LabelStock:
    return LabelStock(size, _count(start), _count(copies))


def _id(key: str, kind: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound(kind=kind, key=key[:60]) from None


def _site(work: Work, key: str) -> UUID | None:
    return None if key == ALL else site_by_code(work, code=key).id


def _file(made: AtOnce, ending: str) -> File:
    return File(name=f"{made.number}-{ending}.pdf", media_type=PDF, body=made.pdf, missing=made.missing)


def _labels(store: Store, actor: Actor, language: str, ending: str, gather: Callable[[Work], LabelsPaper]) -> File:
    return _file(labels_pdf(store, actor, gather=gather, language=language), ending)


@offers("lot-labels", opens=True)
def labels_of_lots(
    store: Store,
    actor: Actor,
    key: str,
    *,
    language: str,
    size: str = "24",
    start: str = "1",
    copies: str = "1",
    find: str = "",
    domain: str = "",
    before: str = "",
    usable: str = "",
    blocked: str = "",
) -> File:
    """Return the labels of the lots that a list of stock shows, narrowed as the list is."""
    try:
        expires_before = dt.date.fromisoformat(before) if before else None
    except ValueError:
        raise NotFound(kind="entry", key=before[:60]) from None

    def gather(work: Work) -> LabelsPaper:
        wanted = StockFilter(
            search=find,
            site_id=_site(work, key),
            domain=domain,
            expires_before=expires_before,
            only_usable=bool(usable),
            blocked=bool(blocked),
        )
        return lot_labels(work, wanted=wanted, on=_on(size, start, copies))

    return _labels(store, actor, language, "lots", gather)


@offers("lot-label", opens=True)
def label_of_lot(
    store: Store,
    actor: Actor,
    key: str,
    *,
    language: str,
    place: str = "",
    size: str = "24",
    start: str = "1",
    copies: str = "1",
) -> File:
    """Return the label of a lot (its id) in a place (its id)."""
    lot_id, place_id = _id(key, "lot"), _id(place, "bin")
    on = _on(size, start, copies)
    return _labels(
        store, actor, language, "lot", lambda work: lot_labels_at(work, lot_id=lot_id, place_id=place_id, on=on)
    )


@offers("entry-labels", opens=True)
def labels_of_entry(
    store: Store, actor: Actor, key: str, *, language: str, size: str = "24", start: str = "1", copies: str = "1"
) -> File:
    """Return the labels of the lots that an entry (its id) took in."""
    entry_id, on = _id(key, "entry"), _on(size, start, copies)
    return _labels(store, actor, language, "lots", lambda work: lot_labels_of_entry(work, entry_id=entry_id, on=on))


@offers("bin-labels", opens=True)
def labels_of_bins(
    store: Store, actor: Actor, key: str, *, language: str, size: str = "24", start: str = "1", copies: str = "1"
) -> File:
    """Return the labels of the bins of a site, or of all."""
    on = _on(size, start, copies)
    return _labels(store, actor, language, "bins", lambda work: bin_labels(work, site_id=_site(work, key), on=on))


@offers("asset-labels", opens=True)
def labels_of_devices(
    store: Store, actor: Actor, key: str, *, language: str, size: str = "24", start: str = "1", copies: str = "1"
) -> File:
    """Return the labels of the devices at a site, or of all."""
    on = _on(size, start, copies)
    return _labels(store, actor, language, "devices", lambda work: asset_labels(work, site_id=_site(work, key), on=on))


@offers("kit-labels", opens=True)
def labels_of_kits(
    store: Store, actor: Actor, key: str, *, language: str, size: str = "8", start: str = "1", copies: str = "1"
) -> File:
    """Return the labels of the kits at a site, or of all."""
    on = _on(size, start, copies)
    return _labels(store, actor, language, "kits", lambda work: kit_labels(work, site_id=_site(work, key), on=on))


def _register(store: Store, actor: Actor, key: str, language: str, kind: str) -> File:
    site_id = store.read(actor, lambda work: _site(work, key))
    return _file(register_pdf(store, actor, kind=kind, site_id=site_id, language=language), kind)


@offers("stock-register", opens=True)
def register_of_stock(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the register of the stock of a site, or of all sites."""
    return _register(store, actor, key, language, "stock_register")


@offers("team-register", opens=True)
def register_of_teams(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the register of all rescue teams."""
    return _register(store, actor, key, language, "team_register")


@offers("device-register", opens=True)
def register_of_devices(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the register of the devices at a site, or of all."""
    return _register(store, actor, key, language, "device_register")
