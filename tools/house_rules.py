"""The rules of the house that no general linter knows, checked on the syntax tree: `python -m tools.house_rules`.

Each rule has a code and a failing sample in `tests/house/test_house_rules.py`. A line may be excused by a comment
`# house-skip: CODE, reason` at its end; without a reason the excuse does not count. Nothing is changed here, only told.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("inventory", "ui", "tools", "tests", "migrations")
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
LEDGER_TABLES = ("Movement", "Balance", "Hold")
UI_DOORS = ("streamlit_app.py", "door.py", "__init__.py")
LANGUAGE_NAMES = ("ui/parts/words.py",)
"""Files that may hold the names of languages in those languages."""

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LEDGER_SQL = re.compile(r"\b(insert\s+into|update|delete\s+from)\s+\"?(movement|balance|hold)\b", re.IGNORECASE)
_SKIP = re.compile(r"# house-skip: ([a-z-]+), \S")
_CONSUMERS = {"all", "any", "bytes", "Counter", "deque", "dict", "extend", "frozenset", "join", "list", "max", "min"}
_CONSUMERS |= {"next", "set", "sorted", "sum", "tuple", "update"}
_LAZY = frozenset({"Iterable", "Iterator", "Generator"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Fault:
    """One breach: where it stands, the code of the rule, and what to do instead."""

    path: str
    line: int
    code: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}: {self.advice}"


@dataclass(frozen=True)
class Source:
    """A parsed file: its path from the root, its tree and lines, and the names of all classes of refusals."""

    path: str
    tree: ast.Module
    lines: list[str]
    refusals: frozenset[str]

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rsplit("/", 1)[-1]

    def within(self, *prefixes: str) -> bool:
        """Whether the file is one of these, or lies below one that ends with a slash."""
        return any(self.path == p or (p.endswith("/") and self.path.startswith(p)) for p in prefixes)


Finding = tuple[int, str]
Rule = Callable[[Source], Iterator[Finding]]


def commit_place(source: Source) -> Iterator[Finding]:
    """1: one click is one transaction, committed in one place."""
    if source.within("inventory/core/work.py", "tests/", "migrations/"):
        return
    for call in _calls(source.tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            yield call.lineno, "only inventory/core/work.py commits; take `work` and let the edge commit"


def ledger_writes(source: Source) -> Iterator[Finding]:
    """2: movements, balances and holds are written by the ledger alone."""
    if source.within("inventory/ledger/", "inventory/models.py", "tests/", "migrations/"):
        return
    advice = "only inventory/ledger/ writes movements, balances and holds; call its commands"
    for call in _calls(source.tree):
        name = _last_name(call.func)
        target = _last_name(call.args[0]) if call.args else ""
        if name in LEDGER_TABLES or (name in ("insert", "update", "delete") and target in LEDGER_TABLES):
            yield call.lineno, advice
    for node in _shown_strings(source.tree):
        if _LEDGER_SQL.search(node.value):
            yield node.lineno, advice


def clock_place(source: Source) -> Iterator[Finding]:
    """3: one clock, so that a history can be replayed."""
    if source.within("inventory/core/clock.py"):
        return
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("now", "utcnow", "today")
            and _last_name(node.value) in ("datetime", "date", "dt")
        ):
            yield node.lineno, "take the instant from `work.now` or `env.now()`; only core/clock.py asks the machine"


def whole_numbers(source: Source) -> Iterator[Finding]:
    """4: quantities are integers of the base unit; a float would not sum to zero."""
    if not source.within("inventory/ledger/", "inventory/stocktaking/", "inventory/models.py"):
        return
    for node in ast.walk(source.tree):
        if _last_name(node) in ("float", "Float", "Numeric", "Double"):
            yield getattr(node, "lineno", 1), "quantities are integers of the base unit"


def streamlit_place(source: Source) -> Iterator[Finding]:
    """5: the program runs without its screens."""
    if source.within("ui/", "tests/"):
        return
    for line, name in _imports(source.tree):
        if name.split(".")[0] == "streamlit":
            yield line, "streamlit belongs under ui/"


def words_by_gettext(source: Source) -> Iterator[Finding]:
    """6: what people read passes through gettext, and a refusal carries facts, not prose."""
    if not source.within("inventory/", "ui/"):
        return
    if source.path not in LANGUAGE_NAMES:
        for node in _shown_strings(source.tree):
            # A sign written as an escape is data by choice (the mark of a paper number, a form of a date).
            written = "\n".join(source.lines[node.lineno - 1 : node.end_lineno])
            if _HAN.search(node.value) and _HAN.search(written):
                yield node.lineno, "no Chinese in the source; write the English msgid and translate it in the catalogue"
    for call in _calls(source.tree):
        if _last_name(call.func) in source.refusals:
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                if any(_is_prose(part) for part in ast.walk(value) if isinstance(part, ast.Constant)):
                    yield value.lineno, "a refusal carries a code and facts; its words stand in sentences.py"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and node.name in source.refusals:
            for statement in node.body:
                value = getattr(statement, "value", None)
                if isinstance(statement, (ast.Assign, ast.AnnAssign)) and _is_prose(value):
                    yield statement.lineno, "a refusal carries a code and facts; its words stand in sentences.py"


def errors_handled(source: Source) -> Iterator[Finding]:
    """7: no error disappears."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield node.lineno, "name the exception"
            elif all(_does_nothing(statement) for statement in node.body):
                yield node.lineno, "an error is handled or passed on, not swallowed"
            elif _broad(node.type) and not _uses(node):
                yield node.lineno, "a broad except must raise or use the error it caught"
        elif isinstance(node, ast.Call) and _last_name(node.func) == "suppress" and any(map(_broad, node.args)):
            yield node.lineno, "an error is handled or passed on, not swallowed"


