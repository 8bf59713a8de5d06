"""A district of two sites, four items and three people, just large enough for a stock list."""

from __future__ import annotations

from uuid import UUID

from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.models import (
    UNBOUNDED,
    Account,
    Division,
    Item,
    ItemPack,
    Node,
    Organisation,
    Place,
    RoleGrant,
    Site,
    Term,
)
from inventory.people.journal import GENESIS, begin, finish
from inventory.people.rules import At

CLERK = Actor(UUID(int=0xA1), "clerk", "import")
OUTSIDER = Actor(UUID(int=0xA2), "outsider", "import")
NEIGHBOUR = Actor(UUID(int=0xA3), "neighbour", "import")
SITE, OTHER_SITE, PROMISE = UUID(int=0x51), UUID(int=0x52), UUID(int=0x53)
_ORGANISATION = UUID(int=0x01)


def found(store: Store) -> None:
    """Found the district in an empty database."""
    store.write(SYSTEM, _found)


def _found(work: Work) -> None:
    node = Node(
        id=UUID(int=0x10),
        code="WS",
        name_zh="\u4e07\u76db",
        name_en="Wansheng",
        here=True,
        head=GENESIS,
        public_key=None,
    )
    work.session.add(node)
    work.session.flush()
    deed = begin(work, id=work.env.new_id(), kind="found_district", asked={}, at=At())
    entry = {"changed_by_id": deed.id}
    work.session.add_all(
        [
            Organisation(
                id=_ORGANISATION, code="WS-YJ", name_zh="\u5e94\u6025\u5c40", kind="bureau", level="district", **entry
            ),
            Division(id=UUID(int=0x02), code="500110", name_zh="\u4e07\u76db", level="district", **entry),
            Term(kind="unit", code="ding", name_zh="\u9876", name_en="tent", **entry),
            Term(kind="unit", code="ping", name_zh="\u74f6", name_en="bottle", **entry),
            Place(
                id=UUID(int=0x60),
                kind="supplier",
                code="supplier",
                node_id=node.id,
                floor=UNBOUNDED,
                made_by_id=deed.id,
            ),
        ]
    )
    work.session.flush()
    _sites(work, node.id, entry)
    _items(work, entry)
    work.session.add(Place(id=UUID(int=0x61), kind="bin", code="A-01", site_id=SITE, floor=0, made_by_id=deed.id))
    _people(work, entry)
    finish(work, deed, outcome={})


def _sites(work: Work, node_id: UUID, entry: dict[str, UUID]) -> None:
    for id, code, channel in (
        (SITE, "WS-01", "own"),
        (OTHER_SITE, "WS-02", "entrusted"),
        (PROMISE, "WS-03", "contracted"),
    ):
        work.session.add(
            Site(
                id=id,
                code=code,
                name_zh=code,
                kind="store",
                division_id=UUID(int=0x02),
                organisation_id=_ORGANISATION,
                node_id=node_id,
                channel=channel,
                **entry,
            )
        )
    work.session.flush()


def _items(work: Work, entry: dict[str, UUID]) -> None:
    for number, code, zh, unit, tracking in (
        (1, "TENT-12", "\u5e10\u7bf7", "ding", "lot"),
        (2, "WATER", "\u996e\u7528\u6c34", "ping", "expiry"),
        (3, "PHONE", "\u536b\u661f\u7535\u8bdd", "ding", "serial"),
        (4, "TENT-36", "\u5e10\u7bf7", "ding", "lot"),
    ):
        work.session.add(
            Item(
                id=UUID(int=0x30 + number),
                code=code,
                name_zh=zh,
                name_en=code.title(),
                unit=unit,
                tracking=tracking,
                major_class=1,
                domain="A",
                return_class="return",
                **entry,
            )
        )
    work.session.flush()
    pack = ItemPack(id=UUID(int=0x40), item_id=UUID(int=0x32), factor=24, name_zh="\u7bb1", name_en="case", **entry)
    work.session.add(pack)


def _people(work: Work, entry: dict[str, UUID]) -> None:
    for actor, site_id in ((CLERK, None), (OUTSIDER, OTHER_SITE), (NEIGHBOUR, SITE)):
        assert actor.account_id
        work.session.add(
            Account(id=actor.account_id, login=actor.login, name_zh=actor.login, organisation_id=_ORGANISATION, **entry)
        )
        work.session.flush()
        work.session.add(
            RoleGrant(
                id=work.env.new_id(),
                account_id=actor.account_id,
                role="clerk",
                site_id=site_id,
                from_at=work.now,
                **entry,
            )
        )
