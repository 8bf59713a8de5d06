"""Items, norms and shipped tables: what is refused, what stays, and that every figure names its source."""

from __future__ import annotations

import dataclasses
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from inventory.catalogue import commands, queries, rules
from inventory.catalogue.rules import ItemFacts, NormFacts, Pack
from inventory.catalogue.starter import shelf_life_days, starter_items, starter_norms, starter_terms
from inventory.core.errors import BrokenInvariant, NotFound, StalePage
from inventory.core.pinyin import PINYIN_MAX, search_key
from inventory.core.tables import TABLES, read_table
from inventory.core.work import SYSTEM, Actor, Store
from inventory.ledger.commands import GoodsLine, open_bin, receive_goods
from inventory.models import Account, Item, Journal, Organisation, RoleGrant
from inventory.people.rules import NotPermitted
from inventory.places.commands import save_site
from inventory.places.rules import SiteFacts
from inventory.upkeep.founding import Administrator, found_district

QUILT = ItemFacts(code="Q1", name_zh="棉被", name_en="Quilt", unit="chuang", packs=(Pack(10, "包", "bale"),))


@pytest.fixture
def founded(store: Store) -> Store:
    """A founded district with one person who is manager and administrator of everything."""
    store.write(
        SYSTEM,
        lambda work: found_district(
            work,
            id=work.env.new_id(),
            node_code="TT",
            name_zh="试验局",
            division_code="500110",
            administrator=Administrator("admin", "管理员", "no hash"),
        ),
    )

    def grant(work: object) -> None:
        connection, env = work.connection, work.env  # type: ignore[attr-defined]
        account = connection.scalar(select(Account.id))
        entry = connection.scalar(select(Journal.id))
        values = {"id": env.new_id(), "account_id": account, "role": "manager", "changed_by_id": entry}
        connection.execute(insert(RoleGrant).values(values | {"from_at": work.now}))  # type: ignore[attr-defined]

    store.write(SYSTEM, grant)
    return store


def manager(store: Store) -> Actor:
    """Return the one person there is."""
    with store.reading(SYSTEM) as work:
        return Actor(work.connection.scalars(select(Account.id)).one(), "admin")


def save(store: Store, item: ItemFacts, seen: UUID | None = None) -> UUID:
    """Save an item and return its id."""
    done = store.write(
        manager(store), lambda work: commands.save_item(work, id=work.env.new_id(), item=item, seen=seen)
    )
    return UUID(done.outcome["item"])


def test_the_starter_catalogue_is_whole(founded: Store) -> None:
    """122 items come in as one entry with their packs; the same list again changes nothing."""
    wanted = starter_items()
    actor = manager(founded)
    done = founded.write(actor, lambda work: commands.import_items(work, id=work.env.new_id(), items=wanted))
    assert done.outcome == {"new": 122, "changed": 0, "same": 0}
    again = founded.write(actor, lambda work: commands.import_items(work, id=work.env.new_id(), items=wanted))
    assert again.outcome == {"new": 0, "changed": 0, "same": 122}
    heavier = [
        dataclasses.replace(item, weight_g=item.weight_g + 1) if item.code == "T001" else item for item in wanted
    ]
    third = founded.write(actor, lambda work: commands.import_items(work, id=work.env.new_id(), items=heavier))
    assert third.outcome == {"new": 0, "changed": 1, "same": 121}
    with founded.reading(SYSTEM) as work:
        found = {item.code: item for item in queries.items(work)}
        assert len(found) == queries.item_count(work) == 122
        assert [pack.factor for pack in found["T016"].packs] == [60]
        assert all(item.unit_name.zh != item.unit for item in found.values()), "a unit has no name"


