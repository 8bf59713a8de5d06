"""The dialogue of `init` on a real terminal: who types sees the questions, never the password."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlalchemy import select as query

from inventory.core.env import Env
from inventory.core.words import speaker
from inventory.core.work import SYSTEM, Store
from inventory.models import Account, Node
from inventory.people.signing_in import sign_in

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 60.0
GOOD = "Kettle-over-7-stones"
LOGIN = "Login of the first administrator [admin]: "
PASSWORD, AGAIN = "Password: ", "The same password again: "
STARTER = "Load the starter catalogue of 122 items? [Y/n] "
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])
_OWN_TERMINAL = (
    "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""Makes the terminal on standard input the controlling one, as it is for a person at a shell."""


@dataclass
class Talk:
    """A program at the other end of a terminal, and everything that its screen has shown."""

    process: subprocess.Popen[bytes]
    terminal: int
    language: str
    shown: bytes = b""
    seen: int = field(default=0)

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, a msgid, in this language and type a line."""
        wanted = speaker(self.language)(question).strip().encode()
        self._read_until(lambda: wanted in self.shown[self.seen :])
        self.seen = self.shown.index(wanted, self.seen) + len(wanted)
        os.write(self.terminal, text.encode() + b"\n")

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and all that stood on the screen."""
        self._read_until(lambda: False)
        code = self.process.wait(SECONDS_MAX)
        os.close(self.terminal)
        return code, self.shown.decode()

    def _read_until(self, enough: object) -> None:
        assert callable(enough)
        deadline = time.monotonic() + SECONDS_MAX
        while not enough():
            ready, _, _ = select.select([self.terminal], [], [], max(deadline - time.monotonic(), 0))
            assert ready, f"nothing more came after: {self.shown.decode(errors='replace')}"
            try:
                piece = os.read(self.terminal, 4096)
            except OSError:  # Linux says so when the last holder of the other end has gone.
                piece = b""
            if not piece:
                return
            self.shown += piece


def talk(home: Path, language: str) -> Talk:
    """Start `init` on a terminal of its own."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "LC_ALL", "LC_MESSAGES")}
    process = subprocess.Popen(
        [sys.executable, "-c", _OWN_TERMINAL, "-m", "inventory", "init", "--language", language],
        cwd=ROOT,
        env=kept | {"INVENTORY_HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb"},
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    return Talk(process, ours, language)


def opened(home: Path) -> Store:
    """Open what `init` left behind."""
    url = f"sqlite:///{home / 'inventory.db'}"
    return Store(url, Env.real(home))


def nothing_founded(home: Path) -> bool:
    """Return whether the database has neither a node nor an account."""
    with closing(opened(home)) as store:
        counts = [query(func.count()).select_from(table) for table in (Node, Account)]
        return store.read(SYSTEM, lambda work: [work.connection.execute(one).scalar_one() for one in counts]) == [0, 0]


@LANGUAGES
def test_a_person_chooses_login_and_password(home: Path, language: str) -> None:
    """Asked in the language: a login, the password twice, unseen; with them the first administrator signs in."""
    at = talk(home, language)
    at.answer(LOGIN, "Chief")
    at.answer(PASSWORD, GOOD)
    at.answer(AGAIN, GOOD)
    at.answer(STARTER, "n")
    code, screen = at.end()
    assert code == 0, screen
    assert GOOD not in screen
    assert "chief" in screen
    assert "Traceback" not in screen
    with closing(opened(home)) as store:
        signed = sign_in(store, login="chief", password=GOOD, address="127.0.0.1", loopback=True)
        assert signed.token
        assert store.read(SYSTEM, lambda work: work.session.query(Account).one().must_change_password) is False


def test_an_empty_login_is_admin(home: Path) -> None:
    """Return alone takes what stands in brackets."""
    at = talk(home, "en")
    at.answer(LOGIN, "")
    at.answer(PASSWORD, GOOD)
    at.answer(AGAIN, GOOD)
    at.answer(STARTER, "n")
    assert at.end()[0] == 0
    with closing(opened(home)) as store:
        assert store.read(SYSTEM, lambda work: work.session.query(Account).one().login) == "admin"


@LANGUAGES
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([(LOGIN, "chief"), (PASSWORD, GOOD), (AGAIN, GOOD + "x")], "The two passwords are not the same."),
        ([(LOGIN, "chief"), (PASSWORD, "tiny-1")], "The password was not accepted."),
        ([(LOGIN, "chief"), (PASSWORD, "Chief-of-7-stones")], "The password was not accepted."),
    ],
    ids=["mismatch", "weak", "holds the login"],
)
def test_a_wrong_answer_founds_nothing(home: Path, language: str, answers: list[tuple[str, str]], said: str) -> None:
    """Two passwords that differ, a weak one, one that holds the login: said in words, and nothing is set up."""
    at = talk(home, language)
    for question, text in answers:
        at.answer(question, text)
    code, screen = at.end()
    assert code == 1
    assert speaker(language)(said) in re.sub(r"\r\n", "\n", screen)
    assert not any(text in screen for question, text in answers if question != LOGIN)
    assert "Traceback" not in screen
    assert nothing_founded(home)
