"""What the check of a paper found, drawn: the answer large, its facts, and what stands on the paper, to compare."""

from __future__ import annotations

from typing import Any

import streamlit as st

from inventory.core.errors import Name
from inventory.errands.proving_papers import Found, Verdict
from inventory.errands.verdicts import STOPPED, TITLES, say_more, say_verdict
from ui.parts.downloads import file_link
from ui.parts.look import Tone, html, join, note, section, show, sub, table
from ui.parts.look import icon as glyph
from ui.parts.pages import link
from ui.parts.session import may
from ui.parts.words import _, language, moment, name, number, word

LINES_SHOWN_MAX = 100
LOOKS: dict[str, tuple[Tone, str]] = {
    "valid": ("green", "verified"),
    "superseded": ("orange", "history"),
    "altered": ("red", "gpp_bad"),
    "unknown": ("gray", "help"),
}
"""Answer -> tone and icon."""

PAGES_OF: dict[str, tuple[str, str, str]] = {
    "dispatch_order": ("orders", "order", "see_orders"),
    "pick_list": ("orders", "order", "see_orders"),
    "receipt": ("receive", "shipment", "receive_shipment"),
    "waybill": ("receive", "shipment", "receive_shipment"),
    "issue_note": ("receive", "shipment", "receive_shipment"),
    "count_sheet": ("count", "count", "read_count"),
    "variance_report": ("count", "count", "see_count_review"),
    "data_page": ("receive", "shipment", "receive_shipment"),
    "resource_request": ("plan", "request", "see_plans"),
    "demand_report": ("plan", "request", "see_plans"),
    **dict.fromkeys(
        (
            "mobilisation",
            "check_in",
            "status_change",
            "communications_plan",
            "requirement_sheet",
            "resource_cards",
            "incident_record",
            "close_out",
        ),
        ("incident", "incident", "see_incidents"),
    ),
}
"""Kind of paper -> the page of its document, what stands in its address, and the read or command that opens it."""


def tone_of(verdict: Verdict) -> Tone:
    """Return the tone of a verdict; a genuine paper of a stopped document is no green light."""
    stopped = verdict.found is not None and verdict.found.state in STOPPED
    return "orange" if stopped and verdict.answer == "valid" else LOOKS[verdict.answer][0]


def draw(verdict: Verdict) -> None:
    """Draw a verdict."""
    said = say_verdict(verdict, language())
    role = "alert" if verdict.answer == "altered" else "status"
    show(
        html(
            '<div class="t-verdict big {}" role="{}">{}<span><b>{}</b><span class="t-b">{}</span><span>{}</span>'
            "<span>{}</span></span></div>",
            tone_of(verdict), role, glyph(LOOKS[verdict.answer][1]), _(TITLES[verdict.answer]),
            said.what, said.why, said.then,
        )
    )  # fmt: skip
    for good, words in say_more(verdict, language()):
        mark = html('<span class="t-ink green">{}</span> {}', glyph("check"), words)
        show(mark if good else note("red", words))
    if verdict.found is not None:
        _facts(verdict, verdict.found)
        _links(verdict.found)
        if verdict.found.paper is not None:
            _content(verdict.found.paper)


def _facts(verdict: Verdict, found: Found) -> None:
    revision = _("%(revision)s of %(latest)s") % {"revision": found.revision, "latest": found.latest_revision}
    facts = [
        (_("Paper"), word("kind", found.kind)),
        (_("Number"), found.number),
        (_("Revision"), revision),
        (_("Issued at"), moment(found.issued_at)),
        (_("By whom"), name(found.issued_by) if found.issued_by else _("the program")),
        (_("Signed with"), f"{verdict.office or _('our own')} {verdict.fingerprint}".strip()),
    ]
    if found.head is not None:
        facts.append((_("Ledger head"), f"{found.head.node} {found.head.sequence} {found.head.hash_hex[:16]}…"))
    cells = (html("<div><dt>{}</dt><dd>{}</dd></div>", title, value) for title, value in facts)
    show(html('<dl class="t-facts">{}</dl>', join(*cells)))


def _links(found: Found) -> None:
    with st.container(horizontal=True):
        page = PAGES_OF.get(found.kind)
        if page is not None and may(page[2]):
            of = found.number if page[0] == "orders" else str(found.subject_id)
            st.link_button(_("Open the document"), link(page[0], **{page[1]: of}), icon=":material/open_in_new:")
        if found.may_print:
            stamped = found.revision < found.latest_revision
            words = _("This revision, stamped") if stamped else _("The paper as issued")
            st.link_button(words, file_link("issued", str(found.id), show="1"), icon=":material/print:")


def _content(paper: Any) -> None:
    """Draw what stands on the paper: whoever holds it compares the print with this."""
    show(section(_("What stands on it"), _("compare every line with the paper in your hand")))
    parties = [(_("From"), getattr(paper, "sender", None)), (_("To"), getattr(paper, "receiver", None))]
    told = [html("{} <b>{}</b>", title, _party(party)) for title, party in parties if party is not None]
    if told:
        show(html('<div class="t-row">{}</div>', join(*told)))
    lines = getattr(paper, "lines", ())
    rows = [_line(position, line) for position, line in enumerate(lines[:LINES_SHOWN_MAX], 1)]
    if not rows:
        return
    titles = [_("No."), _("Item"), _("Spec."), _("Lot"), _("Quantity"), _("Unit")]
    used = [at for at in range(len(titles)) if any(row[at] for row in rows)]
    show(table([titles[at] for at in used], [[row[at] for at in used] for row in rows],
               figures=tuple(used.index(at) for at in (0, 4) if at in used)))  # fmt: skip
    if len(lines) > len(rows):
        show(sub(_("The first %(shown)s of %(count)s.") % {"shown": number(len(rows)), "count": number(len(lines))}))


def _party(party: Any) -> str:
    if isinstance(party, Name):
        return name(party)
    unit, place = (getattr(party, part, None) for part in ("unit", "place"))
    return " · ".join(name(one) for one in (unit, place) if isinstance(one, Name) and one.zh)


def _line(position: int, line: Any) -> list[str]:
    names = (getattr(line, part, None) for part in ("name", "specification"))
    item, spec = (name(one) if isinstance(one, Name) else str(one or "") for one in names)
    quantity, unit = getattr(line, "quantity", None), getattr(line, "unit", None)
    return [
        number(position), item, spec, str(getattr(line, "lot", "") or ""),
        number(quantity) if isinstance(quantity, int) else "",
        name(unit) if isinstance(unit, Name) else str(unit or ""),
    ]  # fmt: skip
