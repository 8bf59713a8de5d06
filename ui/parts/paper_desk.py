"""An order we do not know: goods taken from the data on their paper, and receipts that come back from other nodes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.errors import Refusal
from inventory.core.work import Work
from inventory.dispatch.carried import Carried, HandedBack, Taken
from inventory.dispatch.handing_back import Taking, receive_handed_back, takings
from inventory.dispatch.taking import take_paper
from inventory.errands.reading_papers import Preview, preview, read_paper, typed_consignment
from inventory.people.reach import covered_sites
from inventory.places.queries import SiteView, sites
from ui.parts.downloads import file_link
from ui.parts.errand import Form, ask, confirm, errand, refusal_note
from ui.parts.look import html, join, mark, note, section, show, sub, table
from ui.parts.opening import store
from ui.parts.pages import link
from ui.parts.paper_reading import Reading, read_codes
from ui.parts.whole import whole
from ui.parts.words import _, day, moment, name, number

QUANTITY_MAX = 999_999_999
TEXT_MAX = 200
RECENT_MAX = 20


def draw() -> None:
    """Draw the desk: what the last paper did, the codes, then what the paper carries."""
    goods, receipts = Form("paper.goods"), Form("paper.back")
    _done(goods, receipts)
    state = read_codes()
    if state.typed is not None:
        _goods(goods, state, ask(typed_consignment, typed=state.typed), "")
        return
    if not state.complete or state.gathered is None:
        _recent()
        return
    try:
        paper = read_paper(store(), state.gathered)
    except Refusal as refusal:
        show(refusal_note(refusal))
        return
    if paper.carried is not None:
        _goods(goods, state, paper.carried, paper.fingerprint)
    elif paper.back is not None:
        _receipt(receipts, state, paper.back, paper.fingerprint)


def _done(goods: Form, receipts: Form) -> None:
    """Say what the last papers booked."""
    if goods.last:
        outcome = goods.last.outcome
        words = _("%(received)s received, %(short)s short. Print the receipt page and send it back to the sender.")
        facts = {"received": number(outcome["received"]), "short": number(outcome["short"])}
        show(note("green", _("Booked as %(number)s.") % {"number": outcome["number"]}, words % facts))
        _back_link(outcome["number"])
    if receipts.last:
        outcome = receipts.last.outcome
        again = _("It had been booked before; nothing was added.") if receipts.last.again else ""
        words = _("%(received)s received, %(short)s short.")
        facts = {"received": number(outcome["received"]), "short": number(outcome["short"])}
        show(note("green", _("The receiver's receipt is booked."), words % facts, again))


def _back_link(receipt: str) -> None:
    st.link_button(
        _("Receipt page for the sender (PDF)"), file_link("hand_back", receipt, show="1"), icon=":material/print:"
    )


def _recent() -> None:
    """List what was taken from papers at this person's sites."""

    def look(work: Work) -> list[Taking]:
        return takings(work, site_ids=covered_sites(work, "take_paper"), limit=RECENT_MAX)

    if not (found := ask(look)):
        return
    rows = [
        [
            moment(one.at),
            html('<a href="{}" target="_blank">{}</a>', file_link("hand_back", one.receipt, show="1"), one.receipt),
            one.carried.number,
            one.site,
            one.by,
        ]
        for one in found
    ]
    show(section(_("Taken from papers"), _("newest first; the receipt page goes back to the sender")))
    show(table([_("Received"), _("Receipt"), _("Consignment"), _("Site"), _("Who")], rows))


def _goods(form: Form, state: Reading, carried: Carried, fingerprint: str) -> None:
    """Draw what a consignment carries, and the form to sign for it."""
    looked = ask(preview, carried=carried)
    _facts(
        (_("From"), html('<span class="t-b">{}</span> {}', carried.from_unit, carried.from_place)),
        (_("To"), html('<span class="t-b">{}</span> {}', carried.to_unit, carried.to_place)),
        (_("Order"), carried.order),
        (_("Incident"), carried.incident),
        (_("Shipped"), moment(carried.shipped_at)),
        (_("Vehicle"), " · ".join(part for part in (carried.vehicle, carried.driver) if part) or "—"),
        (_("Signed with"), fingerprint or _("typed, not signed")),
    )
    if looked.known_here:
        words = html('<a href="{}" target="_self">{}</a>', link("receive", shipment=str(carried.id)), carried.number)
        show(note("orange", _("This consignment stands in these books; receive it there."), words))
    elif looked.taken is not None:
        _taken_before(looked.taken)
    else:
        _form(form, state, carried, fingerprint, looked)


