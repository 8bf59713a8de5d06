"""The papers of teams and communications as drawn: fields in their order, rows to write in, long tables and names."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from typing import Any

import pytest

from inventory.core.errors import Name
from inventory.documents.data.communications import CommunicationsPlanPaper
from inventory.documents.data.teams import LinkPaper, MobilisationPaper, Period, TeamOrderPaper
from inventory.documents.data.values import BadPaperValue, EmptyPaper, Override, VerbalOrder
from inventory.documents.drawing.engine import MM, Printed
from inventory.documents.drawing.wording import Wording, printed_texts
from inventory.documents.forms.communications_plan import megahertz
from inventory.documents.press import printed
from inventory.documents.sampling import SAMPLE_KEY, sample
from tests.documents import reading

KINDS = ("team_order", "mobilisation", "check_in", "status_change", "communications_plan")
SHEETS = KINDS[1:]
LANGUAGES = ("zh_CN", "en")
CODES = {
    *("primary", "alternate", "contingency", "emergency", "staging", "network", "power", "road"),
    *("available", "assigned", "out_of_service"),
}
"""Values that stand on a paper in words of the form, or as a tick."""

FIELDS = {
    "communications_plan": (
        *("1 Incident name", "2 Prepared", "3 Op. period", "4 Basic radio channel use", "Zone grp.", "Ch. no."),
        *("Function", "Channel name / talkgroup", "Assignment", "RX freq. N or W", "RX tone / NAC"),
        *("TX freq. N or W", "TX tone / NAC", "Mode", "Remarks", "4a Degraded modes", "Network cut", "Power cut"),
        *("Road cut", "5 Special instr.", "6 Prepared by", "6 Signature", "6 Date/time"),
    ),
    "status_change": (
        *("1 Incident name", "2 Op. period", "3 Resource number", "4 New status", "5 From", "6 To"),
        *("7 Time and date", "8 Comments", "9 Prepared by", "9 Signature", "9 Date/time"),
    ),
    "check_in": (
        *("1 Incident name", "2 Incident no.", "3 Location", "4 Start", "5 State", "5 Agency", "5 Categ."),
        *("5 Kind", "5 Type", "5 Resource name or identifier", "5 ST or TF", "6 Order request no."),
        *("7 Check-in date/time", "8 Leader", "9 People", "10 Incident contact", "11 Home unit"),
        *("12 Departed from, at", "13 Travel", "14 Incident assignment", "15 Other qualific.", "16 To res. unit"),
        *("17 Prepared by", "17 Signature", "17 Date/time"),
    ),
    "mobilisation": (
        *("Incident", "Level", "Reason", "Strength called", "Assemble at", "Assemble by", "Contact there"),
        *("Team / unit", "Leader / phone", "On roll", "Alerted", "Assembled", "Present", "Departed"),
        *("Destination", "Signature", "Alerted by", "In charge at the point", "Checked by"),
    ),
    "team_order": (
        *("Team", "Leader", "Personnel", "Incident", "Level", "Op. period", "Tasks", "Assemble at", "Route"),
        *("Report to", "Report at", "On-scene cmd", "Supply", "Rest and relief", "Safety", "Authorised by"),
        *("Equipment and goods taken", "Quantity", "Asset / serial numbers", "Communications (PACE order)"),
        *("P Primary", "A Alternate", "C Contingency", "E Emergency", "Acknowledged by", "Released", "Roster"),
        *("Post", "Certificate (valid until)", "Back (signature)"),
    ),
}
"""What each form must ask for, in this order; the figures are those of ICS 205, 210 and 211."""


def drawn(paper: Any, language: str = "zh_CN") -> Printed:
    """Return a paper as printed."""
    return printed(paper, key=SAMPLE_KEY, language=language)


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s+", "", text)


def lines_of(paper: Any) -> str:
    """Return the field that holds the rows of a paper's long table."""
    return "equipment" if paper.kind == "team_order" else "lines"


