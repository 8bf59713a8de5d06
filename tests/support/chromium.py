"""Find Chromium, or install it where that is allowed; otherwise say how. A browser suite that hides itself is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

INSTALL = "apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
HOW_TO_GET_IT = (
    "The browser tests need Chromium. One of these gives it:\n"
    f"  {INSTALL}      (as root; Debian, Ubuntu)\n"
    "  CHROMIUM=/path/to/chromium make test\n"
    "To leave the browser tests out on purpose: PYTEST_NO_BROWSER=1 make test"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TRIES = 4
_PAUSE_SECONDS = 10


class NoChromium(RuntimeError):
    """There is no Chromium and it cannot be installed from here; the message names the commands that help."""


def opted_out() -> bool:
    """Whether the caller leaves the browser tests out on purpose."""
    return os.environ.get("PYTEST_NO_BROWSER") == "1"


def find() -> str | None:
    """Return the path of an installed Chromium.

    Raises
    ------
    NoChromium
        When `CHROMIUM` names a program that is not there: another one must not silently take its place.
    """
    given = os.environ.get("CHROMIUM", "").strip()
    if given:
        found = shutil.which(given)
        if not found:
            raise NoChromium(f"CHROMIUM={given}: there is no such program.\n{HOW_TO_GET_IT}")
        return found
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def ensure() -> str:
    """Return the path of Chromium, installed first where this process is root and has apt-get.

    Raises
    ------
    NoChromium
    """
    path = find()
    if path:
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoChromium(HOW_TO_GET_IT)
    print(f"Chromium is missing; installing it: {INSTALL}", flush=True)
    told = ""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_SECONDS)  # The package lock or a mirror may be busy; nothing announces when it is free.
        told = _install()
        path = find()
        if path:
            return path
    raise NoChromium(f"{HOW_TO_GET_IT}\nThe installation failed:\n{told[-2000:]}")


def _install() -> str:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    told = []
    for command in ("apt-get update", f"{INSTALL} -o DPkg::Lock::Timeout=300"):
        done = subprocess.run(
            command.split(),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        told.append(done.stdout)
    return "\n".join(told)


if __name__ == "__main__":
    try:
        print(Path(ensure()))
    except NoChromium as error:
        raise SystemExit(str(error)) from None
