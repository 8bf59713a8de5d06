"""A flood in the small district, and how its screens are run and pressed in AppTest."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from inventory.catalogue.commands import save_item
from inventory.catalogue.rules import ItemFacts
from inventory.core.env import Env
from inventory.core.errors import Name
from inventory.core.work import SYSTEM, Store, Work
from inventory.dispatch.planning import plan_request
from inventory.dispatch.proposals import plans_of
from inventory.incidents.commands import open_incident, submit_request
from inventory.incidents.queries import incidents, requests
from inventory.incidents.rules import Affected, NeedLine
from inventory.models import Account, Organisation
from inventory.people.queries import held_roles
from inventory.people.sessions import Person
from inventory.stocktaking.opening import open_count
from tests.support.district import District, found

SCREENS = Path(__file__).resolve().parents[2] / "ui" / "screens"


def build(url: str) -> None:
    """A flood with a request for more tents than there are, and an open count."""
    store = Store(url, Env.real(Path(".")))
    district = found(store)
    district.stock("TENT", "CENTRAL", 30)
    district.stock("TENT", "WEST", 20)
    district.stock("QUILT", "CENTRAL", 200)
    district.do("manager", save_item, item=ItemFacts(code="LAMP", name_zh="LAMP", name_en="Lamp", unit="piece"))
    flood = district.do(
        "duty",
        open_incident,
        name_zh="Flood",
        hazard="flood",
        level=3,
        division_id=district.divisions["east"],
        affected=[
            Affected(district.sites["SHELTER"], people=100, households=30, cut_power=True),
            Affected(district.sites["VILLAGE"], people=40, cut_road=True),
        ],
    )
    district.do(
        "receiver",
        submit_request,
        incident_id=UUID(flood.outcome["incident"]),
        asker_id=district.organisations["east"],
        asked_id=district.organisations["bureau"],
        deliver_site_id=district.sites["SHELTER"],
        needed_by=store.env.now() + dt.timedelta(hours=6),
        lines=[
            NeedLine(district.items["TENT"], district.sites["SHELTER"], 60, priority=0),
            NeedLine(district.items["QUILT"], district.sites["SHELTER"], 100, priority=1),
        ],
    )
    district.do("clerk", open_count, site_id=district.sites["WEST"], kind="whole")
    store.close()


class Screens:
    """Runs a screen as somebody and remembers where it wanted to go."""

    def __init__(self, district: District, gone: list[tuple[str, dict[str, str]]]) -> None:
        self.district, self.gone = district, gone

    def person(self, login: str) -> Person:
        """Return the person of a login, as the door would find it."""

        def look(work: Work) -> Person:
            account = work.session.execute(select(Account).where(Account.login == login)).scalar_one()
            organisation = work.session.get_one(Organisation, account.organisation_id)
            return Person(
                account_id=account.id,
                login=login,
                name=Name(account.name_zh, account.name_en),
                organisation_id=organisation.id,
                organisation=Name(organisation.name_zh, organisation.name_en),
                roles=held_roles(work, account.id)[account.id],
                must_change_password=False,
                language=None,
                demo=True,
            )

        return self.district.store.read(SYSTEM, look)

    def open(self, screen: str, who: str, *, language: str = "en", **query: str) -> AppTest:
        """Run a screen once."""
        app = AppTest.from_file(str(SCREENS / f"{screen}.py"), default_timeout=60)
        app.session_state["person"], app.session_state["language"] = self.person(who), language
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    def incident(self) -> Any:
        """Return the flood."""
        return self.district.ask(incidents)[-1]

    def request(self) -> Any:
        """Return the request for it."""
        return self.district.ask(requests)[-1]

    def planned(self) -> list[Any]:
        """Compute plans through the command and return them."""
        store, request_id = self.district.store, self.request().id
        plan_request(store, self.district.people["duty"], id=store.env.new_id(), request_id=request_id)
        return self.district.ask(plans_of, request_id=request_id)


def told(app: AppTest) -> str:
    """Return everything that a screen drew as HTML, natively or in a component."""
    drawn = [element.proto.body for element in app.get("html")]
    drawn += [json.loads(element.proto.json).get("html", "") for element in app.get("bidi_component")]
    return "\n".join(str(part) for part in drawn)


def sound(app: AppTest) -> AppTest:
    """Return the screen when it drew without an exception."""
    assert not app.exception, app.exception[0].message
    return app


def button(app: AppTest, words: str) -> Any:
    """Return the button that says this."""
    return next(one for one in app.button if one.label == words)


def press(app: AppTest, words: str) -> AppTest:
    """Press the button that says this."""
    return sound(button(app, words).click().run())


def press_both(app: AppTest, opener: str, act: str) -> AppTest:
    """Press a button of an open dialog: AppTest runs the whole page, so its opener is pressed with it."""
    button(app, opener).click()
    return press(app, act)


def choose(app: AppTest, label: str, value: Any) -> AppTest:
    """Choose pills or segments by the label of their group."""
    groups = [*app.pills, *app.segmented_control]
    group = next(one for one in groups if one.label.startswith(label))
    return sound(group.set_value(value).run())
