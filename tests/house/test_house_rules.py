"""The rules of the house: each catches its samples, lets good code pass, and finds nothing in this repository."""

from __future__ import annotations

import pytest

from tools.house_rules import RULES, faults_of, faults_of_house

DOC = '"""A sample."""\n'
DEEP = "\n".join(f"    x{number} = {number}" for number in range(70))

BAD = [
    ("commit-place", "inventory/people/commands.py", "def grant(work):\n    work.session.commit()"),
    ("commit-place", "ui/screens/count.py", "connection.commit()"),
    ("ledger-writes", "inventory/dispatch/commands.py", "def ship(work):\n    work.session.add(Movement(quantity=1))"),
    ("ledger-writes", "inventory/exchange/taking.py", "def take(work):\n    work.session.add(models.Hold())"),
    ("ledger-writes", "inventory/sync/commands.py", "statement = update(Balance).values(quantity=0)"),
    ("ledger-writes", "inventory/demo/stock.py", "statement = text('INSERT INTO movement (id) VALUES (1)')"),
    ("clock-place", "inventory/people/rules.py", "import datetime as dt\nat = dt.datetime.now(dt.UTC)"),
    ("clock-place", "tests/ledger/test_x.py", "from datetime import date\nday = date.today()"),
    ("clock-place", "inventory/models.py", "column = mapped_column(default=datetime.utcnow)"),
    ("whole-numbers", "inventory/ledger/rules.py", "quantity = float(text)"),
    ("whole-numbers", "inventory/stocktaking/queries.py", "def share(work) -> float: ..."),
    ("whole-numbers", "inventory/models.py", "column = mapped_column(Numeric(18, 3))"),
    ("streamlit-place", "inventory/core/words.py", "import streamlit as st"),
    ("streamlit-place", "inventory/cli.py", "from streamlit.runtime import get_instance"),
    ("words-by-gettext", "ui/screens/board.py", "st.title('值班')"),
    ("words-by-gettext", "inventory/dispatch/rules.py", "TITLE = f'{number} 顶'"),
    ("words-by-gettext", "inventory/dispatch/rules.py", "class Late(Refusal):\n    reason: str = 'comes too late'"),
    (
        "words-by-gettext",
        "inventory/dispatch/rules.py",
        "class Closed(Refusal):\n    why: str\nclass Shut(Closed):\n    pass\nraise Shut(why=f'the road {1} is shut')",
    ),
    ("errors-handled", "inventory/core/work.py", "try:\n    x()\nexcept:\n    raise"),
    ("errors-handled", "inventory/core/work.py", "try:\n    x()\nexcept Exception:\n    pass"),
    ("errors-handled", "inventory/core/work.py", "try:\n    x()\nexcept KeyError:\n    ..."),
    (
        "errors-handled",
        "inventory/core/work.py",
        "def f():\n    try:\n        x()\n    except Exception:\n        return False",
    ),
    ("errors-handled", "inventory/core/work.py", "with contextlib.suppress(Exception):\n    x()"),
    ("lengths", "inventory/core/ids.py", f"def long():\n{DEEP}"),
    ("lengths", "tests/core/test_ids.py", "x = 1\n" * 400),
    ("module-docstring", "inventory/places/rules.py", None),
    ("work-first", "inventory/people/commands.py", "def grant(*, work, role): ..."),
    ("work-first", "inventory/people/commands.py", "def grant(work, role): ..."),
    ("work-first", "inventory/dispatch/approving.py", "def approve(plan, work): ..."),
    ("no-generators", "inventory/ledger/queries.py", "def lots(work):\n    yield 1"),
    ("no-generators", "inventory/ledger/queries.py", "def lots(work) -> Iterator[int]:\n    return iter([1])"),
    ("no-generators", "inventory/ledger/commands.py", "def post(work, *, lines: Iterable[int]): ..."),
    (
        "no-generators",
        "inventory/ledger/posting.py",
        "def f(work, *, a):\n    ids = (x.id for x in a)\n    return g(ids)",
    ),
    ("no-generators", "inventory/ledger/commands.py", "def f(work, *, a):\n    return g(x.id for x in a)"),
    ("ui-doors", "ui/helpers.py", "x = 1"),
]

