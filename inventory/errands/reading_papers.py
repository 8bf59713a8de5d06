"""Data pages read: codes gathered, the signature checked against the keys in the data folder, the facts understood."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import numpy
import zxingcpp
from PIL import Image, ImageOps
from sqlalchemy import select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name, NotFound, Refusal
from inventory.core.work import Actor, Store, Work
from inventory.dispatch.carried import (
    Carried,
    CarriedLine,
    CarriedOwner,
    HandedBack,
    PaperNotUnderstood,
    back_of,
    carried_of,
    taking_id,
)
from inventory.dispatch.handing_back import Taking, taking
from inventory.dispatch.taking import entered_before
from inventory.dispatch.taking_lots import item_known
from inventory.dispatch.typed import Typed
from inventory.documents.carrying import CONSIGNMENT, HANDED_BACK, Gathered, codes_of, gathered_from, opened
from inventory.documents.sign import load_key, trusted_keys
from inventory.errands.carried_facts import carried_item
from inventory.errands.paper_forms import FORMS
from inventory.models import Item, Journal, Organisation, Shipment, Site
from inventory.people.queries import here, permit
from inventory.people.rules import At

CODES = {"data_page": CONSIGNMENT, "hand_back": HANDED_BACK}
"""Kind of paper -> kind of data in its codes."""
PICTURE_ELEMENTS_MAX = 80_000_000
"""Width times height of a picture: above what telephones take, below what fills the memory."""


@dataclass(eq=False)
class OwnPaper(Refusal):
    """The data were signed by this very node: there is nothing to take from them."""

    code: ClassVar[str] = "own_paper"
    number: str


@dataclass(eq=False)
class NoPicture(Refusal):
    """A file is no picture that can be read."""

    code: ClassVar[str] = "no_picture"
    bytes: int


@dataclass(frozen=True)
class ReadPaper:
    """What a paper carried, proven and understood: one of the two, and whose key signed it."""

    fingerprint: str
    carried: Carried | None = None
    back: HandedBack | None = None


@dataclass(frozen=True)
class Preview:
    """What taking a paper would mean here: the addressed site, and what is not known or not clear."""

    site_id: UUID | None
    site: Name | None
    taken: Taking | None
    known_here: bool
    new_items: tuple[Name, ...]
    entered_before: tuple[str, ...]


def gathered_codes(texts: Iterable[str]) -> Gathered:
    """Return the codes of one paper; the seal in its corner, which a camera reads too, is passed over.

    Raises
    ------
    NotAPart, CarriedNewer, PartAltered, OtherPaper
    """
    return gathered_from(text for text in texts if not is_seal(text))


def codes_on_picture(data: bytes) -> list[str]:
    """Return the texts of the QR codes on a photograph or a scan (PNG, JPEG …); none where there are none.

    Raises
    ------
    NoPicture
        The bytes are no picture, or one of more than 80 million picture elements.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > PICTURE_ELEMENTS_MAX:
                raise NoPicture(bytes=len(data))
            grey = numpy.asarray(ImageOps.exif_transpose(picture).convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPicture(bytes=len(data)) from error
    return [
        code.text
        for code in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    ]


def is_seal(text: str) -> bool:
    """Say whether a text is the seal of a paper instead of a code with data."""
    return text.strip().upper().startswith("TD1:")


def read_paper(store: Store, gathered: Gathered) -> ReadPaper:
    """Return what a paper carries, proven with the keys in the data folder.

    Raises
    ------
    PartsMissing, CarriedAltered, CarriedUnknownKey, OwnPaper, PaperNotUnderstood, KeyUnusable
    """
    home = store.env.home
    found = opened(gathered, trusted_keys(home))
    if found.fingerprint == load_key(home).fingerprint:
        raise OwnPaper(number=found.number)
    if found.kind == CONSIGNMENT:
        return ReadPaper(found.fingerprint, carried=carried_of(found.facts, number=found.number))
    if found.kind == HANDED_BACK:
        return ReadPaper(found.fingerprint, back=back_of(found.facts, number=found.number))
    raise PaperNotUnderstood(number=found.number)


def typed_consignment(work: Work, *, typed: Typed) -> Carried:
    """Return a consignment from a page that was typed: items from this catalogue, what was not typed left empty.

    Raises
    ------
    NotPermitted, NotFound
    """
    permit(work, "take_paper", At(own=True))
    codes = list(dict.fromkeys([line.item for line in typed.lines]))
    rows = {code: work.session.scalars(select(Item).where(Item.code == code)).one_or_none() for code in codes}
    for code, row in rows.items():
        if row is None:
            raise NotFound(kind="item", key=code[:60])
    node, sender = here(work), Name(typed.sender)
    office = typed.number.split("-")[1] if typed.number.count("-") > 1 else typed.number[:12]
    known = work.session.scalars(select(Organisation).where(Organisation.code == office)).one_or_none()
    owner = Name(known.name_zh, known.name_en) if known is not None else sender
    units = term_names(work, kind="unit")
    return Carried(
        id=typed.consignment_id,
        number=typed.number,
        order="",
        revision=0,
        node=office,
        node_name=sender,
        demo=node.demo,
        shipped_at=work.now.replace(microsecond=0),
        from_unit=sender,
        from_place=Name(""),
        to_unit=node.name,
        to_place=Name(""),
        to_site="",
        contact="",
        vehicle="",
        driver="",
        incident=Name(""),
        incident_number="",
        items=tuple(carried_item(row, units) for row in rows.values()),
        owners=(CarriedOwner(office, owner, "bureau", "district"),),
        lines=tuple(
            CarriedLine(
                order_position=line.order_position,
                item=codes.index(line.item),
                owner=0,
                lot_id=uuid.uuid5(typed.consignment_id, line.label),
                label=line.label,
                quantity=line.quantity,
                expires_on=line.expires_on,
            )
            for line in typed.lines
        ),
    )


def preview(work: Work, *, carried: Carried) -> Preview:
    """Return what taking a consignment would mean here; nothing is written.

    Raises
    ------
    NotPermitted
    """
    permit(work, "take_paper", At(own=True))
    site = work.session.scalars(select(Site).where(Site.code == carried.to_site)).one_or_none()
    done = work.connection.execute(select(Journal.id).where(Journal.id == taking_id(carried.id))).first()
    return Preview(
        site_id=site.id if site else None,
        site=Name(site.name_zh, site.name_en) if site else None,
        taken=taking(work, consignment_id=carried.id) if done else None,
        known_here=work.session.get(Shipment, carried.id) is not None,
        new_items=tuple(one.name for one in carried.items if item_known(work, one) is None),
        entered_before=() if done else entered_before(work, carried),
    )


def paper_codes(store: Store, actor: Actor, *, kind: str, subject_id: UUID) -> tuple[str, ...]:
    """Return the texts of the codes of a data page ("data_page" or "hand_back"), as they stand on paper.

    Raises
    ------
    NotPermitted, NotFound, EmptyPaper, BadPaperValue, TooMuchToCarry, KeyUnusable
    """
    form = FORMS[kind]

    def gather(work: Work) -> tuple[str, str]:
        subject = work.session.get_one(form.subject, subject_id)
        permit(work, "issue_paper", At(site_id=form.site(work, subject)))
        paper = form.gather(work, subject_id)
        return paper.number, str(getattr(paper, "facts"))  # noqa: B009

    number, facts = store.read(actor, gather)
    return codes_of(CODES[kind], number, json.loads(facts), load_key(store.env.home))