def _facts(*rows: tuple[str, Any]) -> None:
    cells = (html("<div><dt>{}</dt><dd>{}</dd></div>", title, value) for title, value in rows)
    show(html('<dl class="t-facts">{}</dl>', join(*cells)))


def _taken_before(taken: Taking) -> None:
    """Say that the paper was taken already, and what came then."""
    words = _("%(receipt)s, %(at)s, signed by %(who)s at %(site)s.")
    facts = {"receipt": taken.receipt, "at": moment(taken.at), "who": name(taken.by), "site": name(taken.site)}
    show(note("green", _("This paper has been booked; it is booked once."), words % facts))
    _show_lines(taken.carried, taken.lines)
    _back_link(taken.receipt)


def _show_lines(carried: Carried, stated: Sequence[Taken]) -> None:
    rows = []
    for one in stated:
        line = carried.lines[one.line - 1]
        short = max(0, line.quantity - one.good - one.damaged)
        red = html('<span class="t-ink red t-b">{}</span>', number(short)) if short else "0"
        rows.append([carried.items[line.item].name, number(line.quantity), number(one.good), number(one.damaged), red])
    show(table([_("Item"), _("Sent"), _("Good"), _("Damaged"), _("Missing")], rows, figures=(1, 2, 3, 4)))


def _form(form: Form, state: Reading, carried: Carried, fingerprint: str, looked: Preview) -> None:
    """Draw the form: the site, line by line what came, and the reason where the paper is addressed elsewhere."""
    places = ask(_places)
    site = _site(form, places, carried, looked)
    _warnings(looked)
    others = bool(looked.entered_before) and not st.checkbox(
        _("These goods are others; book them too"), key=form.key("others")
    )
    if not fingerprint:
        words = _("The signed paper is before me; I answer for what was typed")
        others = not st.checkbox(words, key=form.key("answers")) or others
    show(section(_("What came"), _("blank = not looked at yet; 0 only where nothing came")))
    with st.container(key="acts"):
        st.button(
            _("All came, all good"),
            icon=":material/done_all:",
            width="stretch",
            key=form.key("all"),
            on_click=_fill_all,
            args=(state,),
        )
    stated = [one for at in range(len(carried.lines)) if (one := _line(form, state, carried, at)) is not None]
    written = st.text_input(_("Note"), key=form.key("note"), max_chars=TEXT_MAX)
    elsewhere = site is not None and bool(carried.to_site) and site.code != carried.to_site
    reason = ""
    if elsewhere:
        show(note("orange", _("This paper is addressed to somebody else."), name(carried.to_place)))
        reason = st.text_input(_("Why the goods stay here"), key=form.key("reason"), max_chars=TEXT_MAX).strip()
    ready = site is not None and len(stated) == len(carried.lines) and not others and not (elsewhere and not reason)
    with st.container(key="acts-post"):
        pressed = st.button(
            _("Sign for the goods"),
            type="primary",
            icon=":material/inventory:",
            width="stretch",
            key=form.key("post"),
            shortcut="Ctrl+Enter",
            disabled=not ready,
            help=None if ready else _("Choose the site and state every line; 0 where nothing came."),
        )
    if pressed and site is not None:
        asked = {
            "not_addressed_here": elsewhere,
            "may_be_here": bool(looked.entered_before),
            "typed_unsigned": not fingerprint,
        }
        facts: dict[str, Any] = {
            "carried": carried,
            "fingerprint": fingerprint,
            "site_id": site.id,
            "lines": stated,
            "note": written.strip(),
            "reason": reason,
            "confirmed": frozenset(code for code, needed in asked.items() if needed),
        }
        confirm(
            _("Sign for the goods"),
            act=_("Sign and post"),
            body=partial(_review, carried, stated, site),
            do=lambda: errand(take_paper, form=form, then=lambda answer: state.anew(), **facts),
            glyph="inventory",
            width="medium",
        )


def _places(work: Work) -> list[SiteView]:
    covered = covered_sites(work, "take_paper")
    return [one for one in sites(work) if covered is None or one.id in covered]