GOOD = [
    ("commit-place", "inventory/core/work.py", "def f(transaction):\n    transaction.commit()"),
    ("ledger-writes", "inventory/ledger/posting.py", "def f(work):\n    work.session.add(Movement())"),
    ("ledger-writes", "inventory/dispatch/queries.py", "statement = select(Movement).where(Hold.id == 1)"),
    ("clock-place", "inventory/core/clock.py", "import datetime as dt\ninstant = dt.datetime.now(dt.UTC)"),
    ("clock-place", "inventory/core/work.py", "at = env.now()"),
    ("whole-numbers", "inventory/places/rules.py", "minutes = float(3)"),
    ("streamlit-place", "ui/screens/count.py", "import streamlit as st"),
    ("words-by-gettext", "inventory/models.py", "class A:\n    '''批次'''\n    x = 1\n    '''数量'''"),
    ("words-by-gettext", "ui/parts/words.py", "NAMES = {'zh_CN': '中文'}"),
    (
        "words-by-gettext",
        "inventory/x/rules.py",
        "HAN = '年'  # house-skip: words-by-gettext, read from files, not shown",
    ),
    ("words-by-gettext", "inventory/people/numbering.py", "MARK = '\\u8c03'"),
    ("words-by-gettext", "tests/ui/test_words.py", "assert label == '保存'"),
    (
        "words-by-gettext",
        "inventory/x/rules.py",
        "class Shut(Refusal):\n    code = 'shut'\nerror = Shut(state='sent_out')",
    ),
    ("errors-handled", "inventory/core/work.py", "try:\n    x()\nexcept Exception as error:\n    keep(error)"),
    ("errors-handled", "inventory/core/work.py", "try:\n    x()\nexcept KeyError:\n    y = 1"),
    ("lengths", "inventory/models.py", "x = 1\n" * 500),
    ("lengths", "migrations/versions/2026_first.py", f"def upgrade():\n{DEEP}"),
    ("work-first", "inventory/people/commands.py", "def grant(work, *, role): ...\ndef _own(role, work): ..."),
    ("work-first", "inventory/people/rules.py", "def may(role, place): ..."),
    (
        "no-generators",
        "inventory/ledger/queries.py",
        "def f(work, *, a):\n    return sum(x for x in a), tuple(x for x in a)",
    ),
    ("no-generators", "inventory/core/canonical.py", "def parts(value):\n    yield value"),
    ("no-generators", "inventory/people/chain.py", "def _links(work, ids: Iterable[int]):\n    yield from ids"),
    ("ui-doors", "ui/parts/errand.py", "x = 1"),
    ("ui-doors", "ui/door.py", "x = 1"),
]


@pytest.mark.parametrize(("code", "path", "text"), BAD)
def test_a_breach_is_caught(code: str, path: str, text: str | None) -> None:
    """Each failing sample is caught by its rule, and by no other."""
    source = "x = 1\n" if text is None else DOC + text
    assert {fault.code for fault in faults_of(path, source)} == {code}


@pytest.mark.parametrize(("code", "path", "text"), GOOD)
def test_good_code_passes(code: str, path: str, text: str) -> None:
    """What looks like a breach of the rule and is none passes all rules."""
    assert faults_of(path, DOC + text) == []


def test_an_excuse_needs_its_reason() -> None:
    """A skip without a reason, or of another rule, excuses nothing."""
    for comment in ("# house-skip: words-by-gettext", "# house-skip: words-by-gettext,", "# house-skip: lengths, no"):
        assert [f.code for f in faults_of("ui/parts/x.py", f"{DOC}x = '年'  {comment}\n")] == ["words-by-gettext"]


def test_every_rule_has_samples() -> None:
    """No rule stands without a sample that breaks it and one that does not."""
    assert {code for code, *_ in BAD} == set(RULES)
    assert {code for code, *_ in GOOD} | {"module-docstring"} == set(RULES)


def test_the_house_keeps_its_rules() -> None:
    """No file of this repository breaks a rule."""
    faults = faults_of_house()
    assert not faults, "\n".join(map(str, faults))
