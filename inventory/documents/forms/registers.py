"""Registers 台账 of stock, teams and devices: landscape, dated, as many pages as it takes, page x of y.

Stock is drawn site by site, each on pages of its own with its keeper's and its head's signature (P44). Quantities of
different goods are not summed; packages and weight are, and say "at least" where one is unknown.
"""

from __future__ import annotations

from inventory.documents.data.registers import (
    DeviceLine,
    DeviceRegisterPaper,
    RegisterPaper,
    SiteStock,
    StockLine,
    StockRegisterPaper,
    TeamLine,
    TeamRegisterPaper,
)
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import GREY, LANDSCAPE, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording, contact_text, item_text, kilograms
from inventory.documents.form import Facts, Form, Goods, NewPage, Note, Part, Signatures, print_form
from inventory.documents.sign import PaperKey, Seal

ROW_HEIGHT = 6.4 * MM
SIGNED = ("common.name", "common.signature", "common.time")


def stock_register(
    paper: StockRegisterPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the register of stock as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _stock, key=key, language=language, fonts=fonts)


def team_register(
    paper: TeamRegisterPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the register of teams as PDF; raises as `stock_register`."""
    return print_form(paper, _teams, key=key, language=language, fonts=fonts)


def device_register(
    paper: DeviceRegisterPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the register of devices as PDF; raises as `stock_register`."""
    return print_form(paper, _devices, key=key, language=language, fonts=fonts)


def _form(paper: RegisterPaper, wording: Wording, signed: Seal, parts: list[Part]) -> Form:
    """Return a register from its parts, with its moment under the title and the proof at its end."""
    say = wording.text
    parts.append(Note(say("common.check", key=signed.fingerprint), colour=GREY))
    if paper.ledger is not None:
        head = paper.ledger
        proof = say("common.ledger", node=head.node, sequence=head.sequence, hash=head.hash_hex)
        parts.append(Note(proof, colour=GREY))
    return Form(
        key=paper.kind,
        number=paper.number,
        author=wording.shown(paper.issuer),
        about=wording.shown(paper.scope),
        page=LANDSCAPE,
        subtitle=say("registers.as_of", as_of=paper.as_of, code=say("common.code", code=signed.code)),
        foot_middle=wording.shown(paper.scope),
        parts=tuple(parts),
    )


def _signatures(*who: str) -> Signatures:
    return Signatures([SignatureBox(f"registers.sign_{one}", SIGNED) for one in who])


def _stock(paper: StockRegisterPaper, wording: Wording, signed: Seal) -> Form:
    parts: list[Part] = []
    for site in paper.sites:
        if parts:
            parts.append(NewPage())
        parts += [Facts(_site_facts(paper, site, wording), row_height=7.6 * MM), *_site_table(site, wording)]
        parts.append(_signatures("keeper", "leader"))
    if not parts:
        parts.append(Note(wording.text("registers.no_sites"), size=10))
    return _form(paper, wording, signed, parts)


def _site_facts(paper: StockRegisterPaper, site: SiteStock, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    return [
        [
            Fact("site", f"{show(site.name)} {show(site.code)}", 0.4),
            Fact("address", show(site.address), 0.35),
            Fact("keeper", show(contact_text(site.keeper)), 0.25),
        ],
        [
            Fact("registers.issuer", show(paper.issuer), 0.4),
            Fact("registers.moment", show(paper.as_of), 0.35),
            Fact("registers.lines", show(len(site.lines)), 0.25),
        ],
    ]


def _site_table(site: SiteStock, wording: Wording) -> list[Part]:
    if not site.lines:
        return [Note(wording.text("registers.empty"), size=10, gap=3 * MM)]
    columns = [
        Column("common.number", 10, "centre"),
        Column("common.bin", 20, "centre", "hei"),
        Column("common.item_code", 25, fit=True),
        Column("common.item", 56),
        Column("stock_register.lot", 38, fit=True),
        Column("common.expiry", 21, "centre", fit=True),
        Column("common.unit", 12, "centre", fit=True),
        Column("stock_register.quantity", 20, "right", "hei", fit=True),
        Column("stock_register.held", 18, "right", fit=True),
        Column("stock_register.reasons", 20),
        Column("common.packages", 13, "right", summed=lambda count: f"{count:,}", fit=True),
        Column("common.weight", 20, "right", summed=kilograms, fit=True),
    ]
    rows = [_stock_row(number, line, wording) for number, line in enumerate(site.lines, 1)]
    return [Goods(Table(columns, rows, row_height=ROW_HEIGHT, striped=True))]


def _stock_row(number: int, line: StockLine, wording: Wording) -> Row:
    show = wording.shown
    return Row(
        (
            str(number),
            show(line.bin),
            show(line.code),
            item_text(line, wording),
            " / ".join(part for part in (show(line.lot), show(line.batch)) if part),
            show(line.expires_on),
            show(line.unit),
            show(line.quantity),
            show(line.held) if line.held else "",
            wording.joined([wording.text(f"registers.reason_{code}") for code in line.reasons]),
            UNKNOWN if line.packages is None else show(line.packages),
            UNKNOWN if line.weight_grams is None else kilograms(line.weight_grams),
        ),
        {10: line.packages, 11: line.weight_grams},
        {},
    )


def _head(paper: TeamRegisterPaper | DeviceRegisterPaper, wording: Wording) -> Facts:
    show = wording.shown
    row = [
        Fact("registers.scope", show(paper.scope), 0.3),
        Fact("registers.issuer", show(paper.issuer), 0.3),
        Fact("registers.moment", show(paper.as_of), 0.22),
        Fact("registers.lines", show(len(paper.lines)), 0.18),
    ]
    return Facts([row], row_height=7.6 * MM)


def _list(paper: TeamRegisterPaper | DeviceRegisterPaper, wording: Wording, table: Table) -> list[Part]:
    body: Part = Goods(table) if table.rows else Note(wording.text("registers.empty"), size=10, gap=3 * MM)
    return [_head(paper, wording), body, _signatures("maker", "checker")]


def _teams(paper: TeamRegisterPaper, wording: Wording, signed: Seal) -> Form:
    columns = [
        Column("common.number", 10, "centre"),
        Column("team_register.code", 18, "centre", fit=True),
        Column("team_register.name", 40),
        Column("team_register.organisation", 30),
        Column("team_register.discipline", 22),
        Column("team_register.level", 10, "centre"),
        Column("team_register.legal_kind", 28),
        Column("team_register.people", 12, "right"),
        Column("team_register.assembly", 17, "centre", fit=True),
        Column("team_register.endurance", 13, "right"),
        Column("team_register.base", 27),
        Column("team_register.leader", 30),
        Column("registers.state", 16, "centre", fit=True),
    ]
    rows = [_team_row(number, line, wording) for number, line in enumerate(paper.lines, 1)]
    table = Table(columns, rows, row_height=ROW_HEIGHT, striped=True)
    return _form(paper, wording, signed, _list(paper, wording, table))


def _team_row(number: int, line: TeamLine, wording: Wording) -> Row:
    show = wording.shown
    away = UNKNOWN if line.assembly_away_minutes is None else show(line.assembly_away_minutes)
    cells = (
        str(number),
        show(line.code),
        show(line.name),
        show(line.organisation),
        show(line.discipline),
        show(line.level),
        show(line.legal_kind),
        show(line.people),
        f"{show(line.assembly_local_minutes)} / {away}",
        UNKNOWN if line.endurance_hours is None else show(line.endurance_hours),
        show(line.base),
        show(contact_text(line.leader)),
        wording.text(f"registers.state_{line.state}"),
    )
    return Row(cells, {}, {})


def _devices(paper: DeviceRegisterPaper, wording: Wording, signed: Seal) -> Form:
    columns = [
        Column("common.number", 10, "centre"),
        Column("device_register.label", 19, "centre", "hei", fit=True),
        Column("device_register.name", 40),
        Column("device_register.device_kind", 23),
        Column("device_register.serial", 24, fit=True),
        Column("device_register.number", 25, fit=True),
        Column("registers.condition", 14, "centre", fit=True),
        Column("device_register.place", 31),
        Column("device_register.custodian", 16),
        Column("device_register.good_until", 19, "centre", fit=True),
        Column("device_register.card", 19, "centre", fit=True),
        Column("device_register.runtime", 12, "right"),
        Column("device_register.without", 21),
    ]
    rows = [_device_row(number, line, wording) for number, line in enumerate(paper.lines, 1)]
    table = Table(columns, rows, row_height=ROW_HEIGHT, striped=True)
    return _form(paper, wording, signed, _list(paper, wording, table))


def _device_row(number: int, line: DeviceLine, wording: Wording) -> Row:
    show = wording.shown
    cells = (
        str(number),
        show(line.label),
        show(line.name),
        show(line.device_kind),
        show(line.serial_number),
        show(line.number),
        wording.text(f"registers.condition_{line.condition}"),
        show(line.place),
        show(line.custodian),
        show(line.good_until),
        show(line.card_expires_on),
        "" if line.runtime_minutes is None else _hours(line.runtime_minutes),
        wording.joined([wording.text(f"registers.without_{cut}") for cut in line.works_without]),
    )
    return Row(cells, {}, {})


def _hours(minutes: int) -> str:
    """Return minutes as hours with a decimal where it is needed; rounded down, so that it never promises more."""
    whole, rest = divmod(minutes * 10 // 60, 10)
    return f"{whole:,}.{rest}" if rest else f"{whole:,}"
