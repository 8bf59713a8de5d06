"""Run the suite: `python -m tests [pytest arguments]`.

Two workers share one PostgreSQL; browser tests stay together in one of them. The last lines are plain text for people
and for logs: both databases by version, whether a browser was used, and `N passed, N failed`. The exit code is that
of pytest, and a run without a single test is a failure too.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter

import pytest

from tests.support import chromium, databases
from tests.support.summary import Summary

WORKERS = os.environ.get("PYTEST_WORKERS", "2")


class Count:
    """Counts outcomes as pytest reports them; an error in set-up or tear-down is a failure."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.summary: Summary | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Keep the summary, which knows what the tests stood on."""
        self.summary = config.pluginmanager.get_plugin("inventory-summary")
        if self.summary is not None:
            self.summary.told_by_caller = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one outcome."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes["failed" if report.failed else report.outcome] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a file that cannot be read as a failure."""
        self.outcomes["failed"] += report.failed


def main(arguments: list[str]) -> int:
    """Run pytest with `arguments` and return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # So that what was started is stopped.
    whole = not any(not argument.startswith("-") for argument in arguments)
    if whole and not chromium.opted_out():
        try:
            chromium.ensure()
        except chromium.NoChromium as error:
            print(f"{error}\nThe browser tests will fail.", file=sys.stderr, flush=True)
    ours = databases.open_run()
    count = Count()
    try:
        code = int(pytest.main(["-n", WORKERS, "--dist", "loadgroup", *arguments], plugins=[count]))
        lines = count.summary.lines() if count.summary else [f"databases: {databases.versions()}"]
    finally:
        if ours:
            databases.close_run()
    failed, skipped = count.outcomes["failed"], count.outcomes["skipped"]
    print("\n".join(lines))
    if skipped:
        print(f"{skipped} skipped")
    print(f"{count.outcomes['passed']} passed, {failed} failed", flush=True)
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        print("no test was chosen: that is a failure", file=sys.stderr)
    return code or (1 if failed else 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
