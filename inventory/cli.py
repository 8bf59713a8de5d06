"""Every errand from a terminal: `python -m inventory COMMAND …`.

Exit codes: 0 done, 1 refused or a problem found (said on standard error), 2 wrong usage. With `--json` one JSON object
stands on standard output and nothing else: the facts of the errand, or of its refusal. No traceback reaches the user;
an unexpected error is written to the log in the data folder and told in one sentence.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, NoReturn
from uuid import UUID

from inventory.core.clock import utc_now
from inventory.core.errors import FileRefused, Refusal
from inventory.core.words import LANGUAGES, N_, fill, speaker
from inventory.errands.frame import Answer, Errand, Terminal, to_json
from inventory.speech import say, say_fault

WHERE: dict[str, str] = {
    "init": "inventory.errands.starting",
    "serve": "inventory.errands.starting",
    "verify": "inventory.errands.proving",
    "backup": "inventory.errands.proving",
    "restore": "inventory.errands.proving",
    "plan": "inventory.errands.planning",
    "check": "inventory.errands.planning",
    "bench": "inventory.benches.errand",
    "order": "inventory.errands.printing",
    "paper": "inventory.errands.printing",
    "papers": "inventory.errands.printing_many",
    "labels": "inventory.errands.labelling",
    "register": "inventory.errands.labelling",
    "sample": "inventory.errands.printing",
    "verify-paper": "inventory.errands.trusting",
    "key": "inventory.errands.trusting",
    "account": "inventory.errands.accounts",
    "import": "inventory.errands.files",
    "export": "inventory.errands.files",
    "template": "inventory.errands.files",
    "count": "inventory.errands.counting",
    "incident": "inventory.errands.requesting",
    "request": "inventory.errands.requesting",
    "propose": "inventory.errands.requesting",
    "approve": "inventory.errands.requesting",
    "acknowledge": "inventory.errands.moving",
    "decline": "inventory.errands.moving",
    "pick": "inventory.errands.moving",
    "check-goods": "inventory.errands.moving",
    "ship": "inventory.errands.moving",
    "receive": "inventory.errands.moving",
    "take-paper": "inventory.errands.carrying",
    "data-page": "inventory.errands.carrying",
    "hand-back": "inventory.errands.carrying",
    "settle": "inventory.errands.moving",
    "use": "inventory.errands.moving",
    "return": "inventory.errands.moving",
    "close-short": "inventory.errands.moving",
    "cancel": "inventory.errands.moving",
}
"""First word of a command -> the module with its errands; only that one is loaded."""

_ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid %(type)s value: %(value)r"),
    N_("expected one argument"),
    N_("not allowed with argument %s"),
)
"""What the standard library says itself; its texts are its own msgids."""
FAULTS_TOLD_MAX = 50


class WrongUsage(Exception):
    """The words of the command line make no command: exit code 2."""


class Parser(argparse.ArgumentParser):
    """A parser that tells its errors to us instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        """Hand the error on with the usage of the command."""
        raise WrongUsage(f"{self.format_usage()}{message}")


class Words(argparse.HelpFormatter):
    """A help page whose texts are msgids, told in `language`."""

    language = "en"

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return fill_plain(action.help, self.language) if action.help else action.help


def language_of(words: Sequence[str]) -> str:
    """Return the language asked for with `--language`, else the one of the environment."""
    for at, word in enumerate(words):
        if word.startswith("--language="):
            return _nearest(word.removeprefix("--language="))
        if word == "--language" and at + 1 < len(words):
            return _nearest(words[at + 1])
    told = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return _nearest(next((text for text in told if text), ""))


def _nearest(text: str) -> str:
    return "zh_CN" if text.lower().startswith("zh") else "en"


def errands(first: str | None = None) -> list[Errand]:
    """Return the errands that begin with a word, or all of them."""
    modules = [WHERE[first]] if first else list(dict.fromkeys(WHERE.values()))
    found = [errand for module in modules for errand in importlib.import_module(module).ERRANDS]
    return [errand for errand in found if first is None or errand.words.split()[0] == first]


_GROUPS: dict[str, str] = {
    "account": N_("Accounts of people: open one, give roles, list them."),
    "count": N_("Blind stock counts, from opening to posting."),
    "key": N_("Keys that papers are checked with: our own, and those of other offices."),
    "incident": N_("Incidents: open one, bring it on, list them."),
}
"""First words that have several errands -> what they are about."""


def parser_of(known: Sequence[Errand], language: str) -> Parser:
    """Build the parser of some errands, in a language."""
    argparse._ = lambda text: fill_plain(text, language)  # type: ignore[attr-defined]
    shape: dict[str, Any] = {
        "formatter_class": type("Told", (Words,), {"language": language}),
        "allow_abbrev": False,
    }
    top = Parser(
        prog="python -m inventory",
        description=fill(
            N_("Emergency supplies of a district: counted, planned, dispatched, accounted for."), {}, language
        ),
        epilog=fill(N_("Exit codes: 0 done, 1 refused or a problem found, 2 wrong usage."), {}, language),
        **shape,
    )
    commands = top.add_subparsers(dest="first", required=True, metavar="COMMAND", parser_class=Parser)
    groups: dict[str, Any] = {}
    for errand in known:
        words = errand.words.split()
        inside = commands
        if len(words) == 2:
            if words[0] not in groups:
                about = fill(_GROUPS[words[0]], {}, language)
                group = commands.add_parser(words[0], help=_GROUPS[words[0]], description=about, **shape)
                groups[words[0]] = group.add_subparsers(
                    dest="second", required=True, metavar="STEP", parser_class=Parser
                )
            inside = groups[words[0]]
        about = fill(errand.help, {}, language)
        made = inside.add_parser(words[-1], help=errand.help, description=about, **shape)
        errand.arguments(made)
        _common(made, errand)
        made.set_defaults(errand=errand)
    return top


