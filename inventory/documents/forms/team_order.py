"""The team deployment order 救援队伍调派令: one team, its task, where to report, what to take, how to call.

The order with equipment, PACE ladder and signatures comes first; the roster of those who go has a page of its own, so
that it can be handed to the gate or the hospital without the order.
"""

from __future__ import annotations

from inventory.documents.data.teams import RANKS, TeamOrderPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, contact_text, item_text
from inventory.documents.form import Facts, Form, Goods, NewPage, Part, Signatures, Title, print_form, standing
from inventory.documents.forms.cells import boxes, override_notes
from inventory.documents.forms.teams import WRITING_HEIGHT, blank_rows, check_note, incident_text, period_text, stacked
from inventory.documents.sign import PaperKey, Seal


def team_order(
    paper: TeamOrderPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the deployment order as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: TeamOrderPaper, wording: Wording, signed: Seal) -> Form:
    say = wording.text
    under = standing(paper, wording, signed)
    if paper.document_number:
        under = say("team_order.subtitle", document=paper.document_number, standing=under)
    parts: list[Part] = [Facts(_facts(paper, wording), row_height=8 * MM), *override_notes(paper.override, wording)]
    if paper.equipment or paper.blank_lines:
        parts += [Title(_both(wording, "equipment")), Goods(_equipment(paper, wording), gap=2 * MM)]
    parts += [
        Title(_both(wording, "links")),
        Goods(_links(paper, wording)),
        Signatures(boxes("team_order", "sign_issue", "sign_take", "sign_back")),
        check_note(wording, signed),
    ]
    if paper.members:
        parts += [NewPage(), Title(_both(wording, "members")), Goods(_members(paper, wording))]
    return Form(
        key="team_order",
        number=paper.number,
        author=wording.shown(paper.issuer),
        about=wording.shown(paper.incident),
        subtitle=under,
        foot_middle=wording.shown(paper.issuer),
        parts=tuple(parts),
    )


def _both(wording: Wording, key: str) -> str:
    """Return the title of a section in both languages."""
    return f"{wording.text(f'team_order.{key}')}  {wording.other.text(f'team_order.{key}')}"


def _facts(paper: TeamOrderPaper, wording: Wording) -> list[list[Fact]]:
    say, show = wording.text, wording.shown
    people = say("team_order.people_listed" if paper.members else "team_order.people_value", people=paper.people)
    incident = stacked(incident_text(paper.incident, wording, drill=paper.drill), show(paper.incident_number))
    approver = show(say("team_papers.signer", post=paper.approver_post, name=paper.approver))
    rows = [
        [Fact("team", show(paper.team), 0.6), Fact("team_kind", show(paper.team_kind), 0.4)],
        [
            Fact("leader", show(paper.leader.name), 0.3),
            Fact("mobile", show(paper.leader.phone), 0.3),
            Fact("radio", show(paper.radio), 0.4),
        ],
        [Fact("people", people, 0.4), Fact("vehicles", show(paper.vehicles), 0.6)],
        [Fact("incident", incident, 0.6), Fact("level", show(paper.level), 0.4)],
        [Fact("period", period_text(paper.period, wording), 0.5), Fact("sector", show(paper.sector), 0.5)],
        [Fact("tasks", _tasks(paper, wording), 1, height=12 * MM)],
        [Fact("assemble_at", show(paper.assemble_at), 0.6), Fact("assemble_by", show(paper.assemble_by), 0.4)],
        [Fact("route", show(paper.route), 1)],
        [Fact("report_to", show(paper.report_to), 0.6), Fact("report_at", show(paper.report_at), 0.4)],
        [
            Fact("commander", show(contact_text(paper.commander)), 0.6),
            Fact("duty_office", show(paper.duty_office), 0.4),
        ],
        [Fact("supply", show(paper.supply), 1)],
        [Fact("rest", show(paper.rest), 1)],
        [Fact("safety", show(paper.safety), 1)],
        [Fact("approver", approver, 0.6), Fact("issued_at", show(paper.issued_at), 0.4)],
    ]
    if paper.verbal is not None:
        told = say(
            "team_order.verbal_value",
            by=paper.verbal.given_by,
            at=show(paper.verbal.given_at),
            taken=paper.verbal.taken_by,
            due=show(paper.verbal.paperwork_due_at),
        )
        rows.append([Fact("verbal", told, 1)])
    return rows


def _tasks(paper: TeamOrderPaper, wording: Wording) -> str:
    """Return the tasks, numbered and one under the other where there are several."""
    if len(paper.tasks) == 1:
        return wording.shown(paper.tasks[0])
    numbered = [
        wording.text("team_papers.task", number=number, text=task) for number, task in enumerate(paper.tasks, 1)
    ]
    return stacked(*numbered)


def _equipment(paper: TeamOrderPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 10, "centre"),
        Column("team_order.equipment_name", 62),
        Column("common.unit", 13, "centre", fit=True),
        Column("team_order.quantity", 17, "right", "hei", fit=True),
        Column("team_order.assets", 48),
        Column("team_order.condition", 36),
    ]
    rows = [
        Row(
            (
                str(number),
                item_text(line, wording),
                show(line.unit),
                show(line.quantity),
                show(line.assets),
                show(line.condition),
            ),
            {},
            {},
        )
        for number, line in enumerate(paper.equipment, 1)
    ]
    return Table(columns, [*rows, *blank_rows(columns, paper.blank_lines)])


def _links(paper: TeamOrderPaper, wording: Wording) -> Table:
    """Return the PACE ladder: its four rungs stand even where a means is still to be written in."""
    show = wording.shown
    given = {link.rank: link for link in paper.links}
    columns = [
        Column("team_order.rank", 38, "left", "hei"),
        Column("team_order.means", 44),
        Column("team_order.channel", 52),
        Column("team_order.notes", 52),
    ]
    rows = []
    for rank in RANKS:
        link = given.get(rank)
        label = f"{wording.text(f'team_order.{rank}')} {wording.other.text(f'team_order.{rank}')[1:].strip()}"
        cells = (show(link.means), show(link.channel), show(link.notes)) if link else ("", "", "")
        rows.append(Row((label, *cells), {}, {}))
    return Table(columns, rows)


def _members(paper: TeamOrderPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 10, "centre"),
        Column("common.name", 28),
        Column("team_order.post", 28),
        Column("team_order.phone", 30),
        Column("team_order.certificate", 46),
        Column("common.remarks", 20),
        Column("team_order.back", 24),
    ]
    rows = []
    for number, member in enumerate(paper.members, 1):
        certificate = show(member.certificate)
        if certificate and member.certificate_expires_on is not None:
            certificate = wording.text("team_papers.dated", text=certificate, day=member.certificate_expires_on)
        cells = (show(member.name), show(member.post), show(member.phone), certificate, show(member.remarks), "")
        rows.append(Row((str(number), *cells), {}, {}))
    return Table(columns, [*rows, *blank_rows(columns, paper.blank_lines)], row_height=WRITING_HEIGHT)
