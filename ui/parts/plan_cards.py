"""Plans side by side: the three cards, and the table of what each costs against the chosen one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inventory.core.words import N_
from inventory.dispatch.proposals import PlanRow
from ui.parts.look import Html, chip, html, icon, join, mark, sub
from ui.parts.words import _, clock, moment, number

ALTERNATIVES: dict[str, tuple[str, str]] = {
    "fastest": (N_("Fastest"), N_("everything arrives as early as it can")),
    "fewest": (N_("Fewest consignments"), N_("fewer trucks and crews to follow")),
    "reserves": (N_("Reserves kept"), N_("each stockpile keeps as much as it can")),
    "edited": (N_("Edited"), N_("changed by hand and checked again")),
}
"""Alternative -> name and what it aims at."""

PLAN_STATES: dict[str, str] = {
    "proposed": "wait",
    "submitted": "wait",
    "approved": "approved",
    "done": "done",
    "rejected": "refused",
    "superseded": "stale",
    "expired": "stale",
}
"""State of a plan -> key of `STATUS`."""


def plan_name(alternative: str) -> str:
    """Return the name of an alternative."""
    return _(ALTERNATIVES[alternative][0])


def card(row: PlanRow, chosen: bool) -> Html:
    """Return a plan as a card that can be chosen: first and last arrival, consignments, reserve used."""
    words, aim = ALTERNATIVES[row.alternative]
    short = _("lines short: %(count)s") % {"count": row.short_lines}
    state = chip("partial", short) if row.short_lines else chip("done", _("all covered"))
    facts = (
        (_("First arrival"), _clock(row.first_arrival_at)),
        (_("All in"), _clock(row.last_arrival_at)),
        (_("Consignments"), number(row.consignment_count)),
        (_("Reserve used"), number(row.reserve_used)),
    )
    pairs = join(*(html("<dt>{}</dt><dd>{}</dd>", what, value) for what, value in facts))
    return html(
        '<button class="t-plan" aria-pressed="{}" data-act="{}"><h3><span class="t-radio"></span>{}'
        '<span class="t-grow"></span>{}</h3>{}<dl class="t-kv">{}</dl></button>',
        "true" if chosen else "false", row.alternative, _(words), state, sub(_(aim)), pairs,
    )  # fmt: skip


def cards(rows: Sequence[PlanRow], chosen: PlanRow) -> Html:
    """Return all plans as cards in one row."""
    return html(
        '<div class="t-plans" role="group" aria-label="{}">{}</div>',
        _("Plans"), join(*(card(row, row.id == chosen.id) for row in rows)),
    )  # fmt: skip


def _clock(instant: dt.datetime | None) -> str:
    return moment(instant) if instant else "—"


def proof(row: PlanRow) -> Html:
    """Return how well a plan is proved: the integer certificate, and the independent check."""
    certified = (
        mark("green", "verified", _("Integer certificate"))
        if row.certified
        else mark("orange", "rule", _("Not certified: best found in time"))
    )
    checked = mark("green", "fact_check", _("Independent check passed"))
    told = _("solved in %(seconds)s s · snapshot %(clock)s · version %(version)s") % {
        "seconds": f"{row.seconds:.1f}", "clock": clock(row.planned_at), "version": row.version,
    }  # fmt: skip
    return html("{} {} {}", certified, checked, sub(told))


@dataclass(frozen=True)
class _Measure:
    """One row of the table: its words, the figure (less is better), and how figure and difference are written."""

    words: str
    value: Callable[[PlanRow], float | None]
    write: Callable[[float], str]
    minus: Callable[[float], str]


def _minutes(instant: dt.datetime | None) -> float | None:
    return None if instant is None else instant.timestamp() // 60


def _span(minutes: float) -> str:
    return f"{int(minutes) // 60}:{int(minutes) % 60:02d}"


def _instant(minutes: float) -> str:
    return moment(dt.datetime.fromtimestamp(minutes * 60, dt.UTC))


def _whole(value: float) -> str:
    return number(int(value))


_MEASURES: tuple[_Measure, ...] = (
    _Measure(N_("First arrival"), lambda row: _minutes(row.first_arrival_at), _instant, _span),
    _Measure(N_("Last arrival"), lambda row: _minutes(row.last_arrival_at), _instant, _span),
    _Measure(N_("Consignments"), lambda row: row.consignment_count, _whole, _whole),
    _Measure(N_("Safety stock used (units)"), lambda row: row.reserve_used, _whole, _whole),
    _Measure(N_("Vital units short"), lambda row: row.unmet_by_priority[0], _whole, _whole),
    _Measure(N_("All units short"), lambda row: sum(row.unmet_by_priority), _whole, _whole),
)


def differences(rows: Sequence[PlanRow], chosen: PlanRow) -> Html:
    """Return the table of differences: the best of each row with a star, less in green, more in red."""
    top = join(*(html('<th class="t-num">{}</th>', plan_name(row.alternative)) for row in rows))
    body = join(*(_line(measure, rows, chosen) for measure in _MEASURES))
    return html('<div class="t-scroll"><table class="t-tab"><tr><th></th>{}</tr>{}</table></div>', top, body)


def _line(measure: _Measure, rows: Sequence[PlanRow], chosen: PlanRow) -> Html:
    values = [measure.value(row) for row in rows]
    known = [value for value in values if value is not None]
    differ = len(set(known)) > 1
    mine = measure.value(chosen)
    cells = []
    for row, value in zip(rows, values, strict=True):
        gap: Html | str = ""
        if value is not None and mine is not None and value != mine:
            sign, tone = ("+", "red") if value > mine else ("−", "green")
            gap = html('<span class="t-sub t-ink {}">{}{}</span> ', tone, sign, measure.minus(abs(value - mine)))
        best = differ and value is not None and value == min(known)
        star = html('<span class="t-ink green">{}</span> ', icon("star")) if best else ""
        kind = f"t-num{' pick' if row.id == chosen.id else ''}{' t-best' if best else ''}"
        cells.append(
            html('<td class="{}">{}{}{}</td>', kind, gap, star, measure.write(value) if value is not None else "—")
        )
    return html("<tr><td>{}</td>{}</tr>", _(measure.words), join(*cells))


def same(rows: Sequence[PlanRow]) -> Html:
    """Return the sentence that says what the plans have in common."""
    lines = rows[0].short_lines
    if len({row.unmet_by_priority for row in rows}) > 1:
        words = _("The plans do not serve the same needs: compare what stays short.")
    elif lines:
        words = _("All plans cover the same needs; lines short whatever the plan: %(count)s.") % {"count": lines}
    else:
        words = _("All plans cover all needs. They differ in speed, consignments and reserves.")
    return html('<div class="t-row t-sub">{}{}</div>', icon("equal"), words)
