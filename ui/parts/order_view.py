"""What one order shows: lines with lots and bins and why from there, hands, consignments, differences, its story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.dispatch.queries import (
    OrderLineRow,
    OrderRow,
    OrderSource,
    OrderStock,
    order,
    order_lines,
    order_sources,
    order_stock,
)
from inventory.dispatch.tracking import DiscrepancyRow, ShipmentRow, discrepancies, shipments
from inventory.people.queries import can
from inventory.people.rules import At
from inventory.people.signing_off import Hand, hands
from inventory.people.stories import Entry, story_of
from inventory.places.queries import site
from ui.parts.look import Html, Tone, chip, html, join, mark, story, sub, table
from ui.parts.pages import link
from ui.parts.paper_links import consignment_links
from ui.parts.trade import DEED_TONES, DIFFERENCES, MODES, amount, deed_word, order_chip, shipment_chip, told, units
from ui.parts.words import _, day, moment, name, number, remaining, span, urgency, word

SENDER_STEPS = (
    "acknowledge_order",
    "pick_order",
    "check_order",
    "ship_order",
    "decline_order",
    "cancel_order",
    "close_short",
    "resolve_discrepancy",
    "issue_paper",
)
NEARER_SHOWN = 2


@dataclass(frozen=True)
class OrderPage:
    """Everything that the page of one order shows, read on one snapshot."""

    order: OrderRow
    lines: list[OrderLineRow]
    sources: list[OrderSource]
    stock: list[OrderStock]
    shipments: list[ShipmentRow]
    differences: list[DiscrepancyRow]
    hands: list[Hand]
    story: list[Entry]
    units: dict[str, Name]
    site_names: dict[str, Name]
    allowed: dict[str, bool]

    def hand_of(self, account_id: UUID) -> Hand | None:
        """Return in which capacity a person has handled this order already."""
        mine = [one for one in self.hands if one.account_id == account_id and one.document_id == self.order.id]
        return mine[0] if mine else None


def order_page(work: Work, key: str) -> OrderPage:
    """Read an order by id or number with all that hangs on it.

    Raises
    ------
    NotFound
    """
    try:
        found = order(work, order_id=UUID(key))
    except ValueError:
        found = order(work, number=key)
    lines = order_lines(work, order_id=found.id)
    carried = shipments(work, states=(), order_id=found.id)
    at = At(site_id=found.from_site_id)
    allowed = {step: can(work, step, at) for step in SENDER_STEPS}
    allowed["receive_shipment"] = can(work, "receive_shipment", At(site_id=found.to_site_id))
    documents = [found.id, *(one.id for one in carried), *([found.request_id] if found.request_id else [])]
    return OrderPage(
        order=found,
        lines=lines,
        sources=order_sources(work, order_id=found.id),
        stock=order_stock(work, order_id=found.id),
        shipments=carried,
        differences=[row for one in carried for row in discrepancies(work, unresolved=False, place_id=one.id)],
        hands=hands(work, document_ids=documents),
        story=story_of(work, found.id, related=[one for one in documents if one != found.id]),
        units=units(work),
        site_names=_site_names(work, lines),
        allowed=allowed,
    )


def _site_names(work: Work, lines: list[OrderLineRow]) -> dict[str, Name]:
    """Return the names of the sites that the planner's reasons speak of."""
    wanted = {near["place"] for line in lines for why in line.why for near in why.get("nearer", ())[:NEARER_SHOWN]}
    found: dict[str, Name] = {}
    for key in wanted:
        try:
            found[key] = site(work, site_id=UUID(key)).name
        except NotFound:
            found[key] = Name(key)
    return found