def lengths(source: Source) -> Iterator[Finding]:
    """8: a function fits a screen, a file fits a head."""
    if source.within("migrations/versions/"):
        return
    if len(source.lines) > FILE_LINES_MAX and source.path != "inventory/models.py":
        yield 1, f"{len(source.lines)} lines, at most {FILE_LINES_MAX}: split the file by errand"
    for node in ast.walk(source.tree):
        if isinstance(node, _FUNCTIONS):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield node.lineno, f"{node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"


def module_docstring(source: Source) -> Iterator[Finding]:
    """9: every file says what it is for."""
    if not ast.get_docstring(source.tree):
        yield 1, "begin with a docstring: what this file is for, what it refuses, what it does not do"


def work_first(source: Source) -> Iterator[Finding]:
    """10: a command takes `work` first and every fact by keyword."""
    if not source.within("inventory/") or source.within("inventory/core/"):
        return
    for node in source.tree.body:
        if not isinstance(node, _FUNCTIONS) or node.name.startswith("_"):
            continue
        positional = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
        if source.name == "commands.py" and (positional != ["work"] or node.args.vararg):
            yield node.lineno, f"{node.name}(work, *, …): a command takes `work` first and the rest by keyword"
        elif "work" in positional[1:]:
            yield node.lineno, f"{node.name}: `work` comes first"


def no_generators(source: Source) -> Iterator[Finding]:
    """11: lists across function borders; a generator is empty when it is read again."""
    if not source.within("inventory/"):
        return
    for function in (node for node in ast.walk(source.tree) if isinstance(node, _FUNCTIONS)):
        named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        first = named[0].arg if named else ""
        if source.name not in ("commands.py", "queries.py") and first != "work":
            continue
        if any(_last_name(decorator) == "contextmanager" for decorator in function.decorator_list):
            continue
        own = function.name.startswith("_")  # What never leaves its file crosses no border.
        for part in [] if own else [function.returns, *(argument.annotation for argument in named)]:
            if part is not None and any(_last_name(name) in _LAZY for name in ast.walk(part)):
                yield part.lineno, "take and return lists, tuples or Sequences, not something that is read once"
        yield from _lazy_parts(function)


