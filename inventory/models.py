"""The schema on one scroll: declarations only, one section per room, in the order of the floors.

    core/people   node 1-n journal            organisation(parent, division) 1-n account 1-n role_grant
                     |                        login_session  access_log  setting  draft  job
                     |- reverses_id           sign_off(document, account)   paper - paper_series
    catalogue     item - item_pack, norm, term (open code lists)
    places        division(parent) - site(division, organisation, node) -1:n- place(kind, site?, drill?)   travel_pair
    ledger        lot(item, owner, split_from) -1:1?- asset(part_of, mobility)   discrepancy(lot, place)
                  movement(entry, line, lot, from_place -> to_place, quantity, hold?, order_line?)   append-only
                  balance(lot, place, quantity, held, floor, overdrawn, counted_at)   derived, guarded
                  hold(lot, place -> balance; order_line; remaining, used, freed)
    stockpiles    target(item | class, site | organisation, season)
    stocktaking   count(site) - count_line(place, item, lot?) - count_reading(round, quantity, counted_at, by)
    teams         resource -1:1- team | vehicle
    incidents     incident(drill) - incident_site(people, cuts)   request - request_line
    dispatch      problem(sha256) - plan(parent, alternative) - dispatch_order(from_site, to_site) - order_line
                  shipment(id = its transit place, order)   custody(id = its place, incident | due_on, holder)

What every table keeps to:

- Keys are UUIDv7 made by the screen before sending; `Key` is `uuid` on PostgreSQL and 16 bytes on SQLite.
- Quantities are whole numbers of the item's base unit; money is fen, weight grams, volume cm3, coordinates 1e-7 degree.
- `Changed.changed_by_id` names the journal entry that last changed the row: the optimistic lock of screens.
- Foreign keys to `journal` are deferred, because the entry is written last, under the lock on the `node` row.
- `journal.actor_id` and `subject_id` carry no foreign key: an entry of another node names rows this node may not have.
- Closed sets are checked strings; open sets are rows of `term`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from inventory.core.base import Base

UNBOUNDED = -(10**15)
"""The floor of a place that stands for the outside world."""
QUANTITY_MAX = 10**9
"""The largest movement, in base units."""


def one_of(column: str, *values: str) -> CheckConstraint:
    """Close a set of strings."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def entry_key(*, unique: bool = False, **more: Any) -> Any:
    """Return a column that names a journal entry; checked at commit."""
    return mapped_column(ForeignKey("journal.id", deferrable=True, initially="DEFERRED"), unique=unique, **more)


def key_of(table: str, **more: Any) -> Any:
    """Return a column that names a row of `table`."""
    return mapped_column(ForeignKey(f"{table}.id"), **more)


def words(length: int, **more: Any) -> Any:
    """Return a text column; the length is checked on SQLite too (see the end of this file)."""
    return mapped_column(String(length), **more)


class Changed:
    """Rows that have a state: which entry changed them last."""

    changed_by_id: Mapped[UUID] = mapped_column(
        ForeignKey("journal.id", deferrable=True, initially="DEFERRED"), sort_order=900
    )


# --- people: nodes, the journal, who may do what, papers ----------------------------------------------------------