def facts(page: OrderPage) -> Html:
    """Return the facts of the head in a few columns: from, to, when, for what."""
    one = page.order
    due: Html = sub("—")
    if one.due_at is not None:
        open_still = one.state not in {"delivered", "closed", "declined", "cancelled", "returned", "lost"}
        left = remaining(one.due_at) if open_still else ""
        due = html('{} <span class="t-ink {}">{}</span>', moment(one.due_at), urgency(one.due_at), left)
    incident: Any = "—"
    if one.incident is not None:
        address = link("incident", incident=str(one.incident_id))
        incident = html('<a href="{}" target="_self">{}</a>', address, one.incident)
    rows = (
        (_("From"), html('<span class="t-b">{}</span>', one.from_site)),
        (_("To"), html('<span class="t-b">{}</span>', one.to_site)),
        (_("Arrive by"), join(due, " ", sub(told(MODES, one.mode)))),
        (_("Receiver"), join(one.receiver, " ", sub(one.contact))),
        (_("Decided by"), join(one.decider, " ", sub(moment(one.issued_at)))),
        (_("For"), incident),
    )
    cells = (html("<div><dt>{}</dt><dd>{}</dd></div>", title, value) for title, value in rows)
    return html('<dl class="t-facts">{}</dl>', join(*cells))


def lines_table(page: OrderPage) -> Html:
    """Return the lines with their lots, bins and the reason for the source."""
    rows: list[list[Any]] = []
    for line in page.lines:
        lots = [one for one in page.sources if one.order_line_id == line.id]
        placed = join(*(_source(one, len(lots) > 1) for one in lots)) if lots else "—"
        unit = page.units.get(line.unit, Name(line.unit))
        rows.append(
            [
                str(line.position),
                html('<span class="t-b">{}</span> <span class="t-sub">{}</span>', line.item, line.item_code),
                html('{} <span class="t-sub">{}</span>', number(line.quantity), unit),
                _progress(line.shipped, line.quantity),
                _received(line),
                placed,
                _why(page, line),
            ]
        )
    titles = ["", _("Item"), _("Quantity"), _("Shipped"), _("Received"), _("Lot and bin"), _("Why from here")]
    return table(titles, rows, figures=(2, 3, 4))


def _source(one: OrderSource, several: bool) -> Html:
    expires = html('<br><span class="t-sub">{}</span>', day(one.expires_on)) if one.expires_on else ""
    count = f"{number(one.quantity)} · " if several else ""
    address = link("lot", lot=str(one.lot_id))
    return html(
        '<div>{}<span class="t-b">{}</span> <a href="{}" target="_self">{}</a>{}</div>',
        count, one.place, address, one.lot, expires,
    )  # fmt: skip


def _progress(done: int, whole: int) -> Html:
    return html('<span class="{}">{}</span>', "t-b" if done >= whole else "t-sub", number(done))


def _received(line: OrderLineRow) -> Html:
    told_rest = Html("")
    if line.closed_short:
        words = _("%(count)s closed short") % {"count": number(line.closed_short)}
        told_rest = html('<br><span class="t-sub">{}</span>', words)
    return join(_progress(line.received, line.quantity), told_rest)


def _why(page: OrderPage, line: OrderLineRow) -> Html:
    """Return the planner's reason: how far, and what kept the nearer stockpiles."""
    told_all: list[Html] = []
    for why in line.why[:1]:
        minutes = why.get("minutes")
        if minutes is not None:
            told_all.append(html("<div>{}</div>", _("%(span)s away") % {"span": span(minutes)}))
        nearer = why.get("nearer", ())
        if not nearer and minutes is not None:
            told_all.append(html('<div class="t-sub">{}</div>', _("the nearest that has it")))
        for near in nearer[:NEARER_SHOWN]:
            place = name(page.site_names.get(near["place"], Name(near["place"])))
            words = _("%(site)s (%(span)s) %(reason)s") % {
                "site": place,
                "span": span(near["minutes"]),
                "reason": word("nearer", near["reason"]),
            }
            told_all.append(html('<div class="t-sub">{}</div>', words))
        more = why.get("nearer_count", 0) - NEARER_SHOWN
        if more > 0:
            words = _("and %(count)s more that are nearer") % {"count": number(more)}
            told_all.append(html('<div class="t-sub">{}</div>', words))
    return join(*told_all) if told_all else sub("—")