def ui_doors(source: Source) -> Iterator[Finding]:
    """12: every file at the top of ui/ becomes importable by its bare name."""
    if source.path.startswith("ui/") and source.path.count("/") == 1 and source.name not in UI_DOORS:
        yield 1, f"only {', '.join(UI_DOORS)} stand at the top of ui/; move this into screens/, parts/ or map/"


RULES: dict[str, Rule] = {
    "commit-place": commit_place,
    "ledger-writes": ledger_writes,
    "clock-place": clock_place,
    "whole-numbers": whole_numbers,
    "streamlit-place": streamlit_place,
    "words-by-gettext": words_by_gettext,
    "errors-handled": errors_handled,
    "lengths": lengths,
    "module-docstring": module_docstring,
    "work-first": work_first,
    "no-generators": no_generators,
    "ui-doors": ui_doors,
}


def faults_of(path: str, text: str, *, refusals: Iterable[str] = ()) -> list[Fault]:
    """Return the breaches in one file.

    Parameters
    ----------
    path
        From the root of the repository, with slashes; rules depend on the room.
    text
        What the file holds.
    refusals
        Names of refusal classes declared in other files.
    """
    tree = ast.parse(text, path)
    known = refusal_names([tree], known=refusals)
    source = Source(path=path, tree=tree, lines=text.splitlines(), refusals=known)
    faults = [Fault(path, line, code, advice) for code, rule in RULES.items() for line, advice in rule(source)]
    return sorted((f for f in set(faults) if not _excused(source, f)), key=lambda f: (f.line, f.code))


def refusal_names(trees: Iterable[ast.Module], *, known: Iterable[str] = ()) -> frozenset[str]:
    """Return the names of all classes that descend from `Refusal` in the trees."""
    names = {"Refusal", *known}
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    while True:
        found = {c.name for c in classes if any(_last_name(base) in names for base in c.bases)} - names
        if not found:
            return frozenset(names)
        names |= found


def faults_of_house(root: Path = ROOT) -> list[Fault]:
    """Return the breaches in all files of the repository."""
    paths = [path for folder in FOLDERS for path in sorted((root / folder).rglob("*.py"))]
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    refusals = refusal_names([ast.parse(text, path) for path, text in texts.items()])
    return [fault for path, text in texts.items() for fault in faults_of(path, text, refusals=refusals)]


def _excused(source: Source, fault: Fault) -> bool:
    line = source.lines[fault.line - 1] if fault.line <= len(source.lines) else ""
    return fault.code in _SKIP.findall(line)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


def _shown_strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings that are values; a string that is a statement is a docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def _is_prose(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _broad(node: ast.AST) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(_last_name(part) in ("Exception", "BaseException") for part in parts)


def _uses(handler: ast.ExceptHandler) -> bool:
    body = [node for statement in handler.body for node in ast.walk(statement)]
    used = {node.id for node in body if isinstance(node, ast.Name)}
    return any(isinstance(node, ast.Raise) for node in body) or handler.name in used


def _lazy_parts(function: Function) -> Iterator[Finding]:
    consumed: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _last_name(node.func) in _CONSUMERS:
            consumed.update(id(argument) for argument in node.args)
        elif isinstance(node, (ast.For, ast.comprehension)):
            consumed.add(id(node.iter))
        elif isinstance(node, ast.Starred):
            consumed.add(id(node.value))
    for node in ast.walk(function):
        if isinstance(node, ast.GeneratorExp) and id(node) not in consumed:
            yield node.lineno, "a generator is read once: make it a list or a tuple"
        elif isinstance(node, (ast.Yield, ast.YieldFrom)) and not function.name.startswith("_"):
            yield node.lineno, f"{function.name} yields: return a list"


def main() -> int:
    """Print every breach; return 1 when there is one."""
    faults = faults_of_house()
    for fault in faults:
        print(fault)
    print(f"house rules: {len(faults)} breaches of {len(RULES)} rules", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
