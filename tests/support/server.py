"""The program itself, served on a free port of this machine with a data folder of its own."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support import databases

ROOT = Path(__file__).resolve().parents[2]
HEALTH = "/_stcore/health"
READY_SECONDS_MAX = 120.0
STOP_SECONDS_MAX = 20.0
_INHERITED_NOT = ("DATABASE_URL", "TEST_DATABASE_URL")


class ServerFailed(RuntimeError):
    """The server did not come up; the message ends with what it wrote."""


@dataclass
class Server:
    """A running `python -m inventory serve`."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log_path: Path

    def log(self) -> str:
        """Return what the server has written so far."""
        return self.log_path.read_text(errors="replace")

    def stop(self) -> None:
        """Ask the server to end; kill it when it does not within the limit."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.process.kill()
        self.process.wait()


def start(home: Path, *, port: int | None = None, folder: Path = ROOT, **environment: str) -> Server:
    """Serve the data folder `home` and return when it answers.

    `environment` adds variables, e.g. `DATABASE_URL=…`. Give `port` to start again where a browser still waits, and
    `folder` to start from another one than the project's.

    Raises
    ------
    ServerFailed
    """
    port = port or free_port()
    home.mkdir(parents=True, exist_ok=True)
    log_path = home.parent / f"{home.name}-serve-{port}.log"
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "inventory", "serve"],
            cwd=folder,
            env=_environment(home) | {"INVENTORY_PORT": str(port), "PYTHONPATH": str(ROOT)} | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", home, process, log_path)
    try:
        _await_health(server, port)
    except BaseException:
        server.kill()
        raise
    return server


def demo_home(home: Path) -> Path:
    """Fill `home` with the demo district, made once per run by `init --demo`, and return it."""
    template = databases.run_folder() / "demo-home"
    with databases.locked("demo-home"):
        if not template.exists():
            partial = template.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            done = subprocess.run(
                [sys.executable, "-m", "inventory", "init", "--demo"],
                cwd=ROOT,
                env=_environment(partial),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise ServerFailed(f"init --demo ended with {done.returncode}:\n{done.stdout}{done.stderr}")
            partial.rename(template)
    shutil.copytree(template, home, dirs_exist_ok=True)
    return home


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _INHERITED_NOT}
    return kept | {"INVENTORY_HOME": str(home), "INVENTORY_ADDRESS": "127.0.0.1", "PYTHONUNBUFFERED": "1"}


def _await_health(server: Server, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while True:
        if server.process.poll() is not None:
            raise ServerFailed(f"the server ended with {server.process.returncode}:\n{server.log()[-4000:]}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", HEALTH)
            status = connection.getresponse().status
            connection.close()
            if status == http.HTTPStatus.OK:
                return
        except OSError:
            status = 0
        if time.monotonic() > deadline:
            raise ServerFailed(f"no health within {READY_SECONDS_MAX} s (status {status}):\n{server.log()[-4000:]}")
        time.sleep(0.05)