def _site(form: Form, places: list[SiteView], carried: Carried, looked: Preview) -> SiteView | None:
    """Draw the choice of the site that takes the goods: the addressed one where this person covers it."""
    named = {one.id: one for one in places}
    keys = list(named)
    addressed = keys.index(looked.site_id) if looked.site_id in named and looked.site_id else None
    chosen: UUID | None = st.selectbox(
        _("Site that takes the goods"),
        keys,
        index=addressed,
        format_func=lambda key: name(named[key].name),
        key=form.key("site"),
        placeholder=name(carried.to_place),
    )
    return named[chosen] if chosen else None


def _warnings(looked: Preview) -> None:
    if looked.new_items:
        words = ", ".join(name(one) for one in looked.new_items)
        then = _("They are added to the catalogue with what the paper says of them.")
        show(note("blue", _("Items that are not in this catalogue:"), words, then))
    if looked.entered_before:
        words = _("Lots with this number stand here already: %(lots)s.") % {"lots": ", ".join(looked.entered_before)}
        then = _("If they were entered by hand from this paper, do not book them again.")
        show(note("orange", _("These goods may have been entered before."), words, then))


@whole
def _fill_all(state: Reading) -> None:
    """Open every field anew with what was sent, as "all good"; runs before the page is drawn again."""
    # New fields with a value of their own: values put into old ones are lost when the next key comes before they stand.
    state.fills += 1


def _line(form: Form, state: Reading, carried: Carried, at: int) -> Taken | None:
    """Draw one line; None while nothing is stated."""
    line = carried.lines[at]
    item = carried.items[line.item]
    with st.container(border=True):
        lot = " ".join(
            part for part in (line.label, line.batch, day(line.expires_on) if line.expires_on else "") if part
        )
        show(html('<span class="t-b">{}</span> <span class="t-sub">{}</span>', item.name, lot))
        words = _("%(quantity)s %(unit)s sent") % {"quantity": number(line.quantity), "unit": name(item.unit_name)}
        show(sub(words))
        with st.container(horizontal=True, gap="small"):
            limits: dict[str, Any] = {"min_value": 0, "max_value": QUANTITY_MAX, "step": 1, "placeholder": "–"}
            filled = state.fills > 0
            good = st.number_input(
                _("Good"),
                value=line.quantity if filled else None,
                key=form.key(f"good.{at}.{state.fills}"),
                **limits,
            )
            damaged = st.number_input(
                _("Damaged"), value=0 if filled else None, key=form.key(f"damaged.{at}.{state.fills}"), **limits
            )
        if good is None and damaged is None:
            return None
        rest = line.quantity - (good or 0) - (damaged or 0)
        seen = ""
        if rest > 0:
            show(mark("red", "error", _("%(count)s short") % {"count": number(rest)}))
        if rest < 0:
            show(mark("orange", "add_circle", _("%(count)s more than sent") % {"count": number(-rest)}))
        if rest or damaged:
            seen = st.text_input(_("What was seen"), key=form.key(f"seen.{at}"), max_chars=TEXT_MAX).strip()
        return Taken(at + 1, good or 0, damaged or 0, seen)


def _review(carried: Carried, stated: list[Taken], site: SiteView) -> None:
    _show_lines(carried, stated)
    show(sub(name(site.name)))


def _receipt(form: Form, state: Reading, back: HandedBack, fingerprint: str) -> None:
    """Draw what a receiver signed for, and book it into the consignment that was sent from here."""
    _facts(
        (_("Consignment"), html('<span class="t-b">{}</span>', back.consignment)),
        (_("Receipt"), back.receipt),
        (_("Received by"), html("{} {}", back.node_name, back.received_by)),
        (_("Received"), moment(back.received_at)),
        (_("Note"), back.note or "—"),
        (_("Signed with"), fingerprint),
    )
    rows = [[one.label, number(one.good), number(one.damaged), one.note] for one in back.lines]
    show(table([_("Lot"), _("Good"), _("Damaged"), _("What was seen")], rows, figures=(1, 2)))
    place = st.container()
    if st.button(_("Book the receiver's receipt"), type="primary", icon=":material/inventory:", key=form.key("post")):
        with place:
            errand(
                receive_handed_back,
                form=form,
                then=lambda answer: state.anew(),
                back=back,
                fingerprint=fingerprint,
            )