def fill_plain(text: str, language: str) -> str:
    """Translate a text of the standard library, which fills it itself."""
    return speaker(language)(text)


def _common(parser: argparse.ArgumentParser, errand: Errand) -> None:
    """Add what every errand understands."""

    parser.add_argument(
        "--json", action="store_true", help=N_("print one JSON object on standard output and nothing else")
    )
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        help=N_("language of words; by default the one of the environment"),
    )
    if errand.writes:
        parser.add_argument(
            "--as",
            dest="login",
            metavar="LOGIN",
            required=True,
            help=N_("the account that acts; its role is checked, no password is asked for"),
        )
        parser.add_argument(
            "--id",
            type=_uuid,
            metavar="UUID",
            help=N_("your own id of this deed: sent twice, it is done once"),
        )


def _uuid(text: str) -> UUID:
    return UUID(text)


_uuid.__name__ = "UUID"


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if words is None else words)
    language = language_of(words)
    first = next((word for word in words if not word.startswith("-")), None)
    with clean_output(own=first != "serve" and not {"-h", "--help"} & set(words)) as out:
        terminal = Terminal(language=language, wants_json="--json" in words)
        try:
            return _run(terminal, words, first, out)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
            return 1


def _run(terminal: Terminal, words: list[str], first: str | None, out: BinaryIO) -> int:
    try:
        known = errands(first if first in WHERE else None)
        asked = parser_of(known, terminal.language).parse_args(words)
        answer = asked.errand.run(terminal, asked)
        _print(terminal, answer, out)
        return 1 if answer.problem else 0
    except WrongUsage as error:
        terminal.note(str(error))
        if terminal.wants_json:
            _line(out, to_json({"refused": "wrong_usage", "facts": {}, "said": str(error)}))
        return 2
    except SystemExit as ended:  # --help
        return int(ended.code or 0)
    except KeyboardInterrupt:
        terminal.note(terminal.say(N_("Stopped.")))
        return 1
    except Refusal as refusal:
        _refuse(terminal, refusal, out)
        return 1
    except BrokenPipeError:
        raise
    except Exception as error:
        _unexpected(terminal, error, out)
        return 1


def _print(terminal: Terminal, answer: Answer, out: BinaryIO) -> None:
    if terminal.wants_json:
        _line(out, to_json(answer.facts))
    elif answer.raw is not None:
        out.write(answer.raw)
    elif answer.problem:
        for line in answer.lines:
            terminal.note(line)
    else:
        for line in answer.lines:
            _line(out, line)
    out.flush()


def _line(out: BinaryIO, text: str) -> None:
    out.write(text.encode("utf-8", "replace") + b"\n")
    out.flush()


def _refuse(terminal: Terminal, refusal: Refusal, out: BinaryIO) -> None:
    """Tell a refusal: words on standard error, and for programs its code and facts."""
    said = say(refusal, terminal.language)
    facts = refusal.facts
    for part in (said.what, said.why, said.then):
        if part:
            terminal.note(part)
    if isinstance(refusal, FileRefused):
        told = [(fault, say_fault(fault, terminal.language)) for fault in refusal.faults]
        for fault, words in told[:FAULTS_TOLD_MAX]:
            where = " ".join(part for part in (f"[{fault.row}]" if fault.row else "", fault.column) if part)
            terminal.note(f"  {where}: {words}" if where else f"  {words}")
        facts["faults"] = [
            {"code": fault.code, "row": fault.row, "column": fault.column, "facts": fault.facts, "said": words}
            for fault, words in told
        ]
    if terminal.wants_json:
        _line(out, to_json({"refused": refusal.code, "facts": facts, "said": str(said)}))


def _unexpected(terminal: Terminal, error: Exception, out: BinaryIO) -> None:
    """Write an error that nobody foresaw to the log, and say so in one sentence."""
    text = traceback.format_exc()
    try:
        folder = terminal.settings.home / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        log = str(folder / "errors.log")
        with open(log, "a", encoding="utf-8") as target:
            target.write(f"{utc_now().isoformat()} {' '.join(sys.argv)}\n{text}\n")
    except (OSError, Refusal):
        log = "-"
    last = f"{type(error).__name__}: {error}".splitlines()[0]
    said = terminal.say(
        N_("Something unexpected happened, and the errand was not finished. The log is %(log)s: %(last)s"),
        log=log,
        last=last[:300],
    )
    terminal.note(said)
    if terminal.wants_json:
        _line(out, to_json({"refused": "unexpected_error", "facts": {"log": log}, "said": said}))


@contextmanager
def clean_output(*, own: bool) -> Iterator[BinaryIO]:
    """Keep standard output for our own words: solvers and libraries that print go to standard error meanwhile."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    if not own:
        yield sys.stdout.buffer
        return
    sys.stdout.flush()
    kept = os.dup(1)
    out = os.fdopen(kept, "wb")
    os.dup2(2, 1)
    try:
        yield out
    finally:
        sys.stdout.flush()
        out.flush()
        os.dup2(kept, 1)
        out.close()
