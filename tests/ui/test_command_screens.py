"""The screens of command: board, incident and needs, plans; drawn for every role, in both languages, on both databases.

AppTest cannot press our own HTML (tiles, lines, cards): those presses belong to the browser's journey. Going to another
page is recorded here, since a screen is run alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.work import SYSTEM
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.board import coverage, duties
from inventory.dispatch.picking import check_order, pick_order
from inventory.dispatch.queries import order, orders
from inventory.dispatch.rules import Carrier
from inventory.dispatch.shipping import ship_order
from inventory.incidents.queries import incidents, request_lines, requests
from inventory.ledger.commands import block_lot
from inventory.models import Lot, Plan
from tests.support.district import known
from tests.ui.commanding import Screens, build, button, choose, press, press_both, sound, told
from ui.parts.opening import close_stores
from ui.parts.opening import store as store_of_screens

ROLES = ("duty", "commander", "clerk", "receiver", "auditor", "system")
LANGUAGES = ("zh_CN", "en")


@pytest.fixture
def screens(make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    """The screens on a copy of the flood."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("command-screens", build))
    # AppTest formats options outside a run, where no session says the language.
    monkeypatch.setattr("ui.parts.words.LANGUAGES", ("en", "zh_CN"))
    gone: list[tuple[str, dict[str, str]]] = []
    for part in ("incident_form", "incident_needs", "incident_detail", "board_lists"):
        monkeypatch.setattr(f"ui.parts.{part}.go", lambda name, **query: gone.append((name, query)))
    yield Screens(known(store_of_screens()), gone)
    close_stores()


def test_every_role_sees_every_screen_without_an_error(screens: Screens) -> None:
    """Board, list, report, incident, needs and plans draw for six roles, every other one in Chinese."""
    incident_id, request_id = str(screens.incident().id), str(screens.request().id)
    pages: list[tuple[str, dict[str, str]]] = [
        ("board", {}),
        ("board", {"show": "road"}),
        ("board", {"show": "due"}),
        ("incident", {}),
        ("incident", {"new": "1"}),
        ("incident", {"incident": incident_id}),
        ("incident", {"incident": incident_id, "request": "new"}),
        ("incident", {"incident": "nonsense"}),
        ("plan", {}),
        ("plan", {"request": request_id}),
    ]
    for position, who in enumerate(ROLES):
        for screen, query in pages:
            sound(screens.open(screen, who, language=LANGUAGES[position % 2], **query))
    screens.planned()
    for language in LANGUAGES:
        for alternative in ("fastest", "fewest", "reserves", "unknown"):
            sound(screens.open("plan", "commander", language=language, request=request_id, plan=alternative))


def test_who_may_not_see_plans_is_told(screens: Screens) -> None:
    """A clerk who opens the address of a plan reads a refusal, and no plan."""
    screens.planned()
    page = told(sound(screens.open("plan", "clerk", request=str(screens.request().id))))
    assert 'role="alert"' in page
    assert "t-plan" not in page


def test_duties_are_whose_they_are(screens: Screens) -> None:
    """Deciding waits for the commander, planning for duty, counting for the stores of one's own scope."""
    district = screens.district

    def mine(who: str) -> set[str]:
        return {duty.kind for duty in district.ask(duties, who=who) if duty.mine}

    assert mine("duty") == {"plan"}
    assert mine("auditor") == set()
    assert mine("clerk") == {"count"}
    assert mine("clerk_store") == set()
    screens.planned()
    assert mine("duty") == set()
    assert mine("commander") == {"approve"}


def _to_shipment(screens: Screens) -> None:
    """Approve the fastest plan and send its first order."""
    district = screens.district
    plan = next(row for row in screens.planned() if row.alternative == "fastest")
    district.do("commander", approve_plan, plan_id=plan.id, seen=plan.seen)
    first = next(row for row in district.ask(orders) if row.from_site_id == district.sites["CENTRAL"])

    def seen() -> UUID:
        return district.ask(order, order_id=first.id).seen

    district.do("clerk", pick_order, order_id=first.id, seen=seen())
    assert "check" not in {d.kind for d in district.ask(duties, who="clerk") if d.mine}, "who picked does not check"
    assert "check" in {d.kind for d in district.ask(duties, who="clerk2") if d.mine}
    district.do("keeper", check_order, order_id=first.id, seen=seen())
    eta = district.store.env.now() - dt.timedelta(minutes=5)
    carrier = Carrier("B-1", "Li", "13800001111")
    district.do("clerk2", ship_order, order_id=first.id, seen=seen(), carrier=carrier, eta_at=eta)