def test_items_are_found(founded: Store) -> None:
    """By part of the code, the Chinese or English name, the pinyin or its initials; a percent sign finds nothing."""
    founded.write(
        manager(founded), lambda work: commands.import_items(work, id=work.env.new_id(), items=starter_items())
    )
    with founded.reading(SYSTEM) as work:

        def codes(search: str, **filters: str) -> set[str]:
            return {item.code for item in queries.items(work, search=search, **filters)}

        tents = {"T001", "T002", "T003", "T004", "T005", "T006"}
        assert codes("帐篷") == codes("ZhangPeng") == codes("zhang peng") == tents
        assert codes("mianbei") == codes("mb") & {"T007"} == {"T007"}
        assert codes("t00") >= tents
        assert codes("satellite", domain="C") == {"C001", "C003"}
        assert codes("%") == codes("_") == set()
        assert codes("", tracking="bulk") == {row["code"] for row in read_table("items") if row["tracking"] == "bulk"}


def test_the_unit_stays_once_stock_has_moved(founded: Store) -> None:
    """The base unit can be corrected until a lot came in, and never after."""
    item_id = save(founded, QUILT)
    actor = manager(founded)

    def changed_by(item_id: UUID) -> UUID:
        with founded.reading(SYSTEM) as work:
            return queries.item(work, item_id=item_id).changed_by_id

    save(founded, dataclasses.replace(QUILT, unit="tiao"), seen=changed_by(item_id))
    with founded.reading(SYSTEM) as work:
        organisation_id = work.connection.scalars(select(Organisation.id)).one()
        division_id = work.connection.scalars(select(Organisation.division_id)).one()
    assert division_id is not None
    site = SiteFacts(code="D01", name_zh="仓库", kind="store", division_id=division_id, organisation_id=organisation_id)
    site_id = UUID(founded.write(actor, lambda work: save_site(work, id=work.env.new_id(), site=site)).outcome["site"])
    place_id = UUID(
        founded.write(actor, lambda work: open_bin(work, id=work.env.new_id(), site_id=site_id, code="A01")).outcome[
            "place"
        ]
    )
    founded.write(
        actor,
        lambda work: receive_goods(
            work,
            id=work.env.new_id(),
            site_id=site_id,
            owner_id=organisation_id,
            source="purchase",
            lines=[GoodsLine(item_id, place_id, 40)],
        ),
    )
    seen = changed_by(item_id)
    with pytest.raises(rules.UnitFixed) as refused:
        save(founded, dataclasses.replace(QUILT, unit="jian"), seen=seen)
    assert refused.value.facts == {"item": "Q1", "unit": "tiao", "asked": "jian"}
    renamed = dataclasses.replace(QUILT, unit="tiao", name_zh="厚棉被", packs=())
    save(founded, renamed, seen=seen)
    with founded.reading(SYSTEM) as work:
        kept = queries.item(work, item_id=item_id)
        assert (kept.name.zh, kept.unit, kept.packs) == ("厚棉被", "tiao", ())