def longer(paper: Any, count: int) -> Any:
    """Return a paper with so many rows."""
    field = lines_of(paper)
    return dataclasses.replace(
        paper, **{field: tuple(itertools.islice(itertools.cycle(getattr(paper, field)), count))}, blank_lines=0
    )


def empty(paper: Any, count: int) -> Any:
    """Return a paper with nothing but rows to write in."""
    return dataclasses.replace(paper, lines=(), blank_lines=count)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_form_stands_in_its_order(kind: str) -> None:
    """The labels of the English form follow one another as the people who use it expect."""
    text, at = reading.joined_text(drawn(sample(kind), "en")), 0
    for label in FIELDS[kind]:
        found = text.find(squeezed(label), at)
        assert found >= 0, label
        at = found + 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_printed(kind: str, language: str) -> None:
    """Whatever the data hold stands on the paper, in the language asked for."""
    paper = sample(kind)
    text = reading.joined_text(drawn(paper, language))
    for value in printed_texts(paper, Wording(language)):
        # Posts stand after or before a name; codes are words of the form or ticks.
        assert squeezed(value) in text or value in CODES, value


@pytest.mark.parametrize("kind", SHEETS)
def test_rows_to_write_in_are_ruled_high_enough(kind: str) -> None:
    """Twelve rows asked for are twelve rows of at least 7 mm on paper, under repeated heads where they go on."""
    heights: list[float] = []
    dots = 200
    for picture in reading.pictures(drawn(empty(sample(kind), 12)), dots_per_inch=dots):
        # The last column is blank in every row: whatever is dark there is a rule, in the middle of no word.
        x = round(picture.width - 14 * MM * dots / 72)
        column = [picture.getpixel((x, y)) < 215 for y in range(picture.height)]
        rules = [y for y in range(1, picture.height) if column[y] and not column[y - 1]]
        heights += [(lower - upper) / dots * 25.4 for upper, lower in itertools.pairwise(rules)]
    for height in {round(height, 1) for height in heights}:
        near = [one for one in heights if abs(one - height) < 0.3]
        if len(near) >= 12:
            assert height >= 7
            return
    pytest.fail(f"no twelve rows alike: {heights}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_sixty_rows_go_on_under_repeated_heads(kind: str, language: str) -> None:
    """Each page with rows has the head of the table; what closes the form stands once, on a page with rows."""
    wording, paper = Wording(language), longer(sample(kind), 60)
    pages = [squeezed(text) for text in reading.page_texts(drawn(paper, language))]
    first = {
        "team_order": "team_order.assets",
        "mobilisation": "mobilisation.assembled",
        "check_in": "check_in.departure",
        "status_change": "status_change.moved_from",
        "communications_plan": "communications_plan.transmit_tone",
    }[kind]
    closing = {"team_order": "team_order.sign_take", "mobilisation": "mobilisation.sign_point"}.get(
        kind, f"{kind}.prepared"
    )
    name = getattr(getattr(paper, lines_of(paper))[0], "name", None) or next(
        value for value in vars(getattr(paper, lines_of(paper))[0]).values() if isinstance(value, Name)
    )
    assert len(pages) > 2
    with_rows = [page for page in pages if squeezed(wording.shown(name)) in page]
    assert len(with_rows) > 1
    assert all(squeezed(wording.text(first)) in page for page in with_rows)
    assert sum(squeezed(wording.text(closing)) in page for page in pages) == 1
    assert all(f"{len(pages)}" in page for page in pages)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_long_name_is_cut(kind: str) -> None:
    """Two thousand characters in a cell and in the head are all on paper."""
    long = Name("".join(f"队{number:03d}" for number in range(500)))
    paper: Any = sample(kind)
    row = getattr(paper, lines_of(paper))[0]
    field = {"team_order": "name", "mobilisation": "team", "communications_plan": "channel_name"}.get(kind, "resource")
    changed = dataclasses.replace(row, **{field: long})
    text = reading.joined_text(drawn(dataclasses.replace(paper, incident=long, **{lines_of(paper): (changed,)})))
    for number in range(500):
        assert text.count(f"{number:03d}") >= 2, number


def test_the_rungs_of_pace_stand_in_their_order_even_where_none_is_given() -> None:
    """Primary, alternate, contingency, emergency: given shuffled they are sorted, not given they are rows to fill."""
    paper = sample("team_order")
    assert isinstance(paper, TeamOrderPaper)
    shuffled = dataclasses.replace(paper, links=tuple(reversed(paper.links)))
    assert (
        reading.page_texts(drawn(shuffled))[0].split("验证码")[1][20:]
        == (reading.page_texts(drawn(paper))[0].split("验证码")[1][20:])
    )
    bare = reading.joined_text(drawn(dataclasses.replace(paper, links=())))
    places = [bare.find(rung) for rung in ("P主用", "A备用", "C应急", "E最后手段")]
    assert places == sorted(places)
    assert places[0] > 0


def test_the_ladder_has_a_row_for_each_of_the_three_cuts() -> None:
    """Network, power and road stand in this order, whatever was planned for them."""
    paper = sample("communications_plan")
    assert isinstance(paper, CommunicationsPlanPaper)
    for ladder in ((), tuple(reversed(paper.ladder)), paper.ladder[1:2]):
        text = reading.joined_text(drawn(dataclasses.replace(paper, ladder=ladder)))
        text = text[text.index("降级方案") :]
        places = [text.find(cut) for cut in ("断网Networkcut", "断电Powercut", "断路Roadcut")]
        assert places == sorted(places)
        assert places[0] > 0


def test_the_roster_is_a_page_of_its_own() -> None:
    """The order is signed on the page before it; without members there is no such page."""
    paper = sample("team_order")
    assert isinstance(paper, TeamOrderPaper)
    order, roster = reading.page_texts(drawn(paper))
    assert "出动人员名册" in roster
    assert "队伍接令" in order
    assert "队伍接令" not in roster
    assert "周𬭎" in roster
    (alone,) = reading.page_texts(drawn(dataclasses.replace(paper, members=())))
    assert "名册" not in alone


def test_a_drill_an_override_and_a_verbal_order_are_said() -> None:
    """Nobody takes a drill for the real thing, and what was set aside stands on the order."""
    for kind in KINDS:
        paper: Any = dataclasses.replace(sample(kind), drill=True)
        assert "【演练】" in reading.joined_text(drawn(paper))
        assert "DRILL:" in reading.joined_text(drawn(paper, "en"))
    at = dt.datetime(2026, 6, 28, 12, tzinfo=dt.UTC)
    order: Any = dataclasses.replace(
        sample("team_order"),
        verbal=VerbalOrder("罗大川", at, "王旻", at + dt.timedelta(hours=48)),
        override=Override("罗大川", at, "证书已过期，无其他队伍"),
    )
    text = reading.joined_text(drawn(order))
    assert "口头指令" in text
    assert "2026-06-3020:00" in text
    assert "证书已过期，无其他队伍" in text


def test_a_status_is_ticked_and_a_blank_row_has_the_boxes() -> None:
    """Each row shows the three states; giving one changes the drawing, not the words."""
    paper: Any = sample("status_change")
    text = reading.joined_text(drawn(paper))
    assert text.count("已派遣") >= len(paper.lines) + paper.blank_lines
    one = dataclasses.replace(paper.lines[0], new_status=None)
    open_row = dataclasses.replace(paper, lines=(one, *paper.lines[1:]))
    after = reading.joined_text(drawn(open_row))
    assert after.count("已派遣") == text.count("已派遣")
    left, right = (reading.pictures(drawn(one), dots_per_inch=100)[0] for one in (paper, open_row))
    box = (0, 200, left.width, left.height)
    assert left.crop(box).tobytes() != right.crop(box).tobytes()


@pytest.mark.parametrize(
    ("hertz", "width", "text"),
    [
        (358_125_000, "N", "358.1250 N"),
        (439_460_500, None, "439.4605"),
        (1, "W", "0.000001 W"),
        (1_400_000_000, None, "1400.0000"),
        (None, None, ""),
    ],
)
def test_a_frequency_is_exact(hertz: int | None, width: Any, text: str) -> None:
    """To 100 Hz, finer where it is finer, never rounded."""
    assert megahertz(hertz, width) == text


def test_an_open_period_leaves_its_end_to_the_pen() -> None:
    """A period without an end says when it begins; one without a beginning is an empty cell."""
    begins = dt.datetime(2026, 6, 28, 12, tzinfo=dt.UTC)
    paper: Any = sample("status_change")
    assert "2026-06-2820:00起" in reading.joined_text(drawn(dataclasses.replace(paper, period=Period(begins))))
    assert "2行动时段2Op.period3资源" in reading.joined_text(drawn(dataclasses.replace(paper, period=Period())))


def test_a_sheet_without_any_row_is_refused() -> None:
    """Neither written nor blank rows: there is nothing to print."""
    for kind in SHEETS:
        with pytest.raises(EmptyPaper):
            empty(sample(kind), 0)
        with pytest.raises(BadPaperValue):
            empty(sample(kind), 201)
        with pytest.raises(BadPaperValue):
            empty(sample(kind), -1)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("task", {"tasks": ()}),
        ("task", {"tasks": (Name(" "),)}),
        ("team", {"team": Name("")}),
        ("report_to", {"report_to": Name("")}),
        ("people", {"people": 0}),
        ("rank", {"links": (LinkPaper("primary", Name("a")), LinkPaper("primary", Name("b")))}),
        ("rank", {"links": (LinkPaper("fifth", Name("a")),)}),  # type: ignore[arg-type]
        ("blank_lines", {"blank_lines": 500}),
    ],
)
def test_an_order_that_would_mislead_a_team_is_refused(field: str, changes: dict[str, Any]) -> None:
    """No team, no task, no place to report to, nobody who goes, two means of one rank."""
    with pytest.raises(BadPaperValue) as refused:
        dataclasses.replace(sample("team_order"), **changes)
    assert refused.value.field == field


