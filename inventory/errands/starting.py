"""Setting up and serving: `init` founds a district or loads the demo one, `serve` opens the pages."""

from __future__ import annotations

import argparse
import getpass
import importlib
import ipaddress
import os
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

from inventory.core.clock import utc_now
from inventory.core.database import in_use_alone, process_lock, sqlite_file
from inventory.core.env import Env
from inventory.core.settings import Settings
from inventory.core.words import N_, speaker
from inventory.core.work import SYSTEM, Store
from inventory.demo import DemoReport, load_demo
from inventory.errands.frame import Answer, Errand, Terminal, is_founded
from inventory.errands.rules import NotEmpty, PasswordsDiffer, PortTaken
from inventory.people.passwords import check_password, hash_password, temporary_password
from inventory.people.queries import here
from inventory.people.rules import LOGIN_SHAPE, BadLogin
from inventory.people.signing_in import clean_login, demo_accounts
from inventory.upkeep import Administrator, MigrationReport, check_start, found_district, load_starter, migrate
from inventory.upkeep.rules import InUse

LOADING_SECONDS_MAX = 120
"""How long a second process waits for the one that loads the demo district."""
NODE_CODE = "QX"
"""The code of a node when none is given; it stands in paper numbers."""
_BUREAU = N_("Emergency management bureau")
_ADMINISTRATOR = N_("Administrator")


def _open(terminal: Terminal) -> Store:
    settings = terminal.settings
    return Store(settings.url, Env.real(settings.home), lock_seconds=settings.lock_seconds)


def _told_migration(terminal: Terminal, report: MigrationReport) -> None:
    """Say what a migration of a database in use did, and where its backup lies."""
    if report.before is None or not report.applied:
        return
    terminal.note(terminal.say(N_("The database was brought up to %(revision)s."), revision=report.after))
    if report.backup:
        terminal.note(terminal.say(N_("Its backup is %(file)s."), file=str(report.backup)))
    if report.backup_command:
        terminal.note(
            terminal.say(
                N_("No backup was made: pg_dump is not on this machine. It would be: %(command)s"),
                command=report.backup_command,
            )
        )


