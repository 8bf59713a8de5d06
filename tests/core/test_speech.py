"""Words of refusals: every code that the program can raise has a sentence, which its facts fill in both languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import pkgutil
import re
import typing
from typing import Any
from uuid import UUID, uuid4

import pytest

import inventory
from inventory import speech
from inventory.core.errors import Fault, Name, NeedsConfirmation, NotFound, Refusal, WrongState
from inventory.people.rules import NotPermitted


def every_refusal() -> list[type[Refusal]]:
    """Import every module of the program and return its classes of refusals."""
    for module in pkgutil.walk_packages(inventory.__path__, "inventory."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = [], [Refusal]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return sorted(
        {kind for kind in found if kind.__module__.startswith("inventory.")},
        key=lambda kind: kind.code,
    )


REFUSALS = every_refusal()
SAMPLES: dict[Any, Any] = {
    int: 7,
    str: "x",
    bool: True,
    UUID: uuid4(),
    Name: Name("名", "name"),
    dt.datetime: dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
    dt.date: dt.date(2026, 7, 1),
}


def sample(kind: Any) -> Any:
    """Return a fact of a type."""
    if kind in SAMPLES:
        return SAMPLES[kind]
    if typing.get_origin(kind) is tuple:
        return (sample(typing.get_args(kind)[0]),)
    members = [member for member in typing.get_args(kind) if member is not type(None)]
    if members:
        return sample(members[0])
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{field.name: sample(hints[field.name]) for field in dataclasses.fields(kind)})
    return "x"


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_every_refusal_is_told_in_both_languages(kind: type[Refusal]) -> None:
    """It has a sentence; its facts fill every hole of it; no hole and no bare code is left."""
    hints = typing.get_type_hints(kind)
    refusal = kind(**{field.name: sample(hints[field.name]) for field in dataclasses.fields(kind)})
    assert kind.code in speech.sentences(), f"no sentence for {kind.code} of {kind.__module__}"
    for language in ("zh_CN", "en"):
        said = speech.say(refusal, language)
        assert said.what
        assert not re.search(r"%\(|%%", str(said))


def test_codes_are_unmistakable() -> None:
    """Two classes do not share a code."""
    codes = [kind.code for kind in REFUSALS if kind not in (Refusal, NeedsConfirmation)]
    assert sorted(set(codes)) == sorted(codes)


def test_codes_among_the_facts_become_words() -> None:
    """Kinds, states and roles are told in words, others as they are."""
    said = speech.say(NotPermitted(command="approve_plan", roles=("commander", "duty")), "en")
    assert "commander, duty officer" in said.why
    assert "dispatch order" in speech.say(NotFound(kind="order", key="7"), "en").what
    assert "mystery" in speech.say(WrongState(kind="order", key="7", state="mystery", wanted="x"), "en").why


def test_a_code_without_words_hides_nothing() -> None:
    """It is told as not done, with the bare code and facts."""

    @dataclasses.dataclass(eq=False)
    class Unheard(Refusal):
        """A refusal of the future."""

        code = "unheard_of"
        number: int

    said = speech.say(Unheard(number=3), "en")
    assert said.what
    assert "unheard_of" in said.why
    assert "3" in said.why
    assert speech.say_fault(Fault("unheard_of", facts={"n": 3}), "en") == "unheard_of: {'n': 3}"


def test_states_have_the_words_of_their_chips() -> None:
    """The words of a terminal and a refusal for every state are those of the screens: one vocabulary."""
    from ui.parts.board_lists import INCIDENT_STATES
    from ui.parts.count_desk import STATE_CHIPS
    from ui.parts.incident_detail import REQUEST_STATUS
    from ui.parts.look import STATUS
    from ui.parts.trade import ORDER_STATUS

    chips = {
        "order": ORDER_STATUS, "request": REQUEST_STATUS, "incident": INCIDENT_STATES, "count": STATE_CHIPS,
    }  # fmt: skip
    for kind, states in chips.items():
        assert speech.words()[f"{kind}_state"] == {state: STATUS[chip].word for state, chip in states.items()}, kind
        assert all(speech.state_word(kind, state, "zh_CN") != state for state in states)


def test_a_wrong_state_is_told_in_the_words_of_its_kind() -> None:
    """The same code means another thing for a count and for an incident."""
    for kind, state, told in (("order", "shipped", "In transit"), ("count", "review", "Submitted")):
        assert told in speech.say(WrongState(kind=kind, key="X-1", state=state, wanted="closed"), "en").why