def test_coverage_follows_the_goods(screens: Screens) -> None:
    """Nothing covered, then held, then moving: the four shares always make the whole."""
    district, incident_id = screens.district, screens.incident().id
    before = district.ask(coverage, incident_ids=[incident_id])[incident_id]
    assert (before.arrived, before.moving, before.held, before.open_) == (0, 0, 0, 1000)
    assert before.short_lines == before.lines == 2
    _to_shipment(screens)
    after = district.ask(coverage, incident_ids=[incident_id])[incident_id]
    # Tents: 30 of 60 sent, 15 held in the west (5 of its 20 are its reserve); quilts: 100 of 100 sent.
    assert (after.arrived, after.moving, after.held, after.open_) == (0, 750, 125, 125)
    assert after.short_lines == 1


def test_the_board_names_what_is_late(screens: Screens) -> None:
    """A consignment past its arrival stands under Overdue with its number, and waits for its receiver."""
    _to_shipment(screens)
    late = next(duty for duty in screens.district.ask(duties, who="receiver") if duty.kind == "receive")
    assert late.mine
    page = told(sound(screens.open("board", "receiver")))
    assert "Not signed for" in page
    assert late.number in page
    assert "138****1111" in page
    assert "13800001111" not in page


def test_a_report_opens_an_incident_once(screens: Screens) -> None:
    """The five answers become an incident with people and cuts, and its needs are the next page."""
    before = screens.incident().id
    app = screens.open("incident", "duty", new="1")
    app.selectbox[0].set_value(screens.district.divisions["east"]).run()
    people = next(field for field in app.number_input if field.label == "People")
    people.set_value(56).run()
    choose(app, "Cut off", ["road"])
    assert "carried on foot" in told(app)
    press(app, "Open incident and compute needs")
    made = next(row for row in screens.district.ask(incidents) if row.id != before)
    assert [(site.people, site.cut_road, site.cut_power) for site in made.sites] == [(56, True, False)]
    assert screens.gone == [("incident", {"incident": str(made.id), "request": "new"})]
    assert len(screens.district.ask(incidents)) == 2


def test_a_report_without_a_place_is_refused_where_the_hand_is(screens: Screens) -> None:
    """No place: the refusal is shown, nothing is opened, the form keeps what was typed."""
    app = screens.open("incident", "duty", new="1")
    app.multiselect[0].set_value([]).run()
    next(field for field in app.text_area if field.label.startswith("What happened")).input("river over its bank").run()
    press(app, "Open incident and compute needs")
    assert "The incident was not saved." in told(app)
    assert len(screens.district.ask(incidents)) == 1
    assert next(field for field in app.text_area).value == "river over its bank"


def test_needs_are_edited_marked_and_submitted(screens: Screens) -> None:
    """The norm's figure and the officer's both stand in the request; time limits follow the priority."""
    row = screens.incident()
    app = screens.open("incident", "duty", incident=str(row.id), request="new")
    choose(app, "Group", 1)
    tent = next(field for field in app.number_input if field.label.startswith("Tent"))
    assert tent.value == 25
    tent.set_value(40).run()
    assert "Edited" in told(app)
    press(app, "Submit request")
    assert screens.gone[-1][0] == "plan"
    made = screens.district.ask(requests)[0]
    lines = {(line.item_code, line.site_id): line for line in screens.district.ask(request_lines, request_id=made.id)}
    changed = lines["TENT", screens.district.sites["SHELTER"]]
    assert (changed.quantity, changed.basis["proposed"], changed.basis["edited"]) == (40, 25, True)
    kept = lines["TENT", screens.district.sites["VILLAGE"]]
    assert (kept.quantity, kept.basis["edited"]) == (10, False)
    assert changed.deadline_at is not None
    assert dt.timedelta(hours=23) < changed.deadline_at - screens.district.store.env.now() <= dt.timedelta(hours=24)


def test_an_item_is_added_by_hand(screens: Screens) -> None:
    """A line that no norm proposes is marked as added by hand and kept over groups; zero takes a line out."""
    app = screens.open("incident", "duty", incident=str(screens.incident().id), request="new")
    add = next(field for field in app.selectbox if field.label == "Add item")
    sound(add.set_value(screens.district.items["LAMP"]).run())
    assert "added by hand" in told(app)
    next(field for field in app.number_input if field.label.startswith("Lamp")).set_value(7).run()
    choose(app, "Group", 1)
    for tents in [field for field in app.number_input if field.label.startswith("Tent")]:
        tents.set_value(0).run()
    press(app, "Submit request")
    made = screens.district.ask(requests)[0]
    shelter = screens.district.sites["SHELTER"]
    lines = [line for line in screens.district.ask(request_lines, request_id=made.id) if line.site_id == shelter]
    by_code = {line.item_code: (line.quantity, line.basis.get("by_hand")) for line in lines}
    assert by_code["LAMP"] == (7, True)
    assert "TENT" not in by_code


