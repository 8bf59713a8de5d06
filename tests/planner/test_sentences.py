"""Every code that the planner can tell has its words, and every sentence can be filled from the facts it comes with."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest

import inventory.planner
from inventory.core.errors import FileRefused
from inventory.core.words import LANGUAGES, fill
from inventory.planner.check import check, read_plan
from inventory.planner.explain import RESTRICTIONS
from inventory.planner.plan import solve
from inventory.planner.scenario import read_scenario
from inventory.planner.sentences import CERTIFICATE, FAULTS, PRICE, WORDS
from tests.planner.test_check import DAMAGE, town
from tests.planner.test_scenario import BAD, document

CODE = re.compile(r'"((?:scenario|plan|short|nearer|note)_[a-z_]+)"')


def test_every_code_has_words():
    """Each code that stands in the planner's source has a sentence or a word."""
    folder = Path(inventory.planner.__path__[0])
    sources = [path for path in folder.glob("*.py") if path.name != "sentences.py"]
    codes = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    codes |= {f"short_{lift}" for lift in RESTRICTIONS}
    codes |= {f"{kind}_{code}" for kind in ("scenario", "plan") for code in ("too_large", "not_utf8", "not_json")}
    known = {*FAULTS, *(code for group in WORDS.values() for code in group)}
    assert sorted(codes - known - {"scenario_sha256", "nearer_count"}) == []
    assert set(WORDS["lift"]) == set(RESTRICTIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_can_be_said(language):
    """Every fault of the refusal tests and every finding of the damage tests fills its sentence."""
    said = 0
    for change, _, _ in BAD:
        with pytest.raises(FileRefused) as refused:
            read_scenario(json.dumps(document(**change)).encode())
        for fault in refused.value.faults:
            said += bool(fill(FAULTS[fault.code], fault.facts, language))
    sound = solve(town())
    for _, _, damage in DAMAGE:
        plan = copy.deepcopy(sound)
        damage(plan)
        for found in check(town(), plan):
            said += bool(fill(FAULTS[found.code], found.facts, language))
    for data in (b"{", b"\xff", b'{"a": NaN}', b'{"a": 1, "a": 1}', b"[" * 300_000):
        for read in (read_scenario, read_plan):
            with pytest.raises(FileRefused) as refused:
                read(data)
            for fault in refused.value.faults:
                said += bool(fill(FAULTS[fault.code], fault.facts, language))
    assert said > 100


def test_certificate_and_price_can_be_said():
    """The certificate and the price fill their sentences."""
    facts = {"lines": 6, "demand": 538, "stockpiles": 25, "supply": 418, "short": 120}
    assert fill(CERTIFICATE, facts, "en").startswith("6 places need 538")
    assert fill(PRICE, {"saves": 80, "lift": WORDS["lift"]["road"]}, "en") == "80 more if the closed roads were open."
