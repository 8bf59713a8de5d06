"""Everything that can be told without running the program: `python -m tools.check` (also `make check`).

One line for each check; what a failed one said stands below it. The exit code is 1 when one failed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
LINT_IMPORTS = str(Path(PYTHON).with_name("lint-imports"))
CHECKS = {
    "types (mypy --strict)": [PYTHON, "-m", "mypy", "inventory"],
    "lint (ruff)": [PYTHON, "-m", "ruff", "check", "."],
    "format (ruff)": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "floors (import-linter)": [LINT_IMPORTS, "--no-cache"],
    "house rules": [PYTHON, "-m", "tools.house_rules"],
    "locks": [PYTHON, "-m", "tools.locks"],
}
AT_ONCE = 2
_NAME_WIDTH = max(map(len, CHECKS))


@dataclass(frozen=True)
class Answer:
    """What one check said."""

    name: str
    held: bool
    seconds: float
    output: str

    def __str__(self) -> str:
        return f"{self.name:<{_NAME_WIDTH}}  {'ok' if self.held else 'FAILED'}  {self.seconds:.1f} s"


def ask(name: str) -> Answer:
    """Run one check."""
    started = time.perf_counter()
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Answer(name, done.returncode == 0, time.perf_counter() - started, done.stdout)


def main() -> int:
    """Run all checks, two at a time; return 1 when one failed."""
    failed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for answer in pool.map(ask, CHECKS):
            print(answer, flush=True)
            if not answer.held:
                failed += 1
                print("    " + "\n    ".join(answer.output.strip().splitlines()), flush=True)
    print(f"{len(CHECKS) - failed} checks held, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