def hands_list(page: OrderPage) -> Html:
    """Return who did which part: approved, picked, checked, shipped, received; overrides in violet."""
    titles = {one.id: one.number for one in page.shipments}
    rows: list[Html] = []
    for one in page.hands:
        extra: list[Html] = []
        if one.override_reason:
            extra.append(chip("override", one.override_reason))
        if one.verbal_by:
            words = _("by word of mouth: %(who)s; paper due %(due)s") % {
                "who": one.verbal_by,
                "due": moment(one.paper_due_at) if one.paper_due_at else "—",
            }
            extra.append(chip("verbal", words))
        what = _capacity(one, page)
        rows.append(
            html(
                '<li class="green"><span class="t-b">{}</span> {}<br><span class="t-sub">{} {}</span> {}</li>',
                what, one.name, moment(one.at), titles.get(one.document_id, ""), join(*extra),
            )
        )  # fmt: skip
    return html('<ul class="t-story">{}</ul>', join(*rows))


def _capacity(one: Hand, page: OrderPage) -> str:
    if one.role == "keeper":
        return _("shipped") if one.document_id != page.order.id else _("picked")
    known = {
        "requester": _("asked"),
        "approver": _("approved"),
        "recorder": _("recorded the order by word of mouth"),
        "checker": _("checked"),
        "receiver": _("received"),
    }
    return known.get(one.role, word("role", one.role))


def shipment_cards(page: OrderPage) -> Html:
    """Return the consignments of the order with vehicle, times and what is still on the way."""
    rows = []
    for one in page.shipments:
        vehicle = " · ".join(part for part in (one.plate, one.driver, one.phone) if part) or _("vehicle not stated")
        arrived = moment(one.arrived_at) if one.arrived_at else "—"
        rows.append(
            [
                html('<span class="t-b">{}</span>', one.number),
                shipment_chip(one.state),
                vehicle,
                moment(one.departed_at) if one.departed_at else "—",
                moment(one.eta_at) if one.eta_at else "—",
                arrived,
                consignment_links(one.number, allowed=page.allowed["issue_paper"], stacked=True),
                html(
                    '<a href="{}" target="_self" style="white-space:nowrap">{}</a>',
                    link("receive", shipment=str(one.id)),
                    _("Open"),
                ),
            ]
        )
    titles = [_("Consignment"), _("State"), _("Vehicle"), _("Departed"), _("Expected"), _("Arrived")]
    titles += [_("Papers"), ""]
    return table(titles, rows)


def difference_list(page: OrderPage) -> Html:
    """Return what did not agree, settled or not."""
    rows = [
        [
            mark("gray" if one.resolved else "red", "check" if one.resolved else "error", told(DIFFERENCES, one.kind)),
            html('{} <span class="t-sub">{}</span>', one.item, one.lot),
            amount(one.quantity, one.unit, page.units),
            one.note or "—",
            _("settled") if one.resolved else html('<span class="t-ink red">{}</span>', _("not settled")),
        ]
        for one in page.differences
    ]
    return table([_("Difference"), _("Item and lot"), _("Quantity"), _("Note"), ""], rows, figures=(2,))


def story_steps(page: OrderPage) -> Html:
    """Return the story of the order and its consignments, newest first: who, when, why."""
    steps: list[tuple[Tone, Any, Any, Any]] = []
    for one in reversed(page.story):
        who = name(one.actor) if one.actor else _("the program")
        why = one.asked.get("why") or one.asked.get("note") or ""
        if one.kind == "issue_paper":
            why = f"{word('kind', one.asked['kind'])} {one.outcome['number']}"
        override = one.asked.get("override_reason")
        what = join(deed_word(one.kind), " ", chip("override", override) if override else "")
        steps.append((DEED_TONES.get(one.kind, "gray"), what, why, f"{moment(one.occurred_at)} · {who}"))
    return story(*steps)


def head_parts(page: OrderPage) -> list[Html]:
    """Return what stands beside the title of the page."""
    one = page.order
    return [html('<span class="t-b">{}</span>', one.number), order_chip(one.state)]
