"""The lists that set a district up, on the import page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from inventory.exchange.lists import LISTS
from inventory.people.stories import newest_entries
from tests.support.small_district import District
from tests.ui.test_keeping_screens import SCREENS, checked, district, person, press, told

__all__ = ["district"]

HEAD = "Organisation code,Chinese name,Kind of organisation,Level,Code above\n"
GOOD = HEAD + "NEW-1,One,enterprise,independent unit,\nNEW-2,Two,enterprise,independent unit,NEW-1\n"
BAD = HEAD + "NEW-1,One,palace,independent unit,\nNEW-2,Two,enterprise,independent unit,NOPE\n"


def _opened(district: District, login: str, kind: str) -> AppTest:
    app = AppTest.from_file(str(SCREENS / "import.py"), default_timeout=60)
    app.session_state["person"], app.session_state["language"] = person(district.store, login), "en"
    app.session_state["import.kind"] = kind
    return checked(app.run())


def test_a_list_is_taken_over_on_the_page(district: District) -> None:
    """Every problem is shown; a good list becomes one entry; once more it changes nothing and offers no button."""
    app = _opened(district, "sysadmin", "organisations")
    app.file_uploader[0].upload("bad.csv", BAD.encode(), "text/csv")
    words = told(checked(app.run()))
    assert "2 problems" in words
    assert "NOPE" in words
    app = _opened(district, "sysadmin", "organisations")
    app.file_uploader[0].upload("good.csv", GOOD.encode(), "text/csv")
    app = press(checked(app.run()), "import.go")
    app = press(app, "import.go", "confirm.Import 2 lines.go")
    assert "2 new, 0 changed" in told(app)
    assert len(district.read(lambda work: newest_entries(work, kinds=["import_organisations"]))) == 1
    again = _opened(district, "manager", "organisations")
    again.file_uploader[0].upload("copy.csv", GOOD.encode(), "text/csv")
    assert "Already imported; nothing changes." in told(checked(again.run()))
    assert not [one for one in again.button if one.key == "import.go"]


def test_who_may_not_import_a_list_cannot_choose_a_file(district: District) -> None:
    """A clerk sees every kind, but may choose a file for the stock list only."""
    for kind in set(LISTS) - {"stock"}:
        assert _opened(district, "wang", kind).file_uploader[0].disabled, kind
    assert not _opened(district, "wang", "stock").file_uploader[0].disabled