class Node(Base):
    """A machine that keeps its own journal: the district's, or a town's that works without the network."""

    __tablename__ = "node"
    __table_args__ = (one_of("state", "active", "lost", "retired"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = words(12, unique=True)
    name_zh: Mapped[str] = words(40)
    name_en: Mapped[str | None] = words(60)
    here: Mapped[bool]
    demo: Mapped[bool] = mapped_column(default=False)
    public_key: Mapped[bytes | None]
    state: Mapped[str] = words(12, default="active")
    last_sequence: Mapped[int] = mapped_column(default=0)
    head: Mapped[bytes]
    clock: Mapped[int] = mapped_column(default=0)


class Journal(Base):
    """What was done 办理日志: document, audit trail, idempotency register and chain link at once. Append-only."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("node_id", "sequence", name="uq_journal_node_sequence"),
        CheckConstraint("sequence > 0", name="sequence_positive"),
        CheckConstraint(
            "length(fingerprint) = 32 AND length(previous) = 32 AND length(hash) = 32", name="digest_length"
        ),
        Index("ix_journal_subject", "subject_id", "occurred_at"),
        Index("ix_journal_incident", "incident_id", "occurred_at"),
        Index("ix_journal_occurred", "occurred_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[UUID] = key_of("node")
    sequence: Mapped[int]
    kind: Mapped[str] = words(40)
    actor_id: Mapped[UUID | None]
    via: Mapped[str] = words(12)
    subject_id: Mapped[UUID | None]
    incident_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("journal.id"), unique=True)
    occurred_at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime]
    arrived_at: Mapped[dt.datetime]
    clock: Mapped[int]
    fingerprint: Mapped[bytes]
    facts: Mapped[bytes]
    drill: Mapped[bool] = mapped_column(default=False)
    algorithm: Mapped[str] = words(8, default="sha256")
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class Organisation(Changed, Base):
    """A unit 单位: owns stock, keeps sites, employs people."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("level", "city", "district", "town", "village", "unit"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = words(24, unique=True)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str | None] = words(120)
    kind: Mapped[str] = words(24)
    level: Mapped[str] = words(12)
    parent_id: Mapped[UUID | None] = key_of("organisation")
    division_id: Mapped[UUID | None] = key_of("division", index=True)
    phone: Mapped[str | None] = words(40)
    demo: Mapped[bool] = mapped_column(default=False)


class Account(Changed, Base):
    """A person who can sign in."""

    __tablename__ = "account"
    __table_args__ = (one_of("state", "active", "closed"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = words(40, unique=True)
    name_zh: Mapped[str] = words(40)
    name_en: Mapped[str | None] = words(60)
    organisation_id: Mapped[UUID] = key_of("organisation")
    phone: Mapped[str | None] = words(40)
    password_hash: Mapped[str | None] = words(160)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = words(8)
    demo: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = words(12, default="active")


class RoleGrant(Changed, Base):
    """A role within a scope: the district, a division (a town with its villages), an organisation, or one site."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of(
            "role",
            "requester",
            "clerk",
            "keeper",
            "duty",
            "commander",
            "team_leader",
            "comms",
            "manager",
            "auditor",
            "system_admin",
            "security_admin",
            "api",
        ),
        CheckConstraint(
            "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN division_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN site_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_scope",
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = key_of("account", index=True)
    role: Mapped[str] = words(20)
    organisation_id: Mapped[UUID | None] = key_of("organisation")
    division_id: Mapped[UUID | None] = key_of("division")
    site_id: Mapped[UUID | None] = key_of("site")
    from_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime | None]


class LoginSession(Base):
    """A signed-in browser; only the sha256 of its token is kept."""

    __tablename__ = "login_session"
    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = key_of("account", index=True)
    opened_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    idle_until_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    address: Mapped[str] = words(64)


class AccessLog(Base):
    """Sign-ins, refused actions, views of personal data: append-only, of this node only."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_login", "login", "at"), Index("ix_access_log_at", "at"))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    account_id: Mapped[UUID | None]
    login: Mapped[str] = words(40)
    action: Mapped[str] = words(40)
    subject_id: Mapped[UUID | None]
    outcome: Mapped[str] = words(40)
    address: Mapped[str] = words(64)


class SignOff(Base):
    """Who handled a document in which capacity 经手: the unique index is the four-eyes rule."""

    __tablename__ = "sign_off"
    __table_args__ = (
        one_of(
            "role",
            "requester",
            "approver",
            "recorder",
            "keeper",
            "checker",
            "receiver",
            "counter",
            "recounter",
            "appraiser",
        ),
        CheckConstraint("(verbal_by IS NULL) = (paper_due_at IS NULL)", name="verbal_has_clock"),
        Index(
            "uq_sign_off_four_eyes",
            "document_id",
            "account_id",
            unique=True,
            sqlite_where=text("override_reason IS NULL"),
            postgresql_where=text("override_reason IS NULL"),
        ),
        Index(
            "ix_sign_off_paper_due",
            "paper_due_at",
            sqlite_where=text("paper_due_at IS NOT NULL AND paper_entry_id IS NULL"),
            postgresql_where=text("paper_due_at IS NOT NULL AND paper_entry_id IS NULL"),
        ),
    )
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = words(12, primary_key=True)
    entry_id: Mapped[UUID] = entry_key()
    verbal_by: Mapped[str | None] = words(60)
    paper_due_at: Mapped[dt.datetime | None]
    paper_entry_id: Mapped[UUID | None] = entry_key()
    override_reason: Mapped[str | None] = words(200)


class PaperSeries(Base):
    """The last number given out of a kind, node and year; its row lock makes numbers gapless."""

    __tablename__ = "paper_series"
    kind: Mapped[str] = words(24, primary_key=True)
    node_id: Mapped[UUID] = mapped_column(ForeignKey("node.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Paper(Base):
    """An issued paper: its data, never changed; a change is a revision."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("kind", "node_id", "year", "sequence", "revision", name="uq_paper_number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = words(24)
    node_id: Mapped[UUID] = key_of("node")
    year: Mapped[int]
    sequence: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = words(40, index=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    data: Mapped[bytes]
    sha256_pdf: Mapped[bytes | None]
    signature: Mapped[bytes | None]
    chain_sequence: Mapped[int]
    chain_head: Mapped[bytes]
    issued_by_id: Mapped[UUID] = entry_key()
    issued_at: Mapped[dt.datetime]
    voided_by_id: Mapped[UUID | None] = entry_key()
    code: Mapped[str | None] = words(12, index=True)
    sha256_pdf_en: Mapped[bytes | None]
    sha256_pdf_both: Mapped[bytes | None]


class Setting(Changed, Base):
    """An editable figure with its source; `scope_id` empty (all zeros) means everywhere."""

    __tablename__ = "setting"
    __table_args__ = (one_of("confidence", "confirmed", "secondary", "estimate", "own"),)
    key: Mapped[str] = words(60, primary_key=True)
    scope_id: Mapped[UUID] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = words(24)
    source: Mapped[str] = words(200)
    confidence: Mapped[str] = words(12)


class Draft(Base):
    """What a person has typed and not yet sent; its id is the id of the coming entry."""

    __tablename__ = "draft"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = words(40)
    account_id: Mapped[UUID] = key_of("account", index=True)
    subject_id: Mapped[UUID | None]
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[dt.datetime]


class Job(Base):
    """Long work in the background: a plan being computed, a large export."""

    __tablename__ = "job"
    __table_args__ = (one_of("state", "waiting", "running", "done", "failed", "cancelled"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = words(40)
    account_id: Mapped[UUID | None] = key_of("account")
    state: Mapped[str] = words(12)
    progress: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[dt.datetime]
    heartbeat_at: Mapped[dt.datetime | None]


# --- catalogue: what there is -------------------------------------------------------------------------------------


class Item(Changed, Base):
    """A kind of goods 物资品种. `unit` (a term) is the base unit; it cannot change once a lot of it has moved."""

    __tablename__ = "item"
    __table_args__ = (
        one_of("tracking", "lot", "expiry", "serial", "bulk"),
        CheckConstraint("gb_code IS NULL OR length(gb_code) = 7", name="gb_code_shape"),
        CheckConstraint("weight_g >= 0 AND volume_cm3 >= 0", name="size_not_negative"),
        CheckConstraint("minimum_life_days >= 0", name="life_not_negative"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = words(24, unique=True)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str | None] = words(120)
    name_pinyin: Mapped[str] = words(160, default="")
    gb_code: Mapped[str | None] = words(7)
    unit: Mapped[str] = words(24)
    tracking: Mapped[str] = words(12)
    major_class: Mapped[int]
    domain: Mapped[str] = words(1)
    return_class: Mapped[str] = words(24)
    weight_g: Mapped[int] = mapped_column(default=0)
    volume_cm3: Mapped[int] = mapped_column(default=0)
    whole_packs: Mapped[bool] = mapped_column(default=False)
    minimum_life_days: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = words(200, default="")
    confidence: Mapped[str] = words(12, default="estimate")


class ItemPack(Changed, Base):
    """A pack of an item: `factor` base units, more than one."""

    __tablename__ = "item_pack"
    __table_args__ = (
        UniqueConstraint("item_id", "factor", name="uq_item_pack_factor"),
        CheckConstraint("factor > 1", name="factor_above_one"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = key_of("item")
    factor: Mapped[int]
    name_zh: Mapped[str] = words(24)
    name_en: Mapped[str | None] = words(24)
    barcode: Mapped[str | None] = words(40, unique=True)


class Norm(Changed, Base):
    """What people need of an item: `quantity_milli` thousandths of a base unit per `per_persons` persons and period."""

    __tablename__ = "norm"
    __table_args__ = (
        one_of("period", "once", "day", "week", "month"),
        one_of("season", "all", "cold", "warm"),
        one_of("confidence", "confirmed", "secondary", "estimate", "own"),
        CheckConstraint("quantity_milli > 0 AND per_persons > 0", name="positive"),
        CheckConstraint("priority BETWEEN 0 AND 2", name="priority_range"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = words(24, unique=True)
    item_id: Mapped[UUID] = key_of("item", index=True)
    hazard: Mapped[str] = words(24, default="any")
    quantity_milli: Mapped[int]
    per_persons: Mapped[int]
    period: Mapped[str] = words(8)
    season: Mapped[str] = words(8, default="all")
    priority: Mapped[int] = mapped_column(default=1)
    basis_zh: Mapped[str] = words(200)
    basis_en: Mapped[str] = words(200)
    source: Mapped[str] = words(200)
    confidence: Mapped[str] = words(12)
    active: Mapped[bool] = mapped_column(default=True)


class Term(Changed, Base):
    """One code of an open list (unit, movement reason, hazard, capability, kind of kit): a district may add its own."""

    __tablename__ = "term"
    kind: Mapped[str] = words(24, primary_key=True)
    code: Mapped[str] = words(24, primary_key=True)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str] = words(80)
    source: Mapped[str] = words(200, default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


# --- places: where things and people are --------------------------------------------------------------------------


class Division(Changed, Base):
    """An administrative division 行政区划: district, town or subdistrict, village or community."""

    __tablename__ = "division"
    __table_args__ = (one_of("level", "district", "town", "subdistrict", "village", "community"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = words(12, unique=True)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str | None] = words(120)
    name_pinyin: Mapped[str] = words(160, default="")
    parent_id: Mapped[UUID | None] = key_of("division", index=True)
    level: Mapped[str] = words(12)
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    point_quality: Mapped[str] = words(24, default="")
    population: Mapped[int | None]
    source: Mapped[str] = words(200, default="")


class Site(Changed, Base):
    """A real place with an address: store, supply point, shelter, forward point, team base, scene, village."""

    __tablename__ = "site"
    __table_args__ = (
        one_of("kind", "store", "point", "shelter", "forward", "team_base", "scene", "village", "office"),
        one_of("entered_as", "wgs84", "gcj02", "bd09", "map"),
        CheckConstraint("ready_minutes >= 0", name="ready_not_negative"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_whole"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = words(24, unique=True)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str | None] = words(120)
    name_pinyin: Mapped[str] = words(160, default="")
    kind: Mapped[str] = words(12)
    division_id: Mapped[UUID] = key_of("division", index=True)
    organisation_id: Mapped[UUID] = key_of("organisation", index=True)
    node_id: Mapped[UUID] = key_of("node")
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    entered_as: Mapped[str] = words(8, default="wgs84")
    point_quality: Mapped[str] = words(24, default="")
    address: Mapped[str] = words(120, default="")
    contact: Mapped[str] = words(60, default="")
    phone: Mapped[str] = words(40, default="")
    ready_minutes: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str] = words(12, default="own")
    closed: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False)


class Place(Base):
    """Whatever stock can stand in 位置: a bin, a consignment, a receiver's custody, the supplier, lost and found."""

    __tablename__ = "place"
    __table_args__ = (
        one_of(
            "kind",
            "bin",
            "staging",
            "quarantine",
            "supplier",
            "transit",
            "custody",
            "returning",
            "consumed",
            "scrap",
            "lost_found",
            "conversion",
            "drill",
        ),
        CheckConstraint("(kind IN ('bin', 'staging', 'quarantine')) = (site_id IS NOT NULL)", name="real_has_site"),
        CheckConstraint(f"floor IN (0, {UNBOUNDED})", name="floor_known"),
        UniqueConstraint("site_id", "code", name="uq_place_site_code"),
        Index("ix_place_site_kind", "site_id", "kind"),
        Index("ix_place_kind_open", "kind", "open"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = words(12)
    code: Mapped[str] = words(40)
    site_id: Mapped[UUID | None] = key_of("site")
    node_id: Mapped[UUID | None] = key_of("node")
    drill_id: Mapped[UUID | None] = key_of("incident")
    floor: Mapped[int] = mapped_column(default=0)
    open: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[UUID] = entry_key()


class TravelPair(Base):
    """Minutes from site to site by a mode; NULL = unreachable. Estimates say so in `source`."""

    __tablename__ = "travel_pair"
    from_site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    to_site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    mode: Mapped[str] = words(12, primary_key=True)
    minutes: Mapped[int | None]
    source: Mapped[str] = words(40)
    changed_by_id: Mapped[UUID] = entry_key()


# --- ledger: what stands where, and how it came there -------------------------------------------------------------


class Lot(Changed, Base):
    """A batch of one item with one owner 批次; keeper is the site's organisation, decider stands on the order."""

    __tablename__ = "lot"
    __table_args__ = (
        one_of("channel", "own", "entrusted"),
        one_of("source", "purchase", "donation", "allotted", "requisition", "opening", "found"),
        CheckConstraint("blocked IS NULL OR blocked IN ('recalled', 'on_hold')", name="blocked_known"),
        Index("ix_lot_item_expires", "item_id", "expires_on"),
        Index(
            "ix_lot_expires",
            "expires_on",
            sqlite_where=text("expires_on IS NOT NULL"),
            postgresql_where=text("expires_on IS NOT NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str] = words(10, unique=True)
    item_id: Mapped[UUID] = key_of("item")
    owner_id: Mapped[UUID] = key_of("organisation")
    batch: Mapped[str] = words(60, default="")
    made_on: Mapped[dt.date | None] = mapped_column(Date)
    expires_on: Mapped[dt.date | None] = mapped_column(Date)
    entered_on: Mapped[dt.date] = mapped_column(Date)
    spec: Mapped[str] = words(120, default="")
    origin: Mapped[str] = words(80, default="")
    quality: Mapped[str] = words(40, default="")
    source: Mapped[str] = words(12)
    source_name: Mapped[str] = words(80, default="")
    fund: Mapped[str] = words(60, default="")
    channel: Mapped[str] = words(12, default="own")
    unit_price_fen: Mapped[int | None]
    blocked: Mapped[str | None] = words(12)
    split_from_id: Mapped[UUID | None] = key_of("lot")


class Asset(Changed, Base):
    """A device 装备: a lot of one, with what makes it usable."""

    __tablename__ = "asset"
    __table_args__ = (
        one_of("condition", "serviceable", "limited", "unserviceable", "awaiting_inspection", "retired"),
        one_of("mobility", "portable", "vehicle", "fixed"),
    )
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    label: Mapped[str] = words(10, unique=True)
    serial_number: Mapped[str] = words(60, default="")
    kind: Mapped[str] = words(24)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str | None] = words(120)
    part_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset.lot_id"))
    condition: Mapped[str] = words(24, default="serviceable")
    mobility: Mapped[str] = words(12, default="portable")
    home_site_id: Mapped[UUID | None] = key_of("site")
    custodian: Mapped[str] = words(60, default="")
    number: Mapped[str] = words(40, default="")
    card_expires_on: Mapped[dt.date | None] = mapped_column(Date)
    runtime_minutes: Mapped[int | None]
    independent_of_network: Mapped[bool] = mapped_column(default=False)
    independent_of_power: Mapped[bool] = mapped_column(default=False)
    independent_of_road: Mapped[bool] = mapped_column(default=False)
    operator_certificate: Mapped[str | None] = words(24)
    demo: Mapped[bool] = mapped_column(default=False)


class Movement(Base):
    """So many base units of a lot went from one place to another. Never changed, never deleted."""

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint(f"quantity BETWEEN 1 AND {QUANTITY_MAX}", name="quantity_range"),
        CheckConstraint("from_place_id <> to_place_id", name="places_differ"),
        Index("ix_movement_lot_occurred", "lot_id", "occurred_at"),
        Index(
            "ix_movement_hold",
            "hold_id",
            sqlite_where=text("hold_id IS NOT NULL"),
            postgresql_where=text("hold_id IS NOT NULL"),
        ),
        Index(
            "ix_movement_order_line",
            "order_line_id",
            sqlite_where=text("order_line_id IS NOT NULL"),
            postgresql_where=text("order_line_id IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )
    entry_id: Mapped[UUID] = mapped_column(
        ForeignKey("journal.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID] = key_of("lot")
    from_place_id: Mapped[UUID] = key_of("place")
    to_place_id: Mapped[UUID] = key_of("place")
    quantity: Mapped[int]
    reason: Mapped[str] = words(24)
    occurred_at: Mapped[dt.datetime]
    hold_id: Mapped[UUID | None] = key_of("hold")
    order_line_id: Mapped[UUID | None] = key_of("order_line")


class Balance(Base):
    """What the movements add up to, kept beside them so that it can be guarded and read at once."""

    __tablename__ = "balance"
    __table_args__ = (
        CheckConstraint("held >= 0 AND overdrawn >= 0 AND floor <= 0", name="signs"),
        CheckConstraint("quantity - held >= floor - overdrawn", name="never_oversold"),
        Index("ix_balance_place", "place_id", "lot_id"),
    )
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id"), primary_key=True)
    quantity: Mapped[int]
    held: Mapped[int] = mapped_column(default=0, server_default="0")
    floor: Mapped[int] = mapped_column(default=0, server_default="0")
    overdrawn: Mapped[int] = mapped_column(default=0, server_default="0")
    counted_at: Mapped[dt.datetime | None]


class Hold(Base):
    """Stock set aside for an order line 预留, made at approval. `remaining + used + freed = quantity`."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND remaining >= 0 AND used >= 0 AND freed >= 0", name="signs"),
        CheckConstraint("remaining + used + freed = quantity", name="accounted"),
        ForeignKeyConstraint(["lot_id", "place_id"], ["balance.lot_id", "balance.place_id"], name="fk_hold_balance"),
        Index(
            "ix_hold_balance",
            "lot_id",
            "place_id",
            sqlite_where=text("remaining > 0"),
            postgresql_where=text("remaining > 0"),
        ),
        Index(
            "ix_hold_expires", "expires_at", sqlite_where=text("remaining > 0"), postgresql_where=text("remaining > 0")
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID]
    place_id: Mapped[UUID]
    order_line_id: Mapped[UUID | None] = key_of("order_line", index=True)
    quantity: Mapped[int]
    remaining: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    freed: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[dt.datetime | None]
    made_by_id: Mapped[UUID] = entry_key()


class Discrepancy(Base):
    """What does not agree and waits for somebody: short or damaged on receipt, overdrawn by a merge."""

    __tablename__ = "discrepancy"
    __table_args__ = (
        one_of("kind", "short", "damaged", "over", "overdrawn", "hold_broken"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index(
            "ix_discrepancy_open",
            "place_id",
            sqlite_where=text("resolved_by_id IS NULL"),
            postgresql_where=text("resolved_by_id IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = words(12)
    lot_id: Mapped[UUID] = key_of("lot")
    place_id: Mapped[UUID] = key_of("place")
    quantity: Mapped[int]
    note: Mapped[str] = words(200, default="")
    opened_by_id: Mapped[UUID] = entry_key()
    resolved_by_id: Mapped[UUID | None] = entry_key()


# --- stockpiles: how much there should be -------------------------------------------------------------------------


class Target(Changed, Base):
    """How much of an item (or class) a site or organisation should hold; kind `reserve` is kept back by the planner."""

    __tablename__ = "target"
    __table_args__ = (
        one_of("kind", "reserve", "minimum", "standard"),
        one_of("season", "all", "flood", "fire", "cold"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        Index("ix_target_site_item", "site_id", "item_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID | None] = key_of("item")
    class_code: Mapped[str | None] = words(24)
    site_id: Mapped[UUID | None] = key_of("site")
    organisation_id: Mapped[UUID | None] = key_of("organisation")
    season: Mapped[str] = words(8, default="all")
    kind: Mapped[str] = words(12)
    quantity: Mapped[int]
    source: Mapped[str] = words(200)
    confidence: Mapped[str] = words(12)


# --- stocktaking: what is really there ----------------------------------------------------------------------------


class Count(Changed, Base):
    """A stock count 盘点 of a site, blind by its data: `count_line.book` is empty until it is posted."""

    __tablename__ = "count"
    __table_args__ = (
        one_of("kind", "whole", "cycle", "spot", "first"),
        one_of("state", "planned", "open", "review", "approved", "posted", "cancelled"),
        Index("ix_count_site_state", "site_id", "state"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = words(40, unique=True)
    site_id: Mapped[UUID] = key_of("site")
    scope: Mapped[str] = mapped_column(Text, default="{}")
    kind: Mapped[str] = words(8)
    blind: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = words(12)
    opened_at: Mapped[dt.datetime]
    caused_by_id: Mapped[UUID | None] = key_of("order_line")


class CountLine(Base):
    """One thing to count at one place; `lot_id` is empty for goods found that the book does not know."""

    __tablename__ = "count_line"
    __table_args__ = (
        UniqueConstraint("count_id", "position", name="uq_count_line_position"),
        UniqueConstraint("count_id", "place_id", "lot_id", name="uq_count_line_what"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str] = words(10, unique=True)
    count_id: Mapped[UUID] = key_of("count")
    position: Mapped[int]
    place_id: Mapped[UUID] = key_of("place")
    item_id: Mapped[UUID] = key_of("item")
    lot_id: Mapped[UUID | None] = key_of("lot")
    found: Mapped[str] = words(120, default="")
    recount: Mapped[bool] = mapped_column(default=False)
    reading_id: Mapped[UUID | None]
    book: Mapped[int | None]
    difference: Mapped[int | None]
    reason: Mapped[str | None] = words(24)
    note: Mapped[str] = words(200, default="")


class CountReading(Base):
    """What somebody counted: so many at that moment. Append-only; the last of a round counts."""

    __tablename__ = "count_reading"
    __table_args__ = (
        one_of("way", "screen", "paper", "sheet"),
        CheckConstraint(f"quantity BETWEEN 0 AND {QUANTITY_MAX}", name="quantity_range"),
        CheckConstraint("round BETWEEN 1 AND 9", name="round_range"),
        Index("ix_count_reading_line", "line_id", "round", "counted_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = key_of("count_line")
    round: Mapped[int]
    quantity: Mapped[int]
    packs: Mapped[int | None]
    loose: Mapped[int | None]
    counted_at: Mapped[dt.datetime]
    by_id: Mapped[UUID] = key_of("account")
    way: Mapped[str] = words(8)
    saved_at: Mapped[dt.datetime]


# --- teams: who can go --------------------------------------------------------------------------------------------


class Resource(Changed, Base):
    """A person, team or vehicle that can be sent: in one place at a time."""

    __tablename__ = "resource"
    __table_args__ = (
        one_of("kind", "person", "team", "vehicle"),
        one_of("state", "available", "alerted", "standby", "en_route", "on_site", "resting", "out_of_service"),
        Index("ix_resource_kind_state", "kind", "state"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = words(8)
    code: Mapped[str] = words(24, unique=True)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str | None] = words(120)
    organisation_id: Mapped[UUID] = key_of("organisation")
    home_site_id: Mapped[UUID] = key_of("site")
    state: Mapped[str] = words(16)
    note: Mapped[str] = words(120, default="")
    demo: Mapped[bool] = mapped_column(default=False)


class Team(Base):
    """What a rescue team 救援队伍 can do and how fast it assembles."""

    __tablename__ = "team"
    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    discipline: Mapped[str] = words(24)
    level: Mapped[int]
    legal_kind: Mapped[str] = words(24)
    people: Mapped[int]
    assembly_local_minutes: Mapped[int]
    assembly_away_minutes: Mapped[int | None]
    endurance_hours: Mapped[int | None]
    leader: Mapped[str] = words(60, default="")
    phone: Mapped[str] = words(40, default="")


class Vehicle(Base):
    """A vehicle 车辆 with what it can carry."""

    __tablename__ = "vehicle"
    __table_args__ = (one_of("mode", "truck", "light_truck", "off_road", "van", "boat", "foot"),)
    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    plate: Mapped[str] = words(16, unique=True)
    mode: Mapped[str] = words(12)
    payload_g: Mapped[int]
    volume_cm3: Mapped[int]
    driver: Mapped[str] = words(60, default="")
    phone: Mapped[str] = words(40, default="")


# --- incidents: what has happened and what is needed --------------------------------------------------------------


class Incident(Changed, Base):
    """An emergency 突发事件 (or a drill of one)."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("state", "draft", "active", "demobilizing", "reconciling", "closed", "cancelled"),
        CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),
        Index("ix_incident_state", "state", "began_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = words(40, unique=True)
    name_zh: Mapped[str] = words(80)
    name_en: Mapped[str | None] = words(120)
    hazard: Mapped[str] = words(24)
    level: Mapped[int]
    division_id: Mapped[UUID] = key_of("division")
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    state: Mapped[str] = words(16)
    drill: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[dt.datetime]
    note: Mapped[str] = words(400, default="")
    closed_by_id: Mapped[UUID | None] = entry_key()
    demo: Mapped[bool] = mapped_column(default=False)


class IncidentSite(Changed, Base):
    """A place of an incident where people are: how many, and which of network, power and road are cut."""

    __tablename__ = "incident_site"
    __table_args__ = (
        UniqueConstraint("incident_id", "site_id", name="uq_incident_site"),
        CheckConstraint("people >= 0 AND households >= 0", name="people_not_negative"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = key_of("incident")
    site_id: Mapped[UUID] = key_of("site")
    people: Mapped[int]
    households: Mapped[int] = mapped_column(default=0)
    cut_network: Mapped[bool] = mapped_column(default=False)
    cut_power: Mapped[bool] = mapped_column(default=False)
    cut_road: Mapped[bool] = mapped_column(default=False)
    since_at: Mapped[dt.datetime]


class Request(Changed, Base):
    """A request for supplies 需求申请单: states P07's six facts."""

    __tablename__ = "request"
    __table_args__ = (
        one_of("kind", "incident", "replenish", "preposition"),
        one_of(
            "state",
            "draft",
            "submitted",
            "returned",
            "rejected",
            "approved",
            "in_fulfilment",
            "fulfilled",
            "closed",
            "cancelled",
        ),
        Index("ix_request_state", "state", "needed_by"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = words(40, unique=True)
    incident_id: Mapped[UUID | None] = key_of("incident", index=True)
    kind: Mapped[str] = words(12)
    asker_id: Mapped[UUID] = key_of("organisation")
    asked_id: Mapped[UUID] = key_of("organisation")
    deliver_site_id: Mapped[UUID] = key_of("site")
    days: Mapped[int] = mapped_column(default=3)
    needed_by: Mapped[dt.datetime | None]
    own_total: Mapped[str] = mapped_column(Text, default="{}")
    own_used: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = words(16)
    note: Mapped[str] = words(400, default="")
    escalates_id: Mapped[UUID | None] = key_of("request")


class RequestLine(Changed, Base):
    """One need of a request, with the arithmetic it came from in `basis`."""

    __tablename__ = "request_line"
    __table_args__ = (
        one_of("kind", "item", "team", "kit"),
        CheckConstraint("priority BETWEEN 0 AND 2", name="priority_range"),
        CheckConstraint(f"quantity BETWEEN 1 AND {QUANTITY_MAX}", name="quantity_range"),
        CheckConstraint("approved >= 0 AND cancelled >= 0 AND ordered >= 0", name="signs"),
        CheckConstraint("approved <= quantity", name="approved_within"),
        CheckConstraint("over_reason IS NOT NULL OR ordered <= approved", name="ordered_within"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('filled', 'partial', 'unable', 'substituted', 'cancelled')",
            name="outcome_known",
        ),
        Index("ix_request_line_request", "request_id", "position"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = key_of("request")
    position: Mapped[int]
    kind: Mapped[str] = words(8, default="item")
    item_id: Mapped[UUID | None] = key_of("item")
    capability: Mapped[str | None] = words(24)
    level: Mapped[int | None]
    cuts: Mapped[str | None] = words(24)
    hours: Mapped[int | None]
    site_id: Mapped[UUID] = key_of("site")
    quantity: Mapped[int]
    priority: Mapped[int]
    deadline_at: Mapped[dt.datetime | None]
    use_until: Mapped[dt.date | None] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(Text, default="{}")
    approved: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    ordered: Mapped[int] = mapped_column(default=0)
    over_reason: Mapped[str | None] = words(200)
    outcome: Mapped[str | None] = words(12)


# --- dispatch: from the plan to the last receipt ------------------------------------------------------------------


class Problem(Base):
    """The frozen question a plan answers: an `inventory-scenario/1` file, zlib, and what had been seen by then."""

    __tablename__ = "problem"
    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    seen: Mapped[str] = mapped_column(Text)
    made_at: Mapped[dt.datetime]


class Plan(Changed, Base):
    """A dispatch plan 调拨方案: a frozen `inventory-plan/1` file with a state."""

    __tablename__ = "plan"
    __table_args__ = (
        one_of(
            "state",
            "computing",
            "proposed",
            "submitted",
            "approved",
            "done",
            "failed",
            "cancelled",
            "rejected",
            "superseded",
            "expired",
        ),
        one_of("alternative", "fastest", "fewest", "reserves", "edited"),
        Index("ix_plan_request", "request_id", "state"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = key_of("request")
    problem_sha256: Mapped[bytes] = mapped_column(ForeignKey("problem.sha256"))
    alternative: Mapped[str] = words(12)
    parent_id: Mapped[UUID | None] = key_of("plan")
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = words(12)
    body: Mapped[bytes]
    certified: Mapped[bool]
    checked_at: Mapped[dt.datetime]
    seed: Mapped[int] = mapped_column(default=0)
    versions: Mapped[str] = mapped_column(Text, default="{}")


class DispatchOrder(Changed, Base):
    """A dispatch order 调拨单: one sender, one receiver. Owner on the lot, keeper at the site, decider here."""

    __tablename__ = "dispatch_order"
    __table_args__ = (
        one_of(
            "state",
            "issued",
            "acknowledged",
            "picking",
            "picked",
            "checked",
            "shipped",
            "delivered",
            "closed",
            "declined",
            "cancelled",
            "recalled",
            "returned",
            "lost",
        ),
        Index("ix_dispatch_order_site", "from_site_id", "state"),
        Index("ix_dispatch_order_due", "state", "due_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = words(40, unique=True)
    plan_id: Mapped[UUID | None] = key_of("plan", index=True)
    request_id: Mapped[UUID | None] = key_of("request", index=True)
    incident_id: Mapped[UUID | None] = key_of("incident", index=True)
    decider_id: Mapped[UUID] = key_of("organisation")
    from_site_id: Mapped[UUID] = key_of("site")
    to_site_id: Mapped[UUID] = key_of("site")
    receiver_id: Mapped[UUID] = key_of("organisation")
    contact: Mapped[str] = words(100, default="")
    mode: Mapped[str] = words(12, default="truck")
    state: Mapped[str] = words(16)
    revision: Mapped[int] = mapped_column(default=0)
    issued_at: Mapped[dt.datetime]
    depart_at: Mapped[dt.datetime | None]
    due_at: Mapped[dt.datetime | None]
    replaces_id: Mapped[UUID | None] = key_of("dispatch_order")


class OrderLine(Base):
    """One item of an order. `shipped` and `received` are derived from movements and guarded here."""

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("0 <= received AND received <= shipped AND shipped <= quantity", name="chain"),
        CheckConstraint("closed_short >= 0 AND shipped + closed_short <= quantity", name="closed_short_within"),
        UniqueConstraint("order_id", "position", name="uq_order_line_position"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = key_of("dispatch_order")
    position: Mapped[int]
    request_line_id: Mapped[UUID | None] = key_of("request_line", index=True)
    item_id: Mapped[UUID | None] = key_of("item")
    resource_id: Mapped[UUID | None] = key_of("resource")
    quantity: Mapped[int]
    shipped: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(default=0)
    closed_short: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(Text, default="{}")


class Shipment(Changed, Base):
    """A consignment 运输单 on the way; its id is the id of its transit place."""

    __tablename__ = "shipment"
    __table_args__ = (
        one_of(
            "state",
            "loading",
            "in_transit",
            "arrived",
            "handed_over",
            "broken_down",
            "rerouted",
            "lost",
            "returning",
            "returned",
        ),
        Index("ix_shipment_state", "state", "eta_at"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey("place.id"), primary_key=True)
    order_id: Mapped[UUID] = key_of("dispatch_order", index=True)
    number: Mapped[str] = words(40, unique=True)
    vehicle_id: Mapped[UUID | None] = key_of("vehicle")
    plate: Mapped[str] = words(16, default="")
    driver: Mapped[str] = words(60, default="")
    phone: Mapped[str] = words(40, default="")
    mode: Mapped[str] = words(12, default="truck")
    route: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = words(16)
    departed_at: Mapped[dt.datetime | None]
    eta_at: Mapped[dt.datetime | None]
    arrived_at: Mapped[dt.datetime | None]


class Custody(Changed, Base):
    """What a receiver answers for 领用台账, of an incident or until a day; its id is the id of its place."""

    __tablename__ = "custody"
    __table_args__ = (CheckConstraint("incident_id IS NOT NULL OR due_on IS NOT NULL", name="has_reason"),)
    id: Mapped[UUID] = mapped_column(ForeignKey("place.id"), primary_key=True)
    incident_id: Mapped[UUID | None] = key_of("incident", index=True)
    holder_id: Mapped[UUID] = key_of("organisation")
    site_id: Mapped[UUID] = key_of("site")
    contact: Mapped[str] = words(60, default="")
    due_on: Mapped[dt.date | None] = mapped_column(Date)


# --- what the database itself must refuse -------------------------------------------------------------------------

APPEND_ONLY: tuple[str, ...] = ("journal", "movement", "count_reading", "access_log", "problem")
"""Tables whose rows never change and never go."""

FROZEN_COLUMNS: dict[str, tuple[str, ...]] = {
    "plan": ("body", "problem_sha256", "request_id"),
    "paper": ("kind", "node_id", "year", "sequence", "revision", "number", "subject_id", "data", "signature", "code"),
    "lot": ("item_id",),
    "count_line": ("count_id", "place_id", "item_id"),
}
"""Columns that are written once; the rest of the row may change."""

INTEGER_TABLES: tuple[str, ...] = ("movement", "balance", "hold", "order_line", "count_reading")
"""Tables whose whole numbers SQLite is told to check, since it takes any value into any column."""


def _checks_for_sqlite() -> None:
    """SQLite ignores VARCHAR(n) and column types: the same rules as CHECKs, so that both databases refuse the same."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String) and column.type.length:
                table.append_constraint(
                    CheckConstraint(f"length({column.name}) <= {column.type.length}", name=f"{column.name}_length")
                )
            if table.name in INTEGER_TABLES and isinstance(column.type, BigInteger):
                whole = f"typeof({column.name}) IN ('integer', 'null')"
                table.append_constraint(CheckConstraint(whole, name=f"{column.name}_whole").ddl_if(dialect="sqlite"))


_checks_for_sqlite()
