"""The list of items: new, changed and same lines, packs, every problem at once, all or nothing, twice the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from inventory.catalogue.queries import ItemView, items, items_by_code
from inventory.core.env import Env
from inventory.core.errors import FileRefused, Refusal
from inventory.core.work import SYSTEM, Actor, Store
from inventory.exchange.columns import Parsed, validate
from inventory.exchange.item_list import ITEMS, import_items, item_kind
from inventory.exchange.reading import read_table
from inventory.exchange.sentences import fault_words
from inventory.people.accounts import actor_of
from tests.cli.conftest import build_demo

HEADINGS = ("code", "name_zh", "unit")


@pytest.fixture
def store(make_database: Callable[..., str], env: Env) -> Any:
    """The demo district with its catalogue and stock."""
    with closing(Store(make_database("demo", build_demo), env)) as opened:
        yield opened


@pytest.fixture
def manager(store: Store) -> Actor:
    """Who may take the list over."""
    return actor_of(store, "manager", via="import")


def parsed(*rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS) -> Parsed:
    """Return a list of items as a file gives it."""
    text = "\n".join(",".join(map(str, row)) for row in (headings, *rows))
    return validate(read_table(text.encode(), "items.csv"), item_kind())


def take(store: Store, actor: Actor, file: Parsed) -> dict[str, Any]:
    """Import a list and return the outcome."""
    outcome: dict[str, Any] = store.write(
        actor, lambda work: import_items(work, id=store.env.new_id(), parsed=file)
    ).outcome
    return outcome


def item(store: Store, code: str) -> ItemView:
    """Return an item as the catalogue shows it."""
    return store.read(SYSTEM, lambda work: items_by_code(work, codes=[code]))[code]


def faults(store: Store, file: Parsed) -> list[tuple[str, int, str]]:
    """Return what is wrong with a list; each fault has words in both languages."""
    review = store.read(SYSTEM, lambda work: ITEMS.review(work, parsed=file))
    for fault in review.faults:
        for language in ("en", "zh_CN"):
            assert "%(" not in fault_words(fault, language)
    return [(fault.code, fault.row, fault.column) for fault in review.faults]


def test_new_changed_and_same(store: Store, manager: Actor) -> None:
    """One new item with a pack, one made heavier, one as it was; other columns of known items stay."""
    tent, other = item(store, "T001"), item(store, "T002")
    headings = (*HEADINGS, "weight_g", "pack_factor", "pack_zh", "pack_barcode")
    file = parsed(
        ("N-900", "New thing", "ge", 120, 24, "box", "6901234567892"),
        ("T001", tent.name.zh, tent.unit, tent.weight_g + 1, "", "", ""),
        ("t002", other.name.zh, other.unit, other.weight_g, "", "", ""),
        headings=headings,
    )
    assert faults(store, file) == []
    outcome = take(store, manager, file)
    assert {key: outcome[key] for key in ("lines", "new", "changed", "same")} == {
        "lines": 3, "new": 1, "changed": 1, "same": 1,
    }  # fmt: skip
    made = item(store, "N-900")
    assert (made.unit, made.weight_g, made.tracking, made.active) == ("ge", 120, "lot", True)
    assert [(pack.factor, pack.barcode) for pack in made.packs] == [(24, "6901234567892")]
    heavier = item(store, "T001")
    assert heavier.weight_g == tent.weight_g + 1
    assert (heavier.volume_cm3, heavier.domain, heavier.packs) == (tent.volume_cm3, tent.domain, tent.packs)
    assert item(store, "T002") == other


def test_the_same_list_again_changes_nothing(store: Store, manager: Actor) -> None:
    """After the import every line is the same, and a list taken over once more touches no row."""
    file = parsed(("N-901", "Thing", "ge"), ("N-902", "Thing two", "tai"))
    assert take(store, manager, file)["new"] == 2
    before = store.read(SYSTEM, lambda work: items(work, limit=1000))
    assert store.read(SYSTEM, lambda work: ITEMS.review(work, parsed=file)).idle
    assert take(store, manager, file)["same"] == 2
    assert store.read(SYSTEM, lambda work: items(work, limit=1000)) == before


def test_a_pack_that_is_not_named_stays(store: Store, manager: Actor) -> None:
    """A second size is added, the first one renamed; nothing is dropped."""
    headings = (*HEADINGS, "pack_factor", "pack_zh")
    for row in ((12, "box"), (48, "case"), (12, "carton"), ("", "")):
        take(store, manager, parsed(("N-903", "Thing", "ge", *row), headings=headings))
    assert [(pack.factor, pack.name.zh) for pack in item(store, "N-903").packs] == [(12, "carton"), (48, "case")]


def test_blank_cells(store: Store, manager: Actor) -> None:
    """A blank figure is none; a blank choice leaves what is there."""
    headings = (*HEADINGS, "weight_g", "tracking")
    take(store, manager, parsed(("N-904", "Thing", "ge", 5, "expiry"), headings=headings))
    take(store, manager, parsed(("N-904", "Thing", "ge", "", ""), headings=headings))
    assert (item(store, "N-904").weight_g, item(store, "N-904").tracking) == (0, "expiry")


def test_every_problem_is_told_and_nothing_is_taken_over(store: Store, manager: Actor) -> None:
    """Unknown unit, unit of stocked goods, wrong code, half a pack, barcode of another: all listed, no row written."""
    headings = (*HEADINGS, "gb_code", "pack_factor", "pack_zh", "pack_barcode", "whole_packs")
    file = parsed(
        ("N-905", "Thing", "ge", "", 10, "box", "4006381333931", ""),
        ("N-906", "Thing", "no such unit", "", "", "", "", ""),
        ("T001", "Tent", "tai", "", "", "", "", ""),
        ("N-907", "Thing", "ge", "2019901", "", "", "", ""),
        ("N-908", "Thing", "ge", "", "", "box", "", ""),
        ("N-909", "Thing", "ge", "", 10, "", "", ""),
        ("N-910", "Thing", "ge", "", 10, "box", "4006381333931", ""),
        ("-bad", "Thing", "ge", "", "", "", "", ""),
        ("N-911", "Thing", "ge", "", "", "", "", "yes"),
        headings=headings,
    )
    assert faults(store, file) == [
        ("unit_not_in_list", 3, "unit"),
        ("unit_has_stock", 4, "unit"),
        ("not_a_gb_code", 5, "gb_code"),
        ("pack_without_size", 6, "pack_factor"),
        ("pack_without_name", 7, "pack_zh"),
        ("barcode_taken", 8, "pack_barcode"),
        ("item_field_wrong", 9, "code"),
        ("item_field_wrong", 10, "whole_packs"),
    ]
    before = store.read(SYSTEM, lambda work: items(work, limit=1000))
    with pytest.raises(FileRefused):
        take(store, manager, file)
    good_file_bad_meaning = parsed(("N-905", "Thing", "ge"), ("N-906", "Thing", "no such unit"))
    with pytest.raises(FileRefused) as refused:
        take(store, manager, good_file_bad_meaning)
    assert refused.value.facts["count"] == 1
    assert store.read(SYSTEM, lambda work: items(work, limit=1000)) == before


@pytest.mark.parametrize("login", ["clerk", "keeper", "duty", "auditor"])
def test_only_the_manager_takes_it_over(store: Store, login: str) -> None:
    """Other roles are refused, whatever the list says."""
    with pytest.raises(Refusal) as refused:
        take(store, actor_of(store, login, via="import"), parsed(("N-912", "Thing", "ge")))
    assert refused.value.code == "not_permitted"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_template_reads_back(store: Store, language: str) -> None:
    """The template of either language is understood by its own headings."""
    data = store.read(SYSTEM, lambda work: ITEMS.template(work, language=language))
    assert set(validate(read_table(data, "items.xlsx"), item_kind()).titles) == {
        column.key for column in item_kind().columns
    }
