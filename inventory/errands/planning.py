"""The planner without a database: `plan` answers a scenario file, `check` proves a plan file against it."""

from __future__ import annotations

import argparse
import time
from typing import Any

from inventory.core.errors import Fault
from inventory.core.words import N_
from inventory.errands.frame import Answer, Errand, Terminal
from inventory.planner.check import check as violations_of
from inventory.planner.check import read_plan
from inventory.planner.plan import ALTERNATIVES, solve, write_plan
from inventory.planner.scenario import read_scenario
from inventory.speech import say_fault


def plan(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Plan a scenario and write the plan file; words about it go to standard error."""
    scenario = read_scenario(terminal.read_file(asked.scenario), file=asked.scenario)
    made = solve(
        scenario, alternative=asked.alternative, seconds=asked.seconds, seed=asked.seed, timer=time.perf_counter
    )
    plans: list[dict[str, Any]] = made["plans"] if asked.alternative == "all" else [made]
    wrong = [(one["alternative"], fault) for one in plans for fault in violations_of(scenario, one)]
    for one in plans:
        terminal.note(_told(terminal, one))
    for alternative, fault in wrong:
        terminal.note(f"{alternative}: {_told_fault(terminal, fault)}")
    data = write_plan(made)
    if asked.out and asked.out != "-":
        terminal.write_file(asked.out, data)
        terminal.note(terminal.say(N_("Written: %(file)s"), file=asked.out))
        return Answer(made, problem=bool(wrong))
    return Answer(made, problem=bool(wrong), raw=data)


def _told(terminal: Terminal, plan: dict[str, Any]) -> str:
    """Return one line about a plan."""
    objective = plan["objective"]
    return terminal.say(
        N_("%(alternative)s: short of %(unmet)s (by priority), %(consignments)s consignments, %(certified)s"),
        alternative=plan["alternative"],
        unmet=objective["unmet_by_priority"],
        consignments=objective["consignments"],
        certified=terminal.say(N_("proved best") if plan["certified"] else N_("not proved best")),
    )


def _told_fault(terminal: Terminal, fault: Any) -> str:
    words = say_fault(Fault(fault.code, facts=fault.facts), terminal.language)
    return f"{fault.path}: {words}" if fault.path else words


def check(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Check a plan against its scenario with the checker that shares no code with the solvers."""
    scenario = read_scenario(terminal.read_file(asked.scenario), file=asked.scenario)
    found = read_plan(terminal.read_file(asked.plan), file=asked.plan)
    plans = found["plans"] if isinstance(found.get("plans"), list) else [found]
    wrong = [
        {
            "plan": at if len(plans) > 1 else 0,
            "code": fault.code,
            "path": fault.path,
            "facts": fault.facts,
            "said": _told_fault(terminal, fault),
        }
        for at, one in enumerate(plans)
        for fault in violations_of(scenario, one)
    ]
    facts = {"sound": not wrong, "plans": len(plans), "violations": wrong}
    if not wrong:
        return Answer(facts, (terminal.say(N_("The plan holds: %(plans)s checked."), plans=len(plans)),))
    head = terminal.say(N_("The plan does not hold: %(count)s faults."), count=len(wrong))
    return Answer(facts, (head, *(f"  {one['said']}" for one in wrong)), problem=True)


def _seconds(text: str) -> int:
    seconds = int(text)
    if not 1 <= seconds <= 3600:
        raise ValueError(text)
    return seconds


def _scenario(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help=N_("an inventory-scenario/1 file, - for standard input"))


def _plan_arguments(parser: argparse.ArgumentParser) -> None:
    _scenario(parser)
    parser.add_argument(
        "--alternative",
        choices=(*ALTERNATIVES, "all"),
        default=ALTERNATIVES[0],
        help=N_("what the plan favours; all serve the same people"),
    )
    parser.add_argument(
        "--seconds", type=_seconds, metavar="S", help=N_("limit of the search for fewer consignments, 1 to 3600")
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=N_("seed of the search, 0 by default"))
    parser.add_argument("--out", metavar="FILE", help=N_("write the plan there instead of standard output"))


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    _scenario(parser)
    parser.add_argument("plan", metavar="PLAN", help=N_("an inventory-plan/1 file, - for standard input"))


ERRANDS = (
    Errand("plan", N_("Plan a scenario file; no database is opened."), plan, _plan_arguments),
    Errand("check", N_("Check a plan file against its scenario; no database is opened."), check, _check_arguments),
)