def test_lines_that_would_be_read_wrong_are_refused() -> None:
    """Equipment of nothing, people below none, a frequency below one hertz, unknown codes; the line is named."""
    order: Any = sample("team_order")
    plan: Any = sample("communications_plan")
    change: Any = sample("status_change")
    sheet = sample("mobilisation")
    assert isinstance(sheet, MobilisationPaper)
    bad: list[tuple[Any, str, tuple[Any, ...], str]] = [
        (order, "equipment", (order.equipment[0], dataclasses.replace(order.equipment[1], quantity=0)), "quantity"),
        (sheet, "lines", (sheet.lines[0], dataclasses.replace(sheet.lines[1], present=-1)), "present"),
        (plan, "lines", (plan.lines[0], dataclasses.replace(plan.lines[1], transmit_hertz=0)), "transmit_hertz"),
        (plan, "lines", (plan.lines[0], dataclasses.replace(plan.lines[1], mode="X")), "mode"),
        (plan, "lines", (plan.lines[0], dataclasses.replace(plan.lines[1], receive_width="M")), "receive_width"),
        (plan, "ladder", (plan.ladder[0], dataclasses.replace(plan.ladder[1], cut="water")), "cut"),
        (change, "lines", (change.lines[0], dataclasses.replace(change.lines[1], new_status="gone")), "new_status"),
    ]
    for paper, field, rows, named in bad:
        with pytest.raises(BadPaperValue) as refused:
            dataclasses.replace(paper, **{field: rows})
        assert (refused.value.field, refused.value.line) == (named, 2)
    with pytest.raises(BadPaperValue):
        dataclasses.replace(plan, ladder=(plan.ladder[0], plan.ladder[0]))
    with pytest.raises(BadPaperValue):
        dataclasses.replace(sample("check_in"), place="heaven")  # type: ignore[call-arg]