def test_a_stale_item_is_refused(founded: Store) -> None:
    """Two screens that saw the same item: the second to save is told; a second new item of one code as well."""
    item_id = save(founded, QUILT)
    with founded.reading(SYSTEM) as work:
        seen = queries.item(work, item_id=item_id).changed_by_id
    save(founded, dataclasses.replace(QUILT, weight_g=3000), seen=seen)
    with pytest.raises(StalePage):
        save(founded, dataclasses.replace(QUILT, weight_g=2900), seen=seen)
    with pytest.raises(StalePage):
        save(founded, QUILT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "棉被"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "A" * 25}, "code"),
        ({"name_zh": ""}, "name_zh"),
        ({"tracking": "magic"}, "tracking"),
        ({"major_class": 4}, "major_class"),
        ({"domain": "X"}, "domain"),
        ({"return_class": "perhaps"}, "return_class"),
        ({"weight_g": -1}, "weight_g"),
        ({"volume_cm3": 10**10}, "volume_cm3"),
        ({"minimum_life_days": -1}, "minimum_life_days"),
        ({"confidence": "sure"}, "confidence"),
        ({"packs": (Pack(1, "个"),)}, "packs"),
        ({"packs": (Pack(10, "包"), Pack(10, "箱"))}, "packs"),
        ({"packs": (), "whole_packs": True}, "whole_packs"),
    ],
)
def test_bad_items_are_refused(change: dict[str, object], field: str) -> None:
    """Each field outside its range is refused and named."""
    with pytest.raises(rules.BadItem) as refused:
        rules.check_item(dataclasses.replace(QUILT, **change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_one_bad_item_stops_the_list(founded: Store) -> None:
    """A list with one wrong item is not taken over at all."""
    items = [QUILT, dataclasses.replace(QUILT, code="Q2", domain="X")]
    with pytest.raises(rules.BadItem):
        founded.write(manager(founded), lambda work: commands.import_items(work, id=work.env.new_id(), items=items))
    with founded.reading(SYSTEM) as work:
        assert queries.item_count(work) == 0


@given(st.integers(1, 3), st.integers(1, 98), st.integers(1, 98), st.integers(1, 98))
def test_gb_codes(major: int, middle: int, small: int, fine: int) -> None:
    """Every code of four levels passes, so do the codes that stop above, and the three residual patterns."""
    for code in (
        f"{major}{middle:02d}{small:02d}{fine:02d}",
        f"{major}{middle:02d}{small:02d}00",
        f"{major}{middle:02d}0000",
        f"{major}000000",
        f"{major}990000",
        f"{major}{middle:02d}9900",
        f"{major}{middle:02d}{small:02d}99",
    ):
        rules.check_gb_code(code, item="X", major_class=major)
        other = major % 3 + 1
        with pytest.raises(rules.BadGbCode):
            rules.check_gb_code(code, item="X", major_class=other)


@pytest.mark.parametrize(
    "code",
    ["", "1", "4010101", "101010", "10101010", "1010a01", "1000100", "1010001", "1990100", "1019901", "１010101"],
)
def test_bad_gb_codes(code: str) -> None:
    """Wrong length, wrong class, a level below an empty or residual one, full-width digits: refused."""
    with pytest.raises(rules.BadGbCode):
        rules.check_gb_code(code, item="X", major_class=1)


def test_gb_major_classes_agree_with_the_table() -> None:
    """The three major classes of the shipped table pass the check."""
    for row in read_table("gbt38565"):
        if row["row_kind"] == "code":
            rules.check_gb_code(row["code"], item="X", major_class=int(row["code"][0]))


def test_norms_name_their_source() -> None:
    """Every norm has its arithmetic in both languages, a source, and an item; what is not read is an estimate."""
    items = {item.code for item in starter_items()}
    quoted = {row["id"]: row for row in read_table("needs_norms")}
    for row, norm in zip(read_table("norms"), starter_norms(), strict=True):
        rules.check_norm(norm)
        assert norm.item_code in items
        if not row["from_norm"]:
            assert norm.confidence == "estimate", norm.code
        else:
            strength = {"confirmed": 2, "secondary": 1, "estimate": 0}
            known = strength[quoted[row["from_norm"]]["confidence"]]
            # Of blankets the first is confirmed, only the second of the cold season is secondary.
            assert strength[norm.confidence] <= known or row["from_norm"] == "BLK", norm.code


def test_the_water_norm_is_exact() -> None:
    """3 L a person and day in cases of 24 x 550 ml: no rounding hides in the figure."""
    water = next(norm for norm in starter_norms() if norm.code == "WATER")
    millilitres = 24 * 550 * water.quantity_milli // 1000
    assert millilitres == 3000 * water.per_persons
    assert water.confidence == "confirmed"


def test_blankets_double_in_the_cold_season() -> None:
    """In the cold season a person gets two pieces of bedding, one otherwise."""

    def pieces(season: str) -> int:
        chosen: dict[str, NormFacts] = {}
        for norm in starter_norms():
            bedding = norm.item_code in {"T007", "T008"} and norm.season in {"all", season}
            if bedding and (norm.item_code not in chosen or norm.season != "all"):
                chosen[norm.item_code] = norm
        return sum(norm.quantity_milli // (1000 * norm.per_persons) for norm in chosen.values())

    assert (pieces("warm"), pieces("cold")) == (1, 2)


def test_a_norm_is_saved_and_guarded(founded: Store) -> None:
    """A norm needs a known item and a source, and is changed only by who saw its last state."""
    save(founded, QUILT)
    norm = NormFacts("N1", "Q1", 1000, 1, "once", "每人 1 床", "1 per person", "own plan", "own")
    actor = manager(founded)

    def put(facts: NormFacts, seen: UUID | None = None) -> None:
        founded.write(actor, lambda work: commands.save_norm(work, id=work.env.new_id(), norm=facts, seen=seen))

    put(norm)
    with founded.reading(SYSTEM) as work:
        seen = queries.norms(work)[0].changed_by_id
    put(dataclasses.replace(norm, quantity_milli=2000), seen)
    with pytest.raises(StalePage):
        put(dataclasses.replace(norm, quantity_milli=3000), seen)
    with pytest.raises(NotFound):
        put(dataclasses.replace(norm, code="N2", item_code="nothing"))
    for change in ({"source": ""}, {"quantity_milli": 0}, {"period": "year"}, {"priority": 3}, {"basis_en": ""}):
        with pytest.raises(rules.BadNorm):
            put(dataclasses.replace(norm, code="N3", **change))  # type: ignore[arg-type]
    with founded.reading(SYSTEM) as work:
        assert [(norm.code, norm.quantity_milli) for norm in queries.norms(work, hazard="flood")] == [("N1", 2000)]


def test_a_stranger_saves_nothing(founded: Store) -> None:
    """Without a role the catalogue cannot be changed."""
    stranger = Actor(UUID(int=7), "nobody")
    with pytest.raises(NotPermitted):
        founded.write(stranger, lambda work: commands.save_item(work, id=work.env.new_id(), item=QUILT))
    with founded.reading(SYSTEM) as work:
        assert work.connection.scalars(select(Item.id)).all() == []


def test_shipped_tables_fit_their_readme() -> None:
    """Every table can be read, is named in the README with its number of rows, and its confidence is known."""
    readme = (TABLES / "README.md").read_text(encoding="utf-8")
    for path in sorted(TABLES.glob("*.csv")):
        rows = read_table(path.stem)
        assert f"| `{path.name}` | {len(rows)} |" in readme, path.name
        if "confidence" in rows[0]:
            known = {"confirmed", "secondary", "estimate"}
            assert {row["confidence"] for row in rows} <= known, path.name


def test_units_and_terms_have_names(founded: Store) -> None:
    """Every unit of the starter catalogue is in the open list that the founding makes; codes of terms stand once."""
    with founded.reading(SYSTEM) as work:
        units = queries.term_names(work, kind="unit")
        assert {item.unit for item in starter_items()} <= units.keys()
        assert queries.name_of(work, kind="unit", code="unheard").zh == "unheard"
        assert [term.code for term in queries.terms(work, kind="hazard")][:2] == ["any", "flood"]
    keys = [(term.kind, term.code) for term in starter_terms()]
    assert len(keys) == len(set(keys))


def test_what_expires_has_a_shelf_life() -> None:
    """Every item tracked by expiry has a shelf life, longer than the life it must still have when it arrives."""
    lives = shelf_life_days()
    for item in starter_items():
        if item.tracking == "expiry":
            assert lives[item.code] > item.minimum_life_days > 0, item.code


def test_a_damaged_table_is_not_read(tmp_path: object) -> None:
    """A row that is shorter or longer than its heading is a damaged file, not an empty cell."""
    folder = TABLES.__class__(str(tmp_path))
    for name, text in (("short", "a,b\n1\n"), ("long", "a,b\n1,2,3\n")):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        with pytest.raises(BrokenInvariant):
            read_table(name, folder=folder)


@given(st.text(max_size=200))
def test_search_keys_fit_their_column(text: str) -> None:
    """Whatever a name holds, its search key is plain lower case and fits the column."""
    key = search_key(text)
    assert len(key) <= PINYIN_MAX
    assert key == key.lower()


def test_search_keys() -> None:
    """Syllables run together, then initials; Latin letters and digits stay."""
    assert search_key("万盛街道") == "wanshengjiedao wsjd"
    assert search_key("AED 除颤仪") == "aedchuchanyi aedccy"
    assert search_key("救灾单帐篷 12㎡").startswith("jiuzaidanzhangpeng12")
