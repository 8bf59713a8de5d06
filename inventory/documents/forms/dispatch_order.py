"""The dispatch order 调拨令: a letter or command on the GB/T 9704 grid, and as its annex the item list 调拨单.

The list states what P08 asks for (receiver and place; item, specification, quantity; contacts of both sides) and
order number, incident, level, approver, times, route, vehicle. A verbal order and an emergency override are written
into the letter and the list. Letter and list carry one seal. The list is printed in its copies: 存根, 随车, 回执.

Source: dispatch order fields after the Zoucheng procedure (P08).
"""

from __future__ import annotations

from inventory.documents.data.dispatch import DispatchOrderPaper
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import GREY, LANDSCAPE, MM, Printed, printing
from inventory.documents.drawing.fonts import FontBook, font_book
from inventory.documents.drawing.letter import draw_letter
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording, contact_text, item_text, kilograms, wordings_of
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, put_form
from inventory.documents.forms.dispatch_letter import ledger_text, letter_text, verbal_text
from inventory.documents.sign import PaperKey, Seal, seal


def dispatch_order(
    paper: DispatchOrderPaper,
    *,
    key: PaperKey,
    language: str = "zh_CN",
    fonts: FontBook | None = None,
) -> Printed:
    """Return the letter and the item list as one PDF.

    Parameters
    ----------
    key
        The node's key (`sign.load_key`).
    language
        "zh_CN" or "en": the letter's language, and the large text of the list beside the small one. "both": the
        Chinese letter, its English translation on pages of its own, the list with Chinese large.
    fonts
        Default: ours, or those of the site's folder.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    wordings = wordings_of(language)
    wording = wordings[0]
    signed = seal(paper, key)
    with printing(
        fonts or font_book(),
        title=wording.text("dispatch_order.subject", number=paper.number),
        author=wording.shown(paper.issuer),
        subject=wording.shown(paper.incident),
        language=wording.language,
    ) as sheet:
        for one in wordings:
            draw_letter(sheet, letter_text(paper, one, signed, translated=one is not wording))
        put_form(sheet, _list(paper, wording, signed), paper, wording, signed)
        pdf = sheet.finish()
        return Printed(pdf, sheet.pages, tuple(sheet.missing), signed.text, signed.code)


def _list(paper: DispatchOrderPaper, wording: Wording, signed: Seal) -> Form:
    say = wording.text
    revision = say("common.revision", revision=paper.revision)
    code = say("common.code", code=signed.code)
    boxes = [
        SignatureBox("dispatch_order.sign_sender", ("common.name", "common.signature", "common.time")),
        SignatureBox("dispatch_order.sign_carrier", ("dispatch_order.name_plate", "common.signature", "common.time")),
        SignatureBox("dispatch_order.sign_receiver", ("common.name", "common.signature", "common.time")),
        SignatureBox(
            "dispatch_order.sign_check",
            ("dispatch_order.packages_received", "dispatch_order.seal_number", "dispatch_order.exceptions"),
        ),
    ]
    notes = (say("common.check", key=signed.fingerprint), ledger_text(paper, wording))
    return Form(
        key="dispatch_order",
        number=paper.number,
        author=wording.shown(paper.issuer),
        page=LANDSCAPE,
        title="list_title",
        subtitle=say(
            "dispatch_order.list_subtitle",
            document=paper.document_number,
            number=paper.number,
            revision=revision,
            code=code,
        ).strip(" \u3000"),
        foot=say("dispatch_order.list_foot"),
        foot_middle=f"{wording.shown(paper.number)} {revision} {code}",
        copies=tuple(f"dispatch_order.copy_{copy}" for copy in paper.list_copies),
        both_sides=paper.both_sides,
        parts=(
            Facts(_facts(paper, wording), row_height=7.6 * MM),
            Goods(_table(paper, wording)),
            Signatures(boxes),
            *(Note(note, colour=GREY) for note in notes if note),
        ),
    )


def _facts(paper: DispatchOrderPaper, wording: Wording) -> list[list[Fact]]:
    say, show = wording.text, wording.shown
    based = [
        say("dispatch_order.source_request", number=paper.request_number) if paper.request_number else "",
        say("dispatch_order.source_plan", number=paper.plan_number) if paper.plan_number else "",
    ]
    approver = f"{show(paper.approver_post)} {paper.approver} {show(paper.approved_at)}".strip()
    incident = f"{show(paper.incident)} {paper.incident_number}".strip()
    rows = [
        [Fact("from", show(paper.sender.unit), 0.5), Fact("to", show(paper.receiver.unit), 0.5)],
        [Fact("load_at", show(paper.sender.place), 0.5), Fact("deliver_at", show(paper.receiver.place), 0.5)],
        [
            Fact("sender_contact", show(contact_text(paper.sender.contact)), 0.5),
            Fact("receiver_contact", show(contact_text(paper.receiver.contact)), 0.5),
        ],
        [
            Fact("incident", show(incident), 0.5),
            Fact("response", show(paper.level), 0.25),
            Fact("issued_at", show(paper.issued_at), 0.25),
        ],
        [Fact("approved", show(approver), 0.5), Fact("source", wording.joined(based), 0.5)],
        [
            Fact("vehicle", show(f"{paper.vehicle} {show(paper.mode)}"), 0.25),
            Fact("driver", show(contact_text(paper.driver)), 0.25),
            Fact("escort", show(contact_text(paper.escort)), 0.25),
            Fact("depart", show(paper.depart_at), 0.25),
        ],
        [
            Fact("route", show(paper.route), 0.5),
            Fact("arrive", show(paper.arrive_at), 0.25),
            Fact("deadline", show(paper.deadline_at), 0.25),
        ],
    ]
    if paper.verbal:
        rows.append([Fact("verbal_fact", verbal_text(paper, wording), 1)])
    if paper.override:
        override = paper.override
        told = say("dispatch_order.override_short", by=override.by, at=override.at, reason=override.reason)
        rows.append([Fact("override_fact", told, 1)])
    return rows


def _table(paper: DispatchOrderPaper, wording: Wording) -> Table:
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item_code", 25),
        Column("common.item", 60),
        Column("common.lot", 22),
        Column("common.expiry", 20, "centre"),
        Column("common.unit", 11, "centre", fit=True),
        Column("dispatch_order.ordered", 18, "right", "hei", fit=True),
        Column("common.packages", 13, "right", summed=lambda count: f"{count:,}", fit=True),
        Column("common.weight", 20, "right", summed=kilograms, fit=True),
        Column("common.bin", 18, "centre"),
        Column("dispatch_order.issued", 13, "right"),
        Column("dispatch_order.received", 13, "right"),
        Column("dispatch_order.damaged", 12, "right"),
        Column("common.remarks", 19),
    ]
    rows = [
        Row(
            (
                str(number),
                wording.shown(line.code),
                item_text(line, wording),
                wording.shown(line.lot),
                wording.shown(line.expires_on) or UNKNOWN,
                wording.shown(line.unit),
                wording.shown(line.quantity),
                UNKNOWN if line.packages is None else wording.shown(line.packages),
                UNKNOWN if line.weight_grams is None else kilograms(line.weight_grams),
                wording.shown(line.bin),
                "",
                "",
                "",
                wording.shown(line.remarks),
            ),
            {7: line.packages, 8: line.weight_grams},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows)
