"""The lock files: no address in them, and they say what requirements*.in ask for. `python -m tools.locks` tells."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PAIRS = (("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt"))
COMPILE = ["pip", "compile", "-q", "--generate-hashes", "--universal", "--python-version", "3.11"]
COMPILE += ["--no-emit-index-url", "--no-emit-find-links", "--no-header"]
COMPILE_SECONDS_MAX = 90
_ADDRESS = re.compile(r"://|file:|--index|--find-links|--extra-index|--trusted-host")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def addresses(root: Path = ROOT) -> list[str]:
    """Return the lines of the lock files that name an index or a path: they would tie everybody to one machine."""
    return [
        f"{lock}:{number}: {line}"
        for _, lock in PAIRS
        for number, line in enumerate((root / lock).read_text().splitlines(), 1)
        if _ADDRESS.search(line)
    ]


def disagreements(root: Path = ROOT) -> list[str]:
    """Return where a lock does not hold what its .in file asks for, by looking at the top-level names only."""
    found = []
    for source, lock in PAIRS:
        pinned = {_plain(match["name"]): match["version"] for match in _PIN.finditer((root / lock).read_text())}
        for line in (root / source).read_text().splitlines():
            text = line.split("#")[0].strip()
            if not text or text.startswith("-"):
                continue
            wanted = Requirement(text)
            version = pinned.get(_plain(wanted.name))
            if version is None or not wanted.specifier.contains(version, prereleases=True):
                found.append(f"{source} asks for {text}, {lock} has {version}")
    return found


def unhashed(root: Path = ROOT) -> list[str]:
    """Return pins without a hash."""
    found = []
    for _, lock in PAIRS:
        for block in re.split(r"\n(?=[A-Za-z0-9])", (root / lock).read_text()):
            if _PIN.match(block) and "--hash=sha256:" not in block:
                found.append(f"{lock}: {block.splitlines()[0]}")
    return found


def recompiled(root: Path = ROOT) -> list[str] | None:
    """Compile the locks anew and return the pins that differ; None when no index can be reached from here.

    Hashes are left out: a package index adds files to a release later on, and that is no fault of ours.
    """
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        return None
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for names in PAIRS:
            for name in names:
                shutil.copy(root / name, folder / name)
        for source, lock in PAIRS:
            try:
                done = subprocess.run(
                    [uv, *COMPILE, source, "-o", lock],
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=COMPILE_SECONDS_MAX,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return None
            if done.returncode:
                return None
        return [f"{lock}: {line}" for _, lock in PAIRS for line in sorted(_pins(root / lock) ^ _pins(folder / lock))]


def _pins(path: Path) -> set[str]:
    lines = path.read_text().splitlines()
    return {line.rstrip(" \\") for line in lines if line and not line.startswith((" ", "#"))}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Print what is wrong; return 1 when something is."""
    found = addresses() + disagreements() + unhashed()
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
