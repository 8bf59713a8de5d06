"""Registers: each site on pages of its own, only packages and weight summed, every code in words, empty ones said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from sqlalchemy import CheckConstraint

from inventory.core.errors import Name
from inventory.documents.data.registers import SiteStock, StockLine, StockRegisterPaper
from inventory.documents.data.values import BadPaperValue, LedgerHead
from inventory.documents.drawing.engine import Printed
from inventory.documents.drawing.wording import forms
from inventory.documents.press import printed
from inventory.documents.sampling import SAMPLE_KEY, sample
from inventory.ledger.rules import UNUSABLE_REASONS
from inventory.models import Asset, Resource
from tests.documents import reading

NOW = dt.datetime(2026, 7, 1, 1, 30, tzinfo=dt.UTC)
TENT = StockLine(
    code="T001",
    name=Name("帐篷", "Tent"),
    unit=Name("顶", "tent"),
    quantity=1200,
    lot="10000231",
    held=40,
    bin="A-01",
    packages=40,
    weight_grams=66_000_000,
)
RICE = dataclasses.replace(
    TENT, code="T018", name=Name("自热米饭", "Rice"), unit=Name("份", "portion"), quantity=77, lot="10000232",
    held=0, packages=None, weight_grams=None, expires_on=dt.date(2026, 6, 30), reasons=("expired", "on_hold"),
)  # fmt: skip


def register(*sites: SiteStock, **values: object) -> StockRegisterPaper:
    """Return a register of stock."""
    given = {
        "number": "库-WS-20260701-093000",
        "issuer": Name("区应急管理局", "District Bureau"),
        "scope": Name("全区", "Whole district"),
        "as_of": NOW,
        "ledger": LedgerHead("WS", 18244, "3f" * 32),
    }
    return StockRegisterPaper(sites=sites, **(given | values))  # type: ignore[arg-type]


def site(code: str, *lines: StockLine) -> SiteStock:
    """Return the stock of a site."""
    return SiteStock(code, Name(f"库{code}", f"Store {code}"), lines)


def pages_of(paper: StockRegisterPaper, language: str = "zh_CN") -> tuple[Printed, list[str]]:
    """Return a register printed, and the text of its pages without white space."""
    made = printed(paper, key=SAMPLE_KEY, language=language)
    return made, [re.sub(r"\s+", "", text) for text in reading.page_texts(made)]


def test_every_site_has_pages_of_its_own_and_its_signatures() -> None:
    """No page shows two sites; each site ends with the keeper's and the head's signature; pages are counted through."""
    many = [dataclasses.replace(TENT, lot=f"{10001000 + number}") for number in range(60)]
    made, pages = pages_of(register(site("D01", *many), site("D02", TENT), site("D03")))
    assert made.pages == len(pages) >= 5
    for number, text in enumerate(pages, 1):
        assert f"第{number}页共{made.pages}页" in text
        assert "账面截至2026-07-0109:30" in text
    of_site = [[code for code in ("D01", "D02", "D03") if f"库{code}" in text] for text in pages]
    assert all(len(found) <= 1 for found in of_site)
    assert sum("保管员" in text and "负责人" in text for text in pages) == 3
    assert "账面无记录" in pages[-1]
    assert "第18244条" in pages[-1]
    assert "3f" * 32 in pages[-1]


def test_only_packages_and_weight_are_summed() -> None:
    """1,200 tents and 77 portions make no sum; what is unknown makes the sum "at least"."""
    _, (text,) = pages_of(register(site("D01", TENT, RICE)))
    assert "1,277" not in text
    assert "≥40≥66,000.0" in text
    assert "已过期、冻结" in text
    assert "2026-06-30" in text


def test_a_register_of_nothing_says_so() -> None:
    """A district without stock has a register too."""
    _, (text,) = pages_of(register())
    assert "没有库点" in text


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("quantity", {"quantity": 0}),
        ("quantity", {"held": 1201}),
        ("quantity", {"held": -1}),
        ("packages", {"packages": -1}),
        ("weight_grams", {"weight_grams": -5}),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_number(field: str, changes: dict[str, int]) -> None:
    """Nothing in stock, more held than there is, less than nothing: lines are counted through all sites."""
    with pytest.raises(BadPaperValue) as refused:
        register(site("D01", TENT), site("D02", dataclasses.replace(TENT, **changes)))  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.line) == (field, 2)


def test_a_name_of_2000_letters_stands_whole() -> None:
    """It goes on over rows; nothing is cut."""
    made, _ = pages_of(register(site("D01", dataclasses.replace(TENT, name=Name("帐" * 2000)), RICE)))
    assert reading.joined_text(made).count("帐") == 2000


def allowed(table: type[Asset] | type[Resource], column: str) -> set[str]:
    """Return the codes that the database allows in a column."""
    for rule in table.__table__.constraints:  # type: ignore[attr-defined]
        if isinstance(rule, CheckConstraint) and str(rule.sqltext).startswith(f"{column} IN"):
            return set(re.findall(r"'([a-z_]+)'", str(rule.sqltext)))
    raise AssertionError(f"{column} has no rule")


def test_every_code_of_the_database_has_its_words() -> None:
    """States of teams, conditions of devices, reasons why stock cannot be sent."""
    words = set(forms()["registers"])
    wanted = {f"reason_{code}" for code in UNUSABLE_REASONS}
    wanted |= {f"condition_{code}" for code in allowed(Asset, "condition")}
    wanted |= {f"state_{code}" for code in allowed(Resource, "state")}
    assert wanted <= words, wanted - words


@pytest.mark.parametrize("kind", ["team_register", "device_register"])
def test_lists_may_be_empty_and_repeat_their_heads(kind: str) -> None:
    """Each page begins with the heads of the columns; an empty list says that there is nothing."""
    paper = sample(kind)
    heads = {"team_register": "队伍名称", "device_register": "装备名称"}[kind]
    made = printed(paper, key=SAMPLE_KEY)
    texts = reading.page_texts(made)
    assert made.pages >= 3
    assert all(heads in text for text in texts)
    empty = printed(dataclasses.replace(paper, lines=()), key=SAMPLE_KEY)  # type: ignore[call-arg]
    assert "账面无记录" in reading.joined_text(empty)
