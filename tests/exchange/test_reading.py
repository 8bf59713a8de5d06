"""Foreign files are read under limits; whatever is wrong with them is told, never raised as a crash."""

from __future__ import annotations

import datetime as dt
import io
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from inventory.core.errors import FileRefused
from inventory.exchange import limits as limits_module
from inventory.exchange.columns import validate
from inventory.exchange.limits import Limits
from inventory.exchange.reading import read_table
from tests.exchange import cases, corpus


@pytest.mark.parametrize(
    ("file_name", "make", "code"), [case[1:] for case in cases.WHOLE], ids=[c[0] for c in cases.WHOLE]
)
def test_unreadable_files_are_refused_with_their_code(file_name, make, code):
    """Each file that cannot be read at all is refused with one fault that says why."""
    with pytest.raises(FileRefused) as refused:
        read_table(make(), file_name)
    assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize(
    ("file_name", "make", "expected"), [case[1:] for case in cases.CELLS], ids=[c[0] for c in cases.CELLS]
)
def test_faulty_cells_are_told_by_row_and_column(file_name, make, expected):
    """Each file with a faulty cell is read, and the fault is told where it stands."""
    parsed = validate(read_table(make(), file_name), corpus.KIND)
    assert expected in [(fault.code, fault.row, fault.column) for fault in parsed.faults]
    with pytest.raises(FileRefused):
        parsed.refuse_faults()


_MEASURE = """
import resource, sys, time
from inventory.core.errors import FileRefused
from inventory.exchange.reading import read_table
data = sys.stdin.buffer.read()
started = time.perf_counter()
try:
    read_table(data, "a.xlsx")
    print("read")
except FileRefused as refused:
    print(refused.faults[0].code)
print(time.perf_counter() - started)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.parametrize(
    ("make", "code", "seconds_max", "megabytes_max"),
    [
        (lambda: corpus.set_cell("XFD1048576", 1), "too_many_rows", 2, 150),
        (lambda: corpus.laughs("xl/worksheets/sheet1.xml"), "document_type", 2, 150),
        (corpus.million_rows, "too_many_rows", 5, 250),
        (corpus.zip_bomb, "zip_bomb", 2, 150),
        (corpus.strings_hog, "out_of_memory", 20, 512),
    ],
    ids=["far cell", "laughs", "million rows", "zip bomb", "strings"],
)
def test_time_and_memory_of_hostile_files(make, code, seconds_max, megabytes_max):
    """Hostile files are refused in the time and memory promised, measured from a process of its own."""
    done = subprocess.run([sys.executable, "-c", _MEASURE], input=make(), capture_output=True, check=True)
    told, seconds, megabytes = done.stdout.decode().split()
    assert told == code
    assert float(seconds) < seconds_max
    assert int(megabytes) <= megabytes_max


def test_a_part_that_lies_about_its_size_is_refused():
    """A part that declares 1 KB and unpacks to 600 MB is refused, whichever limit meets it first."""
    with pytest.raises(FileRefused) as refused:
        read_table(corpus.lying_bomb(), "lie.xlsx")
    assert refused.value.faults[0].code in ("damaged_file", "out_of_memory")


def test_the_time_limit_holds():
    """A file that takes longer than allowed is refused when the time is over, and the child is gone."""
    data = corpus.endless_rows()
    started = time.perf_counter()
    with pytest.raises(FileRefused) as refused:
        read_table(data, "slow.xlsx", limits=Limits(seconds=1))
    assert [fault.code for fault in refused.value.faults] == ["timed_out"]
    assert time.perf_counter() - started < 5


def test_a_child_that_only_waits_is_ended(tmp_path, monkeypatch):
    """The wall clock counts, not only the processor's: a child that sleeps is ended too."""
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    started = time.perf_counter()
    with pytest.raises(FileRefused) as refused:
        read_table(b"a,b", "a.csv", limits=Limits(seconds=1))
    assert [fault.code for fault in refused.value.faults] == ["timed_out"]
    assert time.perf_counter() - started < 5


