"""Goods in: a purchase, donation or allotment is taken into the bins of one site, one new lot a line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from inventory.catalogue.queries import ItemView, items
from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.ledger.commands import GoodsLine, receive_goods
from inventory.people.reach import covered_sites
from inventory.places.queries import PlaceView, SiteView, bins, sites
from ui.parts.errand import Form, ask, confirm, errand
from ui.parts.label_desk import entry_labels
from ui.parts.look import empty, html, note, section, show, table
from ui.parts.paper_links import receipt_note_button
from ui.parts.session import may, person
from ui.parts.trade import SOURCES, told
from ui.parts.whole import whole
from ui.parts.words import _, day, name, number

LINES_MAX = 30
QUANTITY_MAX = 999_999_999
CHOICES = ("purchase", "donation", "allotted", "requisition")


@dataclass(frozen=True)
class _Row:
    """One line as it stands in the form; `line` is None while something is missing."""

    item: ItemView | None
    line: GoodsLine | None
    bin: str
    begun: bool


def _choices(work: Work) -> tuple[list[SiteView], list[ItemView]]:
    covered = covered_sites(work, "receive_goods")
    places = [one for one in sites(work) if covered is None or one.id in covered]
    return [one for one in places if one.kind in {"store", "point", "forward", "village", "shelter"}], items(
        work, limit=2000
    )


def draw() -> None:
    """Draw the form."""
    form = Form("goods_in")
    places, known = ask(_choices)
    if form.last:
        words = _("%(count)s new lots are in stock.") % {"count": number(len(form.last.outcome["lots"]))}
        show(note("green", _("Goods received."), words))
        with st.container(horizontal=True, gap="small"):
            receipt_note_button(form.last.id, allowed=may("issue_paper"))
            entry_labels(str(form.last.id), key="goods_in.labels")
    if not places:
        show(
            empty(
                "block", _("None of your sites takes goods in."), _("Ask the security administrator for a role there.")
            )
        )
        return
    named = {one.id: one for one in places}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        site_id = st.selectbox(
            _("Site"),
            list(named),
            index=0 if len(named) == 1 else None,
            format_func=lambda key: name(named[key].name),
            key=form.key("site"),
            width=280,
        )
        source = st.segmented_control(
            _("Source"),
            CHOICES,
            default="purchase",
            required=True,
            format_func=lambda one: told(SOURCES, one),
            key=form.key("source"),
            wrap=True,
        )
        owners = _owners(named.get(site_id) if site_id else None)
        owner_id = st.selectbox(
            _("Owner"), list(owners), format_func=lambda key: name(owners[key]), key=form.key("owner"), width=230
        )
        giver = st.text_input(_("Supplier or donor"), key=form.key("giver"), max_chars=80, width=240)
    if site_id is None:
        show(empty("warehouse", _("Choose the site that takes the goods in."), ""))
        return
    places_of = ask(bins, site_id=site_id, kinds=("bin",))
    if not places_of:
        show(note("orange", _("This site has no bin."), _("Open one first.")))
        return
    rows = _lines(form, places_of, {one.id: one for one in known})
    _post(form, named[site_id], owner_id, source or "purchase", giver.strip(), rows)


def _owners(site: SiteView | None) -> dict[UUID, Name]:
    """Return who may own what comes in: the organisation of the person, and the keeper of the site."""
    here = {person().organisation_id: person().organisation}
    return here if site is None else {**here, site.organisation_id: site.organisation}


def _lines(form: Form, places: list[PlaceView], known: dict[UUID, ItemView]) -> list[_Row]:
    """Draw the lines; one more is offered with each press."""
    show(section(_("What comes in"), _("one new lot each; a blank line is not posted")))
    counter = form.key("lines")
    count = min(int(st.session_state.get(counter, 1)), LINES_MAX)
    rows = [_line(form, at, places, known) for at in range(count)]
    if count < LINES_MAX:
        st.button(
            _("One more line"), icon=":material/add:", key=form.key("more"), on_click=_more, args=(counter, count)
        )
    return rows


@whole
def _more(counter: str, count: int) -> None:
    st.session_state[counter] = count + 1


def _line(form: Form, at: int, places: list[PlaceView], known: dict[UUID, ItemView]) -> _Row:
    codes = {one.id: one.code for one in places}
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", gap="small"):
        item_id = st.selectbox(
            _("Item"),
            list(known),
            index=None,
            format_func=lambda key: f"{known[key].code} {name(known[key].name)}",
            key=form.key(f"item.{at}"),
            width=300,
        )
        item = known.get(item_id) if item_id else None
        label = _("Quantity") if item is None else _("Quantity (%(unit)s)") % {"unit": name(item.unit_name)}
        quantity = st.number_input(
            label, 1, QUANTITY_MAX, None, key=form.key(f"quantity.{at}"), placeholder="–", width=150
        )
        bin_id = st.selectbox(
            _("Bin"), list(codes), format_func=codes.__getitem__, key=form.key(f"bin.{at}"), width=120
        )
        batch = st.text_input(_("Batch"), key=form.key(f"batch.{at}"), max_chars=60, width=140)
        expiry = st.date_input(
            _("Expiry"),
            value=None,
            min_value=dt.date(2000, 1, 1),
            max_value=dt.date(2100, 1, 1),
            format="YYYY-MM-DD",
            key=form.key(f"expiry.{at}"),
            width=150,
        )
        price = st.number_input(
            _("Unit price (yuan)"),
            min_value=0.0,
            max_value=9_999_999.0,
            value=None,
            step=0.01,
            format="%.2f",
            key=form.key(f"price.{at}"),
            placeholder="–",
            width=140,
        )
    needs_expiry = item is not None and item.tracking == "expiry"
    if needs_expiry and expiry is None:
        show(html('<p class="t-sub">{}</p>', _("This item is kept by expiry: enter the date.")))
    begun = bool(item_id or quantity or batch.strip())
    line = None
    if item_id and quantity and bin_id and not (needs_expiry and expiry is None):
        line = GoodsLine(
            item_id,
            bin_id,
            int(quantity),
            batch=batch.strip(),
            expires_on=expiry if isinstance(expiry, dt.date) else None,
            unit_price_fen=None if price is None else round(price * 100),
        )
    return _Row(item, line, codes.get(bin_id, "") if bin_id else "", begun)


def _post(form: Form, site: SiteView, owner_id: UUID | None, source: str, giver: str, rows: list[_Row]) -> None:
    begun = [row for row in rows if row.begun]
    lines = [row.line for row in begun if row.line is not None]
    complete = bool(lines) and len(lines) == len(begun)
    if st.button(
        _("Take in"),
        type="primary",
        icon=":material/input:",
        key=form.key("go"),
        shortcut="Ctrl+Enter",
        disabled=not complete,
        help=None if complete else _("Every line needs item, quantity and bin, and the expiry where it is kept by it."),
    ):
        facts = {
            "site_id": site.id,
            "owner_id": owner_id or site.organisation_id,
            "source": source,
            "source_name": giver,
            "channel": "entrusted" if site.channel == "entrusted" else "own",
            "lines": lines,
        }
        confirm(
            _("Take goods in"),
            act=_("Take in and post"),
            body=lambda: _review(site, begun),
            do=lambda: errand(receive_goods, form=form, **facts),
            glyph="input",
            width="medium",
        )


def _review(site: SiteView, rows: list[_Row]) -> None:
    told_rows = [
        [
            row.item.name,
            number(row.line.quantity),
            row.item.unit_name,
            row.bin,
            row.line.batch or "—",
            day(row.line.expires_on),
        ]
        for row in rows
        if row.item is not None and row.line is not None
    ]
    titles = [_("Item"), _("Quantity"), _("Unit"), _("Bin"), _("Batch"), _("Expiry")]
    show(html('<p class="t-b">{}</p>', Name(site.name.zh, site.name.en)))
    show(table(titles, told_rows, figures=(1,)))
