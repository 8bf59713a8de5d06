"""Reading a foreign table: the program hands the bytes to a limited child process and takes back plain rows.

What is refused as a whole (`FileRefused` with one fault in row 0): what is no .xlsx or .csv, what is locked, carries
macros or document types, what is larger than the limits, what takes longer than 20 s or more than 512 MB. What is
wrong in single cells comes back as marks beside the rows, so that `columns.validate` tells all problems at once.
Nothing is read from or written to the disk.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.core.errors import Fault, FileRefused
from inventory.exchange.limits import Limits, Mark
from inventory.exchange.worker import MEMORY_EXIT

Cell = str | int | float | bool | dt.date | dt.datetime | None

_ROOT = Path(__file__).resolve().parent.parent.parent
_ANSWER_BYTES = 256 * 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_log = logging.getLogger(__name__)

# Two readings at once may take a gigabyte; the third waits its turn, at most as long as the clock lets the others run.
_TURN = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Row:
    """One row that holds something: its number as the spreadsheet shows it (from 1) and its cells from column A."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """What stands in a file, not yet understood.

    `sha256` is that of the whole file (hex); `meta` is what our template says about itself, empty for other files;
    `marks` are faulty cells, `marks_count` how many there are in all; columns count from 0. `further_sheets` are other
    visible sheets that hold values and are not ours; `encoding` and `delimiter` are those of a CSV.
    """

    file_name: str
    sha256: str
    rows: tuple[Row, ...]
    sheet: str = ""
    marks: tuple[Mark, ...] = ()
    marks_count: int = 0
    hidden_columns: frozenset[int] = frozenset()
    meta: Mapping[str, str] = field(default_factory=dict)
    further_sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""


def read_table(data: bytes, file_name: str, *, limits: Limits | None = None) -> Table:
    """Return the rows of an .xlsx or .csv file.

    Parameters
    ----------
    data
        The whole file.
    file_name
        As the user calls it; its ending must agree with the content.
    limits
        What the file may ask of the machine; the defaults hold for every upload.

    Raises
    ------
    FileRefused
        With one fault in row 0 (for a broken CSV: in its row) that says why the file cannot be read at all.
    """
    limits = limits or Limits()
    # The name is shown and stored; only its last part, and not at any length.
    file_name = file_name.replace("\\", "/").rpartition("/")[2][-120:]
    try:
        kind = file_kind(data, file_name, limits)
        with _TURN:
            lines, exit_code, timed_out = _run_child(data, kind, limits)
        rows, end = _understand(lines)
        if end is None:
            raise _Refused(_cause_of_death(exit_code, timed_out, limits))
    except _Refused as refused:
        raise FileRefused(file=file_name, faults=(refused.fault,), count=1) from None
    return Table(
        file_name=file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        rows=tuple(rows),
        sheet=end["sheet"],
        marks=tuple(Mark(code, row, column, facts) for code, row, column, facts in end["marks"]),
        marks_count=end["marks_count"],
        hidden_columns=frozenset(end["hidden_columns"]),
        meta=end["meta"],
        further_sheets=tuple(end["further"]),
        encoding=end["encoding"],
        delimiter=end["delimiter"],
    )


class _Refused(Exception):
    """Carries the one fault of an unreadable file up to `read_table`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def file_kind(data: bytes, file_name: str, limits: Limits) -> str:
    """Return "xlsx" or "csv" when the name and the first bytes agree; nothing is parsed here."""
    ending = Path(file_name).suffix.lower()
    if len(data) > limits.upload_bytes:
        size, limit = -(-len(data) >> 20), limits.upload_bytes >> 20
        raise _Refused(Fault("file_too_large", facts={"megabytes": size, "limit": limit}))
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise _Refused(Fault("empty_file"))
    if data.startswith(_OLE):
        raise _Refused(Fault("encrypted" if _LOCKED in data else "old_xls"))
    if ending in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise _Refused(Fault("macros" if ending != ".xlsb" else "wrong_file_type", facts={"ending": ending}))
    if ending not in (".xlsx", ".csv"):
        raise _Refused(Fault("wrong_file_type", facts={"ending": ending}))
    if data.startswith(b"PK") != (ending == ".xlsx"):
        raise _Refused(Fault("not_a_spreadsheet", facts={"ending": ending}))
    return ending[1:]