def test_the_child_can_write_no_file(tmp_path):
    """After giving up its rights the child cannot write a file, and its memory is limited."""
    script = (
        "import sys, resource\n"
        "from inventory.exchange.worker import give_up_rights\n"
        "from inventory.exchange.limits import Limits\n"
        "give_up_rights(Limits())\n"
        "assert resource.getrlimit(resource.RLIMIT_AS) == (512 << 20, 512 << 20)\n"
        "try:\n"
        "    with open(sys.argv[1], 'wb') as target:\n        target.write(b'x' * 10)\n"
        "except OSError:\n    print('refused')\n"
        "try:\n    bytearray(600 << 20)\n"
        "except MemoryError:\n    print('no memory')\n"
    )
    target = tmp_path / "written"
    done = subprocess.run([sys.executable, "-c", script, str(target)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["refused", "no memory"]
    assert not target.exists() or target.stat().st_size == 0


def test_the_child_sees_no_secret(tmp_path, monkeypatch):
    """Neither the address of the database nor any other setting stands in the child's environment."""
    spy = tmp_path / "python"
    spy.write_text(
        "#!/bin/sh\ncat >/dev/null\nprintf '[\"refused\",\"%s\",{}]' \"$(env | cut -d= -f1 | tr '\\n' ' ')\"\n"
    )
    spy.chmod(0o755)
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:secret@host/db")
    monkeypatch.setattr(sys, "executable", str(spy))
    with pytest.raises(FileRefused) as refused:
        read_table(b"a,b", "a.csv")
    names = set(refused.value.faults[0].code.split())
    assert "PATH" in names
    assert names <= {
        "PATH",
        "PWD",
        "SHLVL",
        "_",
        "OLDPWD",
        "PYTHONDONTWRITEBYTECODE",
        "MALLOC_ARENA_MAX",
        "RUST_BACKTRACE",
    }


def _children() -> set[int]:
    """Return the processes that this one has started and not yet seen end (Linux)."""
    return {int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


def test_no_child_is_left_behind():
    """Refused, timed out or read: afterwards this process has no further child."""
    before = _children()
    read_table(corpus.csv_file("A,x,1,tent"), "a.csv")
    for data, limits in ((b"PK\x03\x04", Limits()), (corpus.endless_rows(), Limits(seconds=1))):
        try:
            read_table(data, "a.xlsx", limits=limits)
        except FileRefused:
            continue
    assert _children() <= before
    assert signal.getsignal(signal.SIGCHLD) in (signal.SIG_DFL, signal.SIG_IGN, None)


def test_many_at_once_are_all_answered():
    """Six people who upload at the same moment all get their rows."""
    data, found = corpus.xlsx(*[corpus.GOOD] * 50), []
    threads = [threading.Thread(target=lambda: found.append(len(read_table(data, "a.xlsx").rows))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [51] * 6


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_in_each_encoding_and_with_each_sign(encoding, sign):
    """CSV as Excel and WPS write it reads the same, leading zeros and rare characters included."""
    text = (
        sign.join(["\u7f16\u7801", "\u540d\u79f0"]) + "\r\n" + sign.join(["00123", "\U00020bb7\u5e10\u7bf7"]) + "\r\n"
    )
    table = read_table(text.encode(encoding), "\u5e93\u5b58.csv")
    assert [row.cells for row in table.rows] == [
        ("\u7f16\u7801", "\u540d\u79f0"),
        ("00123", "\U00020bb7\u5e10\u7bf7"),
    ]


def test_rows_and_columns_keep_their_places():
    """A table that starts at C4 keeps its row numbers and columns; blank rows between are passed over."""
    book = openpyxl.Workbook()
    book.active["C4"], book.active["D4"], book.active["C7"] = "x", 12, "y"
    target = io.BytesIO()
    book.save(target)
    table = read_table(target.getvalue(), "a.xlsx")
    assert [(row.number, row.cells) for row in table.rows] == [
        (4, (None, None, "x", 12.0)),
        (7, (None, None, "y")),
    ]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
@pytest.mark.parametrize(
    "value",
    [
        dt.date(2026, 11, 23),
        dt.datetime(2026, 11, 23),  # noqa: DTZ001 - a cell has no zone
        "2026-11-23",
        "2026/11/23",
        "2026.11.23",
        "20261123",
        20261123,
        "2026-1-3",
        "2026\u5e7411\u670823\u65e5",
        "\uff12\uff10\uff12\uff16-11-23",
    ],
    ids=str,
)
def test_dates_as_people_write_them(value, epoch):
    """Real dates of both epochs and dates written as text are read."""
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    book.active.append(corpus.HEADINGS)
    book.active.append([*corpus.GOOD[:4], value])
    target = io.BytesIO()
    book.save(target)
    parsed = validate(read_table(target.getvalue(), "a.xlsx"), corpus.KIND)
    assert parsed.faults == ()
    wanted = dt.date(2026, 1, 3) if value == "2026-1-3" else dt.date(2026, 11, 23)
    assert parsed.lines[0].values["expires_on"] == wanted


def test_fifty_thousand_rows_are_read():
    """The largest allowed table, 50,000 rows, fits the limits of time and memory."""
    data = corpus.csv_file(*[f"C{n},Tent,1,tent,2030-01-01,1.5" for n in range(49_999)])
    parsed = validate(read_table(data, "a.csv"), corpus.KIND)
    assert (len(parsed.lines), parsed.fault_count) == (49_999, 0)


_SOUND = corpus.xlsx(corpus.GOOD)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), st.binary(max_size=40)),
        min_size=1,
        max_size=6,
    )
)
def test_a_damaged_workbook_never_crashes_the_reader(damages):
    """Bytes changed, cut out or doubled at random: rows or a refusal, nothing else."""
    content = bytearray(_SOUND)
    for where, length, instead in damages:
        at = int(where * len(content))
        content[at : at + length] = instead
    try:
        table = read_table(b"PK" + bytes(content[2:]), "a.xlsx")
    except FileRefused as refused:
        told = [fault.code for fault in refused.faults]
    else:
        told = ["rows"] * bool(table.rows)
    assert len(told) == 1


def test_the_letters_of_columns():
    """Columns are named as spreadsheets name them."""
    assert [limits_module.letters(n) for n in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_a_million_blank_rows_below_the_table_are_no_rows():
    """Somebody formatted whole columns: a million cells without a value are passed over, within the limits."""
    heads = "".join(
        f'<c r="{limits_module.letters(n)}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for n, text in enumerate(corpus.HEADINGS)
    )
    good = '<c r="A2" t="inlineStr"><is><t>0012</t></is></c><c r="C2"><v>5</v></c>'
    good += '<c r="D2" t="inlineStr"><is><t>tent</t></is></c>'
    body = f'<row r="1">{heads}</row><row r="2">{good}</row>'.encode()
    body += b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_000_001))
    parsed = validate(read_table(corpus.with_body(body), "a.xlsx"), corpus.KIND)
    assert (parsed.faults, [line.values["quantity"] for line in parsed.lines]) == ((), [5])
