"""The dispatch order 调拨令: a letter on the GB/T 9704 grid, and as its annex the item list 调拨单.

The list states what P08 asks for (receiver and place; item, specification, quantity; contacts of both sides) and
order number, incident, level, approver, times, route, vehicle. A verbal order and an emergency override are written
into the letter and the list. Letter and list carry one seal.

Source: dispatch order fields after the Zoucheng procedure (P08); relief goods free of charge and for that use only
after 自然灾害救助条例 art. 24.
"""

from __future__ import annotations

from inventory.documents.data.dispatch import DispatchOrderPaper
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import GREY, LANDSCAPE, MM, Printed, printing
from inventory.documents.drawing.fonts import FontBook, font_book
from inventory.documents.drawing.letter import LetterText, Style, draw_letter
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording, contact_text, item_text, kilograms
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, put_form
from inventory.documents.sign import PaperKey, Seal, seal

NAMED_ITEMS_MAX = 4


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
        "zh_CN" or "en": the large text; the small text beside it is the other one. The letter is in one language.
    fonts
        Default: ours, or those of the site's folder.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    wording = Wording(language)
    signed = seal(paper, key)
    with printing(
        fonts or font_book(),
        title=wording.text("dispatch_order.subject", number=paper.number),
        author=wording.shown(paper.issuer),
        subject=wording.shown(paper.incident),
        language=language,
    ) as sheet:
        draw_letter(sheet, _letter(paper, wording, signed))
        put_form(sheet, _list(paper, wording, signed), paper, wording, signed)
        pdf = sheet.finish()
        return Printed(pdf, sheet.pages, tuple(sheet.missing), signed.text, signed.code)


def ledger_text(paper: DispatchOrderPaper, wording: Wording) -> str:
    """Return the head of the ledger's chain as printed, or nothing."""
    if paper.ledger is None:
        return ""
    head = paper.ledger
    return wording.text("common.ledger", node=head.node, sequence=str(head.sequence), hash=head.hash_hex)


def _letter(paper: DispatchOrderPaper, wording: Wording, signed: Seal) -> LetterText:
    say = wording.text
    check = say("letter.check", code=signed.code, key=signed.fingerprint)
    separator = say("common.list_separator")
    units = dict.fromkeys(wording.shown(party.unit) for party in (paper.sender, paper.receiver))
    has_contact = paper.contact.name or paper.contact.phone
    copies = separator.join(wording.shown(unit) for unit in paper.copies_to)
    return LetterText(
        copy_number=f"{paper.copy_number:06d}",
        urgency=wording.shown(paper.urgency),
        mark=say("letter.mark", issuer=paper.issuer),
        document_number=wording.shown(paper.document_number or paper.number),
        title=say("dispatch_order.title", receiver=paper.receiver.unit),
        salutation=say("letter.salutation", units=separator.join(units)),
        paragraphs=_paragraphs(paper, wording),
        annex=say("letter.annex", annex=say("dispatch_order.annex", number=paper.number)),
        issuer=wording.shown(paper.issuer),
        date=wording.instant("common.full_day", paper.issued_at),
        contact=say("letter.contact", name=paper.contact.name, phone=paper.contact.phone) if has_contact else "",
        copies_label=say("letter.copies"),
        copies=copies + say("letter.stop") if copies else "",
        office=say("letter.office", issuer=paper.issuer),
        printed=say("letter.printed", day=wording.instant("common.full_day", paper.issued_at)),
        seal_place=say("letter.seal"),
        page=say("letter.page", page="{page}"),
        code=say("common.code", code=signed.code),
        qr_text=signed.text,
        foot_lines=tuple(line for line in (check, ledger_text(paper, wording)) if line),
        demo=say("common.demo") if paper.demo else "",
    )


