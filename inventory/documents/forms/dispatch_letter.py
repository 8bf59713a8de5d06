"""What the letter of a dispatch order says, as a letter or as a command; the list that goes with it is beside this.

Source: relief goods free of charge and for that use only after 自然灾害救助条例 art. 24.
"""

from __future__ import annotations

from inventory.documents.data.dispatch import DispatchOrderPaper
from inventory.documents.drawing.letter import LetterText, Style
from inventory.documents.drawing.wording import Wording, contact_text, kilograms
from inventory.documents.sign import Seal

NAMED_ITEMS_MAX = 4


def letter_text(paper: DispatchOrderPaper, wording: Wording, signed: Seal, *, translated: bool = False) -> LetterText:
    """Return the words of the letter or command; `translated` says that the Chinese one stands before it."""
    say = wording.text
    check = say("letter.check", code=signed.code, key=signed.fingerprint)
    separator = say("common.list_separator")
    units = dict.fromkeys(wording.shown(party.unit) for party in (paper.sender, paper.receiver))
    has_contact = paper.contact.name or paper.contact.phone
    copies = separator.join(wording.shown(unit) for unit in paper.copies_to)
    command = paper.format == "command"
    prevails = say("letter.translation") if translated else ""
    return LetterText(
        copy_number=f"{paper.copy_number:06d}",
        urgency=wording.shown(paper.urgency),
        mark=say("letter.mark_command" if command else "letter.mark", issuer=paper.issuer),
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
        foot_lines=tuple(line for line in (check, ledger_text(paper, wording), prevails) if line),
        demo=say("common.demo") if paper.demo else "",
        joint=tuple(wording.shown(cosigner.unit) for cosigner in paper.cosigners),
        mark_suffix=say("letter.suffix_command" if command else "letter.suffix"),
        command=command,
        signers=_signers(paper, wording) if command else (),
        stamp_place=say("letter.stamp"),
        both_sides=paper.both_sides,
        by_words=wording.language == "en",
    )


def _signers(paper: DispatchOrderPaper, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Return post and name of whoever stamps a command; where several units do, each post with its unit."""
    post, name = wording.shown(paper.approver_post), wording.shown(paper.approver)
    if not paper.cosigners:
        return ((post, name),)
    units = [(paper.issuer, paper.approver_post, name)]
    units += [(one.unit, one.post, wording.shown(one.name)) for one in paper.cosigners]
    return tuple((wording.text("letter.signer", unit=unit, post=post).strip(" ,"), name) for unit, post, name in units)


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


def ledger_text(paper: DispatchOrderPaper, wording: Wording) -> str:
    """Return the head of the ledger's chain as printed, or nothing."""
    if paper.ledger is None:
        return ""
    head = paper.ledger
    return wording.text("common.ledger", node=head.node, sequence=str(head.sequence), hash=head.hash_hex)
