"""Parts: what comes from data is escaped, statuses are complete, times are told right, a form makes one entry."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from inventory.core.errors import Name
from inventory.core.words import speaker
from inventory.core.work import SYSTEM, Store
from inventory.models import Draft
from inventory.people.sessions import Person
from ui.parts import look
from ui.parts.foreign import STREAMLIT_WORDS, translations
from ui.parts.pages import PAGES
from ui.parts.words import moment, remaining, span, urgency
from ui.streamlit_app import settings_of_page

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 7, 18, 19, 12, tzinfo=dt.UTC)
TONES = {"red", "orange", "blue", "green", "violet", "gray"}


class _Reader(HTMLParser):
    """Collects the tags and the text of HTML as a browser reads it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Remember text."""
        self.text += data


def _read(body: str) -> _Reader:
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return reader


def _drawings(words: str) -> list[look.Html]:
    """Every part that takes words from data, with the same words in each place."""
    return [
        look.mark("red", "lock", words),
        look.flag("red", words),
        look.chip("short", words),
        look.section(words, words),
        look.note("red", words, words, words),
        look.empty("inbox", words, words),
        look.legend(("red", words, words)),
        look.tile(words, "red", words, words, words),
        look.line(words, words, words, "red", words, words, words),
        look.story(("red", words, words, words)),
        look.reasons((True, words, words)),
        look.verdict(True, words, words),
        look.table([words], [[words]]),
        look.html("{}{named}", words, named=words),
    ]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_data_never_becomes_markup(words: str) -> None:
    """Whatever stands in the data, no part draws another tag or attribute than for a harmless word."""
    for hostile, harmless in zip(_drawings(words), _drawings("word"), strict=True):
        seen, wanted = _read(hostile), _read(harmless)
        assert seen.tags == wanted.tags
        assert [name for name, _value in seen.attributes] == [name for name, _value in wanted.attributes]
        assert words in seen.text or "&" in words


def test_script_in_a_name_is_text() -> None:
    """A name that is markup is shown as it is written, also in an attribute."""
    evil = Name('<script>alert(1)</script>" onclick="x')
    drawn = look.html('<b data-act="{}">{}</b>', evil, evil)
    reader = _read(drawn)
    assert reader.tags == ["b"]
    assert reader.attributes == [("data-act", evil.zh)]
    assert reader.text == evil.zh


def test_html_is_not_escaped_twice() -> None:
    """What a part has drawn goes into another part as it is."""
    inner = look.html("<i>{}</i>", "a & b")
    assert look.html("<p>{}</p>", inner) == "<p><i>a &amp; b</i></p>"
    assert look.join("<", inner) == "&lt;<i>a &amp; b</i>"


def test_statuses_have_word_tone_and_icon() -> None:
    """Never colour alone: each state has its own word, one of six tones, and an icon."""
    words = [state.word for state in look.STATUS.values()]
    assert len(set(words)) == len(words)
    for key, state in look.STATUS.items():
        assert state.tone in TONES, key
        assert re.fullmatch(r"[a-z_]+", state.icon), key


@pytest.mark.parametrize("msgids", [
    [state.word for state in look.STATUS.values()],
    [word for page in PAGES for word in (page.title, page.group)],
    list(STREAMLIT_WORDS),
], ids=["statuses", "pages", "streamlit"])  # fmt: skip
def test_words_are_complete_in_chinese(msgids: list[str]) -> None:
    """Each word that the parts declare has a Chinese one."""
    say = speaker("zh_CN")
    assert [msgid for msgid in msgids if say(msgid) == msgid] == []


def test_english_needs_no_translation_of_streamlit() -> None:
    """An English page keeps Streamlit's own words."""
    assert translations("en") == {}


@pytest.mark.parametrize(("minutes", "told", "tone"), [
    (28, "28 min left", "orange"), (0, "0 min left", "orange"), (61, "1:01 left", "blue"), (168, "2:48 left", "blue"),
    (3 * 1440, "3 days left", "blue"), (-12, "0:12 late", "red"), (-82, "1:22 late", "red"),
])  # fmt: skip
def test_time_limits(minutes: int, told: str, tone: str) -> None:
    """A limit tells what is left or by how much it is over, in the tone of its urgency."""
    until = NOW + dt.timedelta(minutes=minutes)
    assert _told_in_english(lambda: remaining(until, now=NOW)) == told
    assert urgency(until, now=NOW) == tone


def _told_in_english(tell: object) -> str:
    import streamlit

    streamlit.session_state["language"] = "en"
    return tell()  # type: ignore[operator,no-any-return]


def test_moment_is_as_short_as_it_stays_clear() -> None:
    """Today the clock in Beijing time, this year month and day, before that the whole date."""
    assert moment(NOW, now=NOW) == "03:12"
    assert moment(NOW - dt.timedelta(hours=4), now=NOW) == "07-18 23:12"
    assert moment(NOW - dt.timedelta(days=365), now=NOW) == "2025-07-19 03:12"
    assert _told_in_english(lambda: span(5)) == "5 min"


