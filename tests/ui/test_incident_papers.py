"""The papers of an incident on its page: one click each, for whoever may print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.core.errors import NotFound
from tests.support.district import known
from tests.ui.commanding import Screens, build, sound
from ui.parts.downloads import all_offers, file_link
from ui.parts.incident_papers import PAPERS
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
    for kind, words, _icon in PAPERS:
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