def test_plans_are_computed_and_approved(screens: Screens) -> None:
    """Compute, read what approval posts, approve: numbered orders stand on the page, stock is held."""
    request_id = str(screens.request().id)
    app = screens.open("plan", "commander", request=request_id)
    assert "No plan yet." in told(app)
    press(app, "Compute plans")
    page = told(app)
    assert "Integer certificate" in page
    assert "t-plans" in page
    assert "15 short whatever the plan" in page
    press(app, "Approve this plan")
    assert "Dispatch orders issued: 2" in told(app)
    press_both(app, "Approve this plan", "Approve and issue")
    issued = screens.district.ask(orders)
    assert len(issued) == 2
    app = sound(screens.open("plan", "commander", request=request_id))
    assert all(row.number in told(app) for row in issued)
    assert "Approve this plan" not in [one.label for one in app.button]


def test_duty_may_not_approve(screens: Screens) -> None:
    """The duty officer sees the plans; approving is greyed out with who can."""
    screens.planned()
    app = sound(screens.open("plan", "duty", request=str(screens.request().id)))
    approve = button(app, "Approve this plan")
    assert approve.disabled
    assert "commander" in approve.help


def test_a_stale_plan_says_so_and_offers_to_compute_again(screens: Screens) -> None:
    """Stock is put on hold after planning: the bar warns, approval is refused, "compute again" makes a new version."""
    district = screens.district
    screens.planned()
    lot = district.store.read(
        SYSTEM,
        lambda work: work.session.execute(select(Lot).where(Lot.item_id == district.items["QUILT"])).scalar_one(),
    )
    site_id = district.sites["CENTRAL"]
    district.do("keeper", block_lot, site_id=site_id, lot_id=lot.id, why="on_hold", note="wet", seen=lot.changed_by_id)
    app = screens.open("plan", "commander", request=str(screens.request().id))
    assert "that touch this plan: 1 (Lot put on hold)" in told(app)
    press(app, "Approve this plan")
    press_both(app, "Approve this plan", "Approve and issue")
    assert "Not approved." in told(app)
    assert district.ask(orders) == []
    next(one for one in app.button if (one.key or "").startswith("approve.") and ".again." in one.key).click()
    button(app, "Approve this plan").click()
    sound(app.run())
    versions = district.store.read(SYSTEM, lambda work: set(work.session.scalars(select(Plan.version))))
    assert versions == {1, 2}


def test_a_request_is_sent_back_with_a_reason(screens: Screens) -> None:
    """The reason comes first; the request is then returned, and waits for its requester."""
    screens.planned()
    app = sound(screens.open("plan", "duty", request=str(screens.request().id)))
    assert button(app, "Send the request back").disabled
    next(field for field in app.text_input if field.label == "Why").set_value("people are missing").run()
    press(app, "Send the request back")
    assert screens.request().state == "returned"
    assert "complete" in {duty.kind for duty in screens.district.ask(duties, who="receiver") if duty.mine}


def test_a_verbal_approval_starts_the_clock_of_its_paper(screens: Screens) -> None:
    """Without a name it is refused; with one the orders go out and the board shows the paper that is due."""
    screens.planned()
    app = screens.open("plan", "commander", request=str(screens.request().id))
    press(app, "Record verbal approval and issue")
    assert "A verbal order names who gave it." in told(app)
    assert screens.district.ask(orders) == []
    leader = next(field for field in app.text_input if field.label.startswith("Who gave the order"))
    leader.set_value("Zhou, deputy director").run()
    press(app, "Record verbal approval and issue")
    assert len(screens.district.ask(orders)) == 2
    due = next(duty for duty in screens.district.ask(duties, who="commander") if duty.kind == "paper")
    assert due.mine
    assert due.due_at is not None
    assert "Paper for a verbal order" in told(screens.open("board", "commander"))


def test_an_incident_with_goods_out_does_not_close(screens: Screens) -> None:
    """The page says what is still out; closing is offered to the commander only, in its own state only."""
    _to_shipment(screens)
    app = sound(screens.open("incident", "commander", incident=str(screens.incident().id)))
    assert "Close incident" not in [one.label for one in app.button]
    press(app, "Begin demobilising")
    press(app, "Begin reconciling")
    press(app, "Close incident")
    assert "This incident still has goods out." in told(app)
    press_both(app, "Close incident", "Close for good")
    assert "was not closed" in told(app)
    assert screens.incident().state == "reconciling"
    duty = sound(screens.open("incident", "duty", incident=str(screens.incident().id)))
    assert button(duty, "Close incident").disabled