def init(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Bring the tables up to date and found a district when there is none."""
    store = _open(terminal)
    try:
        _told_migration(terminal, migrate(store))
        check_start(store)
        if is_founded(store):
            return _there(terminal, store, asked)
        if not asked.demo:
            return _found(terminal, store, asked)
    finally:
        store.close()
    return _demo(terminal)


def _there(terminal: Terminal, store: Store, asked: argparse.Namespace) -> Answer:
    """Say that the district is there already; load the starter catalogue when it is asked for."""
    node = store.read(SYSTEM, here)
    if asked.demo:
        raise NotEmpty(name=terminal.name(node.name))
    facts = {"founded": False, "demo": node.demo, "node": node.code, "name": node.name, "url": _plain_url(store)}
    if asked.starter:
        told, line = _starter(terminal, store)
        return Answer(facts | told, (line,))
    line = N_("The database holds the district %(name)s (%(node)s) already; nothing was changed.")
    return Answer(facts, (terminal.say(line, name=node.name, node=node.code),))


def _starter(terminal: Terminal, store: Store) -> tuple[dict[str, Any], str]:
    """Load the starter catalogue; return what was done, as facts and as a line."""
    done = store.write(SYSTEM, load_starter)
    line = N_("Starter catalogue: %(items)s items, %(norms)s needs norms. Most figures are estimates; check them.")
    if done.again:
        line = N_("The starter catalogue was loaded before; nothing was changed.")
    facts = {"starter": dict(done.outcome), "starter_again": done.again}
    return facts, terminal.say(line, items=done.outcome["items"], norms=done.outcome["norms"])


def _wants_starter(terminal: Terminal, asked: argparse.Namespace) -> bool:
    """Return whether to load the starter catalogue: with the flag, or when the person at the terminal says so."""
    if asked.starter or asked.empty or not _asks(terminal):
        return bool(asked.starter)
    answer = _ask(terminal, terminal.say(N_("Load the starter catalogue of 122 items? [Y/n] ")))
    return answer.strip().lower() in {"", "y", "yes", "\u662f"}


def _asks(terminal: Terminal) -> bool:
    """Return whether somebody sits at the terminal who can be asked."""
    return not terminal.wants_json and terminal.input.isatty() and terminal.errors.isatty()


def _plain_url(store: Store) -> str:
    """Return the address of the database without its password."""
    return store.reader.url.render_as_string(hide_password=True)


def _demo(terminal: Terminal) -> Answer:
    """Load the demo district into an empty database.

    On SQLite it grows in a file beside it, which takes the place of the empty one when it is whole: whoever stops the
    loading half-way finds an empty database again, not half a district.
    """
    terminal.note(terminal.say(N_("Loading the demo district …")))
    settings = terminal.settings
    target = sqlite_file(settings.url)
    if target is None:
        with closing(_open(terminal)) as store:
            report = load_demo(store)
    else:
        aside = target.with_name(target.name + ".loading")
        with process_lock(target.with_name(target.name + ".lock"), seconds=LOADING_SECONDS_MAX):
            _still_empty(terminal)
            try:
                report = _load_aside(aside, settings)
                _replace(target, aside)
            finally:
                for left in _files_of(aside):
                    left.unlink(missing_ok=True)
    with closing(_open(terminal)) as store:
        return _told_demo(terminal, store, report)


def _files_of(path: Path) -> list[Path]:
    """Return a database file with all that lies beside it."""
    return [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm", ".lock", ".open")]


def _load_aside(aside: Path, settings: Settings) -> DemoReport:
    """Make a demo database of its own file; closed, it is whole and in that one file."""
    for left in _files_of(aside):
        left.unlink(missing_ok=True)
    with closing(Store(f"sqlite:///{aside}", Env.real(settings.home), lock_seconds=settings.lock_seconds)) as store:
        migrate(store, home=settings.home)
        return load_demo(store)


def _still_empty(terminal: Terminal) -> None:
    """Refuse when another process founded a district while this one waited.

    Raises
    ------
    NotEmpty
    """
    with closing(_open(terminal)) as store:
        if is_founded(store):
            raise NotEmpty(name=terminal.name(store.read(SYSTEM, here).name))


def _replace(target: Path, aside: Path) -> None:
    """Put a whole database into the place of an empty one that nobody else has open.

    Raises
    ------
    InUse
    """
    with in_use_alone(target) as alone:
        if not alone:
            raise InUse(file=str(target))
        for left in _files_of(target)[1:3]:
            left.unlink(missing_ok=True)
        os.replace(aside, target)


def _told_demo(terminal: Terminal, store: Store, report: DemoReport) -> Answer:
    node = store.read(SYSTEM, here)
    facts = {
        "founded": True,
        "demo": True,
        "node": node.code,
        "name": node.name,
        "url": _plain_url(store),
        "counts": report.counts,
        "entries": report.entries,
        "head": report.head,
    }
    lines = [
        terminal.say(N_("The demo district %(name)s is ready; everything invented in it is marked."), name=node.name),
        *_demo_lines(terminal, store),
        terminal.say(N_("Next: python -m inventory serve")),
    ]
    return Answer(facts, tuple(lines))


def _demo_lines(terminal: Terminal, store: Store) -> list[str]:
    """Return how to sign in to a demo district."""
    accounts = demo_accounts(store)
    if not accounts:
        return []
    logins = ", ".join(account.login for account in accounts)
    return [
        terminal.say(N_("Demo accounts (this machine only): %(logins)s"), logins=logins),
        terminal.say(N_("Password of each: %(password)s"), password=accounts[0].password),
    ]


def _found(terminal: Terminal, store: Store, asked: argparse.Namespace) -> Answer:
    """Found a real district with its first administrator."""
    login, password, temporary = _first_administrator(terminal, store, asked.admin)
    names = (asked.name, None) if asked.name else (speaker("zh_CN")(_BUREAU), _BUREAU)
    administrator = Administrator(
        login=login,
        name_zh=speaker("zh_CN")(_ADMINISTRATOR),
        name_en=_ADMINISTRATOR,
        password_hash=hash_password(password),
        must_change_password=temporary,
    )
    store.write(
        SYSTEM,
        lambda work: found_district(
            work,
            id=work.env.new_id(),
            node_code=(asked.node or NODE_CODE).upper(),
            name_zh=names[0],
            name_en=names[1],
            administrator=administrator,
        ),
    )
    node = store.read(SYSTEM, here)
    facts = {"founded": True, "demo": False, "node": node.code, "name": node.name, "url": _plain_url(store)}
    lines = [
        terminal.say(N_("The district %(name)s (%(node)s) is founded."), name=node.name, node=node.code),
        terminal.say(N_("First administrator: %(login)s"), login=login),
    ]
    if temporary:
        lines.append(
            terminal.say(
                N_("Temporary password, shown this once: %(password)s — it must be changed at the first sign-in."),
                password=password,
            )
        )
    if _wants_starter(terminal, asked):
        told, line = _starter(terminal, store)
        facts |= told
        lines.append(line)
    lines.append(terminal.say(N_("Next: python -m inventory serve")))
    facts |= {"admin": login} | ({"temporary_password": password} if temporary else {})
    return Answer(facts, tuple(lines))


def _first_administrator(terminal: Terminal, store: Store, given: str | None) -> tuple[str, str, bool]:
    """Return login, password and whether the password is temporary; on a terminal the person chooses them."""
    if not _asks(terminal):
        return _login(given or "admin"), temporary_password(store.env), True
    login = given or _ask(terminal, terminal.say(N_("Login of the first administrator [admin]: "))) or "admin"
    login = _login(login)
    password = getpass.getpass(terminal.say(N_("Password: ")), stream=terminal.errors)
    check_password(password, login=login, policy="complex")
    if getpass.getpass(terminal.say(N_("The same password again: ")), stream=terminal.errors) != password:
        raise PasswordsDiffer()
    return login, password, False


def _login(text: str) -> str:
    login = clean_login(text)
    if not LOGIN_SHAPE.fullmatch(login):
        raise BadLogin(login=login[:40])
    return login


def _ask(terminal: Terminal, question: str) -> str:
    print(question, end="", file=terminal.errors, flush=True)
    return terminal.input.readline().strip()


def serve(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Bring the database up to date, say how to sign in, and serve the pages until stopped."""
    settings = terminal.settings
    port, address = asked.port or settings.port, asked.address or settings.address
    _free(address, port)
    with closing(_open(terminal)) as store:
        _told_migration(terminal, migrate(store))
        check_start(store)
        founded = is_founded(store)
    if not founded:
        _demo(terminal)
    with closing(_open(terminal)) as store:
        node = store.read(SYSTEM, here)
        lines = [
            terminal.say(
                N_("%(name)s: http://%(address)s:%(port)s"), name=node.name, address=_shown(address), port=str(port)
            )
        ]
        if _loopback(address):
            lines += _demo_lines(terminal, store)
        elif node.demo:
            lines.append(terminal.say(N_("Demo accounts sign in on this machine only (--address 127.0.0.1).")))
        if not node.demo:
            lines.append(terminal.say(N_("Sign in with the account that your administrator gave you.")))
        lines.append(terminal.say(N_("Stop with Ctrl+C.")))
    for line in lines:
        print(line, flush=True)
    began = utc_now()
    try:
        importlib.import_module("ui.streamlit_app").main(port, address)
    except KeyboardInterrupt:
        terminal.note(terminal.say(N_("Stopped.")))
    return Answer({"served": True, "since": began})


def _shown(address: str) -> str:
    """Return the host to type into a browser."""
    if address in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{address}]" if ":" in address else address


