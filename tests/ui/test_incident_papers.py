"""The papers of an incident on its page: one click each, for whoever may print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.core.errors import NotFound
from inventory.incidents.queries import requests
from tests.support.district import known
from tests.ui.commanding import Screens, build, sound
from ui.parts.downloads import all_offers, file_link
from ui.parts.incident_papers import OF_REQUEST, PAPERS, RECORDS, REQUIREMENTS
from ui.parts.opening import close_stores
from ui.parts.opening import store as store_of_screens


@pytest.fixture
def screens(make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    """The screens on a copy of the flood."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("command-screens", build))
    monkeypatch.setattr("ui.parts.words.LANGUAGES", ("en", "zh_CN"))
    yield Screens(known(store_of_screens()), [])
    close_stores()


@pytest.mark.parametrize(("who", "barred"), [("duty", False), ("system", True)])
def test_the_page_of_an_incident_links_to_its_papers(screens: Screens, who: str, barred: bool) -> None:
    """Each paper is one link that opens in the browser; who may not print sees it and why not."""
    incident_id = str(screens.incident().id)
    page = sound(screens.open("incident", who, incident=incident_id))
    links = {link.proto.url: link.proto for link in page.get("link_button")}
    for kind, words, _icon in (*PAPERS, *RECORDS, REQUIREMENTS):
        link = links[file_link(kind, incident_id, show="1")]
        assert (link.label, link.disabled) == (words, barred)
        assert bool(link.help) == barred


@pytest.mark.parametrize("kind", ["mobilisation", "check_in", "status_change", "communications_plan"])
def test_each_link_gives_a_paper(screens: Screens, kind: str) -> None:
    """The file is a PDF named after the incident; an address that is none is not found."""
    store, incident = screens.district.store, screens.incident()
    actor = screens.district.people["duty"]
    make = all_offers()[kind].make
    file = make(store, actor, str(incident.id), language="en")
    assert file.name.startswith(incident.number)
    assert file.body.startswith(b"%PDF")
    with pytest.raises(NotFound):
        make(store, actor, "nonsense", language="en")


@pytest.mark.parametrize("kind", ["demand_report", "resource_request"])
def test_a_request_leads_to_its_papers(screens: Screens, kind: str) -> None:
    """From the page of the incident and from that of the plans; the file is a PDF named after the request."""
    store, incident = screens.district.store, screens.incident()
    newest = screens.district.ask(requests, incident_id=incident.id)[0]
    wanted = file_link(kind, str(newest.id), show="1")
    assert kind in {one for one, _words, _icon in OF_REQUEST}
    for page, query in (("incident", {"incident": str(incident.id)}), ("plan", {"request": str(newest.id)})):
        shown = sound(screens.open(page, "commander", **query))
        assert wanted in {link.proto.url for link in shown.get("link_button")}, page
    make, actor = all_offers()[kind].make, screens.district.people["duty"]
    file = make(store, actor, str(newest.id), language="en")
    assert file.name.startswith(newest.number)
    assert file.body.startswith(b"%PDF")
    with pytest.raises(NotFound):
        make(store, actor, "nonsense", language="en")


@pytest.mark.parametrize("kind", ["incident_record", "close_out", "requirement_sheet"])
def test_a_paper_from_the_books_is_the_same_until_something_happens(screens: Screens, kind: str) -> None:
    """Fetched twice it is the same file, named after the incident."""
    store, incident = screens.district.store, screens.incident()
    make, actor = all_offers()[kind].make, screens.district.people["duty"]
    file = make(store, actor, str(incident.id), language="en")
    assert file.name == f"{incident.number}-{kind}.pdf"
    assert file.body.startswith(b"%PDF")
    assert make(store, actor, str(incident.id), language="en") == file