def _paragraphs(paper: DispatchOrderPaper, wording: Wording) -> tuple[tuple[Style, str], ...]:
    say = wording.text
    parts: list[tuple[Style, str]] = []
    ordinals = iter(say("letter.headings"))

    def head(key: str) -> None:
        parts.append(("heading", say("letter.heading", ordinal=next(ordinals), text=say(key))))

    if paper.situation.zh:
        parts.append(("paragraph", wording.shown(paper.situation)))
    approver = say("common.person", post=paper.approver_post, name=paper.approver).strip(" ,")
    level = say("dispatch_order.level", level=paper.level) if paper.level.zh else ""
    parts.append(("paragraph", say("dispatch_order.opening", incident=paper.incident, approver=approver, level=level)))
    head("dispatch_order.what_head")
    parts.append(("paragraph", _what(paper, wording)))
    head("dispatch_order.when_head")
    parts += _transport(paper, wording)
    head("dispatch_order.hand_head")
    sender, receiver = contact_text(paper.sender.contact), contact_text(paper.receiver.contact)
    hand = say(
        "dispatch_order.hand",
        sender=say("dispatch_order.hand_sender", contact=sender) if sender else "",
        receiver=say("dispatch_order.hand_receiver", contact=receiver) if receiver else "",
    )
    parts.append(("paragraph", hand))
    if paper.verbal:
        head("dispatch_order.verbal_head")
        parts.append(("paragraph", verbal_text(paper, wording)))
    if paper.override:
        head("dispatch_order.override_head")
        at = wording.instant("common.full_time", paper.override.at)
        told = say("dispatch_order.override", by=paper.override.by, at=at, reason=paper.override.reason)
        parts.append(("paragraph", told))
    if paper.instructions:
        head("dispatch_order.other_head")
        parts += [("paragraph", wording.shown(instruction)) for instruction in paper.instructions]
    return tuple(parts)


def _what(paper: DispatchOrderPaper, wording: Wording) -> str:
    say = wording.text
    names = list(dict.fromkeys(wording.shown(line.name) for line in paper.lines))
    more = say("dispatch_order.what_more", kinds=len(names)) if len(names) > NAMED_ITEMS_MAX else ""
    packages = [line.packages for line in paper.lines]
    grams = [line.weight_grams for line in paper.lines]
    known_packages = [count for count in packages if count is not None]
    known_grams = [weight for weight in grams if weight is not None]
    exact = len(known_packages) == len(packages), len(known_grams) == len(grams)
    return say(
        "dispatch_order.what",
        sender=paper.sender.unit,
        items=wording.joined(names[:NAMED_ITEMS_MAX]),
        more=more,
        packages=say("dispatch_order.what_packages", packages=f"{sum(known_packages):,}") if exact[0] else "",
        weight=say("dispatch_order.what_weight", weight=kilograms(sum(known_grams))) if exact[1] else "",
        receiver=paper.receiver.place,
    )


def _transport(paper: DispatchOrderPaper, wording: Wording) -> list[tuple[Style, str]]:
    say = wording.text
    ordinals = say("letter.headings")
    depart = ""
    if paper.depart_at:
        depart = say("dispatch_order.load_depart", time=wording.instant("common.full_time", paper.depart_at))
    driver = contact_text(paper.driver)
    driver = say("dispatch_order.carry_driver", driver=driver) if driver else ""
    by = say("dispatch_order.carry_by", vehicle=paper.vehicle, driver=driver) if paper.vehicle else ""
    deadline = ""
    if paper.deadline_at:
        time = wording.instant("common.full_time", paper.deadline_at)
        deadline = say("dispatch_order.carry_deadline", time=time)
    route = say("dispatch_order.carry_route", route=paper.route) if paper.route.zh else ""
    load_head, carry_head = say("dispatch_order.load_head"), say("dispatch_order.carry_head")
    carried = say("dispatch_order.carry", by=by, deadline=deadline, place=paper.receiver.place, route=route)
    return [
        ("subheading", say("letter.subheading", ordinal=ordinals[0], text=load_head)),
        ("paragraph", say("dispatch_order.load", depart=depart)),
        ("subheading", say("letter.subheading", ordinal=ordinals[1], text=carry_head)),
        ("paragraph", carried.strip()),
    ]


def verbal_text(paper: DispatchOrderPaper, wording: Wording) -> str:
    """Return the sentence on the verbal order, or nothing."""
    say, verbal = wording.text, paper.verbal
    if verbal is None:
        return ""
    due = ""
    if verbal.paperwork_due_at:
        due = say("dispatch_order.verbal_due", time=wording.instant("common.full_time", verbal.paperwork_due_at))
    return say(
        "dispatch_order.verbal",
        given_by=verbal.given_by,
        given_at=wording.instant("common.full_time", verbal.given_at),
        taken_by=say("dispatch_order.verbal_taken", name=verbal.taken_by) if verbal.taken_by else "",
        due=due,
    )


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
            Fact("incident", incident, 0.5),
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
