"""What a run says at its end: counts, both databases by version, and whether a real browser was used."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support import chromium, databases


class Summary:
    """Counts tests as their reports come in, from this process or from xdist workers."""

    def __init__(self) -> None:
        self.on_database: Counter[str] = Counter()
        self.in_browser = 0
        self.told_by_caller = False
        """Set by `python -m tests`, which prints the lines after pytest's last one."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a test that ran stood on."""
        if report.when != "call":
            return
        for name, value in report.user_properties:
            if name == "database":
                self.on_database[str(value)] += 1
        self.in_browser += "browser" in report.keywords

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the lines below pytest's own."""
        if not self.told_by_caller:
            for line in self.lines():
                terminalreporter.write_line(line)

    def lines(self) -> list[str]:
        """Return what the run stood on; to be asked for while the run folder is there."""
        counts = ", ".join(f"{kind} {self.on_database[kind]}" for kind in databases.KINDS)
        return [f"databases: {databases.versions()}", f"tests on each database: {counts}", self.browser_line()]

    def browser_line(self) -> str:
        """Say whether browser tests ran, and if not, why."""
        if chromium.opted_out():
            return "browser tests: NOT RUN, PYTEST_NO_BROWSER=1 is set"
        return f"browser tests: {self.in_browser} ran in Chromium" if self.in_browser else "browser tests: none chosen"