def _run_child(data: bytes, kind: str, limits: Limits) -> tuple[list[bytes], int, bool]:
    """Run the child on `data`; return its lines, its exit code and whether the clock ended it."""
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "inventory.exchange.worker",
            json.dumps(dataclasses.asdict(limits)),
            kind,
        ],
        cwd=_ROOT,
        # No secret of the environment reaches the child; malloc keeps one arena so that 512 MB are 512 MB.
        env={
            "PYTHONDONTWRITEBYTECODE": "1",
            "MALLOC_ARENA_MAX": "1",
            "RUST_BACKTRACE": "0",
            "PATH": os.defpath,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        close_fds=True,
        start_new_session=True,
    )
    timed_out = threading.Event()

    def end_of_time() -> None:
        timed_out.set()
        child.kill()

    clock = threading.Timer(limits.seconds, end_of_time)
    feeder = threading.Thread(target=_feed, args=(child, data), daemon=True)
    last_words: list[bytes] = []
    listener = threading.Thread(target=_listen, args=(child, last_words), daemon=True)
    for thread in (clock, feeder, listener):
        thread.start()
    try:
        answer = _answer(child)
        exit_code = child.wait()
    finally:
        clock.cancel()
        child.kill()
        feeder.join()
        listener.join()
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
        child.wait()
    if exit_code:
        tail = b"".join(last_words)[-600:].decode("utf-8", "replace")
        _log.warning("the reading child ended with %s: %s", exit_code, tail)
    return answer.splitlines(), exit_code, timed_out.is_set()


def _feed(child: subprocess.Popen[bytes], data: bytes) -> None:
    """Hand the file over; a child that has refused already does not listen to the end."""
    if child.stdin is None:
        return
    try:
        with child.stdin as stream:
            stream.write(data)
    except BrokenPipeError:
        _log.debug("the reading child did not read the whole file")


def _listen(child: subprocess.Popen[bytes], last_words: list[bytes]) -> None:
    """Keep the end of what the child says on standard error, for the log."""
    while child.stderr is not None and (chunk := os.read(child.stderr.fileno(), 1 << 14)):
        last_words[:] = [*last_words[-3:], chunk]


def _answer(child: subprocess.Popen[bytes]) -> bytes:
    """Return what the child wrote; a child that writes more than any allowed table is ended."""
    parts: list[bytes] = []
    size = 0
    while child.stdout is not None and (chunk := os.read(child.stdout.fileno(), 1 << 16)):
        size += len(chunk)
        if size > _ANSWER_BYTES:
            child.kill()
            raise _Refused(Fault("too_much_text", facts={"limit": _ANSWER_BYTES}))
        parts.append(chunk)
    return b"".join(parts)


def _understand(lines: list[bytes]) -> tuple[list[Row], dict[str, Any] | None]:
    """Return the rows and the closing word of the child; None when it died before it came to an end."""
    rows: list[Row] = []
    for line in lines:
        if not line.endswith(b"]"):
            break  # cut off in the middle: the child died, which the caller sees by the missing end
        word, *rest = json.loads(line)
        if word == "row":
            rows.append(Row(rest[0], tuple(_cell(value) for value in rest[1])))
        elif word == "refused":
            facts = dict(rest[1])
            raise _Refused(Fault(rest[0], row=facts.get("row", 0) if rest[0] == "broken_csv" else 0, facts=facts))
        else:
            return rows, rest[0]
    return rows, None


def _cell(value: Any) -> Cell:
    """Return a cell as the child wrote it."""
    if isinstance(value, dict):
        if "day" in value:
            return dt.date.fromisoformat(value["day"])
        # A spreadsheet's time of day has no zone; no reader takes it as an instant.
        return dt.datetime.fromisoformat(value["at"])
    return value  # type: ignore[no-any-return]


def _cause_of_death(exit_code: int, timed_out: bool, limits: Limits) -> Fault:
    """Tell why the child ended without a last word."""
    if timed_out or exit_code == -signal.SIGXCPU:
        return Fault("timed_out", facts={"seconds": limits.seconds})
    if exit_code in (MEMORY_EXIT, -signal.SIGABRT, -signal.SIGKILL):
        # calamine aborts where memory is refused; the kernel kills where the machine itself has none left.
        return Fault("out_of_memory", facts={"megabytes": limits.memory_bytes >> 20})
    return Fault("damaged_file")
