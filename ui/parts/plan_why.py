"""Why: shortages with their certificate and prices, and for every line why it comes from where it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from inventory.core.errors import Name
from inventory.dispatch.proposals import ConsignmentRow, PlanLineRow, PlanView, ShortageRow
from inventory.incidents.queries import RequestLineRow
from inventory.planner.sentences import CERTIFICATE, PRICE
from ui.parts.incident_needs import PRIORITIES, PRIORITY_TONES
from ui.parts.look import Html, chip, html, icon, join, mark, section, sub, table
from ui.parts.trade import MODES, amount, told
from ui.parts.words import _, day, moment, name, number, quantity, span, word

STOCKPILES_NAMED_MAX = 4


def shortage_cards(view: PlanView, units: Mapping[str, Name]) -> Html:
    """Return every shortage as a card: how much, the certificate in words, what lifting a limit would save."""
    return html('<div class="t-plans third">{}</div>', join(*(_shortage(row, view, units) for row in view.shortages)))


def _shortage(row: ShortageRow, view: PlanView, units: Mapping[str, Name]) -> Html:
    words = _("%(item)s: %(short)s of %(asked)s short at %(place)s") % {
        "item": name(row.item),
        "short": number(row.short),
        "asked": quantity(row.asked, units.get(row.unit, row.unit)),
        "place": name(row.site),
    }
    priority = priority_chip(row.priority)
    prices = join(*(_price(price, view.sites) for price in row.prices))
    return html(
        '<div class="t-card hot red"><div class="t-row">{}{}</div><p class="t-b">{}</p><p>{} {}</p>{}</div>',
        chip("short"), priority, words, word("shortage", row.reason), _certificate(row), prices,
    )  # fmt: skip


def _certificate(row: ShortageRow) -> str:
    """Return the sentence of the proof with its numbers; empty where there is no network proof."""
    proof = row.certificate
    if proof is None:
        return ""
    sentence = _(CERTIFICATE) % {
        "lines": number(proof.line_count),
        "demand": number(proof.demand),
        "stockpiles": number(len(proof.stockpiles)),
        "supply": number(proof.supply),
        "short": number(proof.short),
    }
    if not proof.stockpiles:
        return sentence
    named = _(", ").join(name(place) for place in proof.stockpiles[:STOCKPILES_NAMED_MAX])
    return f"{sentence} ({named}{'…' if len(proof.stockpiles) > STOCKPILES_NAMED_MAX else ''})"


def _price(price: Mapping[str, Any], sites: Mapping[str, Name]) -> Html:
    """Return what lifting one limit would save, and for roads between which places."""
    saves = int(price["saves_all"])
    words = _(PRICE) % {"saves": number(saves), "lift": word("lift", price["lift"])}
    roads = _(", ").join(
        f"{name(sites[origin])} → {name(sites[target])}"
        for origin, target in price.get("pairs", ())
        if origin in sites and target in sites
    )
    return html(
        '<div class="t-row"><span class="t-ink green">{}</span><span>{}</span>{}</div>', icon("trending_down"),
        words, sub(roads),
    )  # fmt: skip


def consignment_list(view: PlanView, lines: Mapping[UUID, RequestLineRow], units: Mapping[str, Name]) -> Html:
    """Return the consignments by source, each line with its own "why" (`data-act="why:CONSIGNMENT:LINE"`)."""
    blocks = []
    for at, one in enumerate(view.consignments):
        rows = join(*(_line(at, position, line, lines, units) for position, line in enumerate(one.lines)))
        blocks.append(
            html(
                '<div class="t-card"><div class="t-row"><span class="t-b">{} → {}</span>{}<span class="t-grow"></span>'
                "{}</div>{}</div>",
                one.from_site, one.to_site, mode_mark(one.mode),
                sub(_("leaves %(leaves)s, arrives %(arrives)s") % {
                    "leaves": moment(one.depart_at), "arrives": moment(one.arrive_at)}),
                rows,
            )
        )  # fmt: skip
    return html('<div class="t-pair">{}</div>', join(*blocks))


def priority_chip(priority: int) -> Html:
    """Return how urgent a line is: 0 vital, 1 important, 2 later."""
    return mark(PRIORITY_TONES[priority], "", _(PRIORITIES[priority]))


def mode_mark(mode: str) -> Html:
    """Return how goods travel: blue on the road, violet on foot (outside the normal way)."""
    glyph = "directions_walk" if mode == "foot" else "local_shipping"
    return mark("violet" if mode == "foot" else "blue", glyph, told(MODES, mode))


def _line(
    at: int, position: int, line: PlanLineRow, lines: Mapping[UUID, RequestLineRow], units: Mapping[str, Name]
) -> Html:
    asked = lines.get(line.request_line_id)
    priority = priority_chip(asked.priority) if asked else ""
    nearer = int(line.why.get("nearer_count", 0))
    why = _("why: nearest") if not nearer else _("why not nearer (%(count)s)") % {"count": nearer}
    return html(
        '<button class="t-line why" data-act="why:{}:{}"><span class="t-grow">{} <span class="t-b">{}</span> {} {}'
        '</span><span class="t-go">{} ›</span></button>',
        at, position, line.item, amount(line.quantity, line.unit, dict(units)), priority,
        sub(f"{line.lot} · {line.place}"), why,
    )  # fmt: skip


def why_here(
    one: ConsignmentRow,
    line: PlanLineRow,
    view: PlanView,
    lines: Mapping[UUID, RequestLineRow],
    units: Mapping[str, Name],
) -> Html:
    """Return the whole answer to "why this source" for the drawer: the choice, then each nearer one and why not."""
    minutes = int(line.why.get("minutes", 0))
    facts: list[list[Any]] = [
        [_("From"), one.from_site],
        [_("To"), one.to_site],
        [_("Quantity"), amount(line.quantity, line.unit, dict(units))],
        [_("Lot and place"), f"{line.lot} · {line.place}"],
        [_("Good until"), day(line.expires_on)],
        [_("Way"), f"{told(MODES, one.mode)} · {span(minutes)}"],
        [_("Arrives"), moment(one.arrive_at)],
    ]
    asked = lines.get(line.request_line_id)
    if asked is not None and asked.deadline_at is not None:
        facts.append([_("Time limit"), moment(asked.deadline_at)])
    nearer: Sequence[Mapping[str, Any]] = line.why.get("nearer", ())
    count = int(line.why.get("nearer_count", 0))
    head = section(_("Nearer ones, and why not"), _("%(count)s nearer") % {"count": count})
    if not count:
        reason = html("<p>{}</p>", _("No stockpile with this item is nearer: this is the nearest one."))
        return join(table([_("Fact"), _("Value")], facts), html('<div class="t-gap"></div>'), head, reason)
    rows = join(*(_nearer(row, view, lines) for row in nearer))
    rest = count - len(nearer)
    more = sub(_("%(count)s more, further from it than these") % {"count": rest}) if rest > 0 else ""
    told_rows = html('<ul class="t-why near">{}</ul>', rows)
    return join(table([_("Fact"), _("Value")], facts), html('<div class="t-gap"></div>'), head, told_rows, more)


def _nearer(row: Mapping[str, Any], view: PlanView, lines: Mapping[UUID, RequestLineRow]) -> Html:
    """Return one nearer stockpile, what kept it, and what taking it from there would cost."""
    place = view.sites.get(str(row["place"]), Name(str(row["place"])))
    why = word("nearer", row["reason"])
    takers = [lines[UUID(key)] for key in row.get("given_to", ()) if UUID(key) in lines]
    if takers:
        names = _(", ").join(sorted({f"{name(one.item)} → {name(one.site)}" for one in takers})[:STOCKPILES_NAMED_MAX])
        why = f"{why}: {names}"
    price = row.get("price_minutes")
    cost: Html | str = ""
    if row["reason"] == "nearer_given":
        cost = sub(
            _("one unit from there would cost %(minutes)s min elsewhere") % {"minutes": number(int(price))}
            if price is not None
            else _("one unit from there would leave somebody else short")
        )
    return html(
        '<li><span class="t-ink gray">{}</span><span class="t-b">{}<br>{}</span><span>{}<br>{}</span></li>',
        icon("close"), place, sub(span(int(row["minutes"]))), why, cost,
    )  # fmt: skip