def _from_another_folder(code: str, folder: Path) -> str:
    """Run code in a fresh process that stands in another folder."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()[-1]


# The last step, binding the port, is replaced by printing what the server would run with.
SERVE = """
import json
from streamlit import config
from streamlit.web.server.starlette import starlette_server
NAMES = {names}
def told(runner):
    print(json.dumps({{name: config.get_option(name) for name in NAMES}}))
starlette_server.UvicornRunner.run = told
from ui.streamlit_app import main
main(8699, "127.0.0.1")
"""


def test_settings_hold_from_any_folder(tmp_path: Path) -> None:
    """Started from another folder the server still runs with every setting of the project's file."""
    wanted = settings_of_page()
    told = json.loads(_from_another_folder(SERVE.format(names=sorted(wanted)), tmp_path))
    assert told["runner.postScriptGC"] is False
    assert told == {**wanted, "server.port": 8699, "server.address": "127.0.0.1"}


def test_streamlit_run_settles_the_pages(tmp_path: Path) -> None:
    """`streamlit run` from another folder reads no file of ours; the lifespan sets what concerns the pages."""
    code = "from streamlit import config; import ui.streamlit_app as a; a._settle(); "
    code += "print(config.get_option('runner.postScriptGC'), config.get_option('browser.gatherUsageStats'))"
    assert _from_another_folder(code, tmp_path) == "False False"


# A page that posts a draft under the id of its form; "refuse" makes the command say no.
PAGE = """
import streamlit as st
from inventory.core.errors import WrongState
from inventory.models import Draft
from ui.parts.errand import Form, errand

def save(work, *, id, body, refuse):
    if refuse:
        raise WrongState(kind="draft", key="1", state="closed", wanted="open")
    if work.session.get(Draft, id) is None:
        account = work.actor.account_id
        work.session.add(Draft(id=id, kind="test", account_id=account, body=body, saved_at=work.now))
    return str(id)

form = Form("draft")
refuse = st.checkbox("refuse", key="refuse")
body = st.text_input("body", key=form.key("body"))
if st.button("save", key=form.key("save")):
    errand(save, form=form, body=body, refuse=refuse)
st.write(f"last {form.last}")
"""


def _page(person: Person) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=30)
    app.session_state["person"], app.session_state["language"] = person, "en"
    return app.run()


def _drafts(store: Store) -> list[str]:
    with store.reading(SYSTEM) as work:
        return [draft.body for draft in work.session.query(Draft).order_by(Draft.id)]


def test_form_posts_once_and_opens_anew(district: Store, chief: Person) -> None:
    """A form sends its id with the entry; when it is done its fields are empty and the next entry has another id."""
    app = _page(chief)
    app.text_input(key="draft.body.0").set_value("first").run()
    app.button(key="draft.save.0").click().run()
    assert not app.exception
    assert _drafts(district) == ["first"]
    first = UUID(app.markdown[-1].value.removeprefix("last "))
    assert app.text_input(key="draft.body.1").value == ""
    app.text_input(key="draft.body.1").set_value("second").run()
    app.button(key="draft.save.1").click().run()
    assert _drafts(district) == ["first", "second"]
    assert UUID(app.markdown[-1].value.removeprefix("last ")) > first


def test_refusal_keeps_the_form(district: Store, chief: Person) -> None:
    """A refused errand writes nothing, says so on the page and keeps fields and id for the next try."""
    app = _page(chief)
    app.checkbox(key="refuse").check()
    app.text_input(key="draft.body.0").set_value("kept").run()
    before = app.session_state["form.draft"]["id"]
    app.button(key="draft.save.0").click().run()
    assert _drafts(district) == []
    assert app.text_input(key="draft.body.0").value == "kept"
    assert app.session_state["form.draft"]["id"] == before
    assert 'role="alert"' in app.get("html")[-1].proto.body
    app.checkbox(key="refuse").uncheck()
    app.button(key="draft.save.0").click().run()
    assert _drafts(district) == ["kept"]
    assert app.markdown[-1].value == f"last {before}"


def test_a_session_ended_elsewhere_writes_nothing(district: Store, chief: Person, token: str) -> None:
    """A dialog reruns without the door, so each write looks again whether the person is still signed in."""
    from inventory.people.sessions import sign_out

    app = _page(chief)
    app.session_state["token"] = token
    sign_out(district, token)
    app.button(key="draft.save.0").click().run()
    assert _drafts(district) == []
    assert "signed out" in app.get("html")[-1].proto.body


def test_sentences_of_a_note_are_spaced_as_their_language_wants() -> None:
    """A full-width stop brings its own space; a Latin one, or none, needs a space after it."""
    assert _read(look.note("red", "没有批准。", "只剩 82 床。", "重算。")).text == "没有批准。只剩 82 床。重算。"
    assert _read(look.note("red", "Not done.", "82 left.")).text == "Not done. 82 left."
    assert _read(look.note("violet", "将过账", "棉被")).text == "将过账 棉被"
