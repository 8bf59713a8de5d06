"""The lists that set a district up, on the import page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from inventory.core.errors import NotFound
from inventory.exchange.lists import LISTS
from inventory.people.stories import newest_entries
from tests.support.small_district import District
from tests.ui.test_keeping_screens import SCREENS, checked, district, person, press, told
from ui.parts.files_imports import filled_of

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


def test_what_a_list_changes_is_told_before(district: District) -> None:
    """Of a known row the page says what stands there and what it becomes; of a copied mark, whose it was."""
    app = _opened(district, "sysadmin", "organisations")
    app.file_uploader[0].upload("good.csv", GOOD.encode(), "text/csv")
    press(press(checked(app.run()), "import.go"), "import.go", "confirm.Import 2 lines.go")
    app = _opened(district, "sysadmin", "organisations")
    app.file_uploader[0].upload("changed.csv", GOOD.replace("Two,", "Zwei,").encode(), "text/csv")
    words = told(checked(app.run()))
    assert "0 new, 1 changed, 1 the same" in words
    assert "Chinese name Two \u2192 Zwei" in words


def test_the_table_as_it_stands_is_a_file(district: District) -> None:
    """Every list but the stock list can be had filled; the stock list only as a template."""
    for kind in LISTS:
        if LISTS[kind].rows is None:
            with pytest.raises(NotFound):
                district.read(lambda work, kind=kind: filled_of(work, kind, language="en"))
            continue
        reader = district.actor("manager")
        file = district.store.read(reader, lambda work, kind=kind: filled_of(work, kind, language="en"))
        assert file.body.startswith(b"PK")
        assert "as it stands" in file.name


def test_who_may_not_import_a_list_cannot_choose_a_file(district: District) -> None:
    """A clerk sees every kind, but may choose a file for stock and bins only."""
    for kind in set(LISTS) - {"stock", "bins"}:
        assert _opened(district, "wang", kind).file_uploader[0].disabled, kind
    for kind in ("stock", "bins"):
        assert not _opened(district, "wang", kind).file_uploader[0].disabled