def _loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _free(address: str, port: int) -> None:
    """Refuse a port that is taken before anything else is done.

    Raises
    ------
    PortTaken
    """
    try:
        found = socket.getaddrinfo(address or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(found[0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except OSError as error:
        raise PortTaken(address=address, port=str(port)) from error


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true", help=N_("load the demo district into an empty database"))
    which.add_argument("--empty", action="store_true", help=N_("found a district without stock (the default)"))
    parser.add_argument(
        "--starter", action="store_true", help=N_("load the starter catalogue: 122 items with needs norms")
    )
    parser.add_argument(
        "--node", metavar="CODE", help=N_("2 to 12 capitals and digits for paper numbers; QX by default")
    )
    parser.add_argument("--name", metavar="NAME", help=N_("name of the office that runs this district"))
    parser.add_argument("--admin", metavar="LOGIN", help=N_("login of the first administrator; admin by default"))


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, metavar="PORT", help=N_("port, by default INVENTORY_PORT or 8501"))
    parser.add_argument(
        "--address", metavar="ADDRESS", help=N_("address, by default INVENTORY_ADDRESS or this machine only")
    )


ERRANDS = (
    Errand(
        "init", N_("Set the database up: its tables, the district, the first administrator."), init, _init_arguments
    ),
    Errand("serve", N_("Serve the pages until stopped."), serve, _serve_arguments),
)
