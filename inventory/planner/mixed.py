"""A group whose substitutes do not exchange one for one: no network, so a small integer program by HiGHS.

    x_sl packs of source s to line l, integer; u_l unmet base units of line l, integer
    sum_s cover_ls x_sl <= D q_l <= sum_s cover_ls x_sl + D u_l + (D - 1)        sum_l x_sl <= c_s

D is the common denominator of the ratios: what a line is covered is counted in whole units, rounded down. Passes in
order, each optimum held in the next: unmet units of priority 0, 1, 2; then, class by class, the units in the deepest
shortage band, the next, ...; then units x minutes. Every pass is solved to gap 0 and its value rounded to the
integer that it must be. The proof is the solver's own, not ours: such groups are reported apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from inventory.planner.problem import NEVER, Ints, Problem
from inventory.planner.supply import Allocation, shortage_bands


@dataclass(frozen=True)
class Row:
    """One linear row: columns, values, bounds."""

    columns: list[int]
    values: list[float]
    lower: float
    upper: float


class QuietHighs(highspy.Highs):
    """HiGHS without the callbacks of its Python wrapper: enabling them prints a banner on stdout, which is ours."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


class Program:
    """A small integer program that is solved in lexicographic passes."""

    def __init__(self, upper: list[float]) -> None:
        self.upper = upper
        self.rows: list[Row] = []

    def row(self, columns: list[int], values: list[float], lower: float, upper: float) -> None:
        """Add one row."""
        if columns:
            self.rows.append(Row(columns, values, lower, upper))

    def minimise(self, passes: list[dict[int, int]], nodes_max: int) -> tuple[list[int], bool] | None:
        """Return the solution of the last pass and whether every pass was proved optimal; None without a solution.

        Each pass is {column: coefficient}, all integers; its optimum becomes a row of the next.
        """
        proved, solution, start = True, None, len(self.rows)
        for objective in passes:
            if solution is not None and not sum(c * solution[at] for at, c in objective.items()):
                value = 0  # nothing can be lower: hold it without solving
            else:
                solver = self._run(objective, nodes_max)
                values = solver.getSolution().col_value
                if solver.getInfo().primal_solution_status != 2 or len(values) < len(self.upper):
                    return None
                solution = [round(number) for number in values[: len(self.upper)]]
                proved = proved and solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
                value = sum(c * solution[at] for at, c in objective.items())
            columns = [at for at, c in objective.items() if c]
            self.row(columns, [float(objective[at]) for at in columns], -highspy.kHighsInf, value)
        del self.rows[start:]
        return (solution, proved) if solution is not None else None

    def _run(self, objective: dict[int, int], nodes_max: int) -> highspy.Highs:
        """Solve one pass on one thread, with a node limit instead of a clock, so that runs repeat exactly."""
        cost = np.zeros(len(self.upper))
        cost[list(objective)] = list(objective.values())
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.upper), len(self.rows)
        lp.col_cost_ = cost
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.upper)), np.array(self.upper, float)
        lp.row_lower_ = np.array([row.lower for row in self.rows], float)
        lp.row_upper_ = np.array([row.upper for row in self.rows], float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in self.rows)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([at for row in self.rows for at in row.columns], np.int32)
        lp.a_matrix_.value_ = np.array([value for row in self.rows for value in row.values], float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.upper)
        solver = QuietHighs()
        options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5}
        options |= {"mip_max_nodes": nodes_max, "mip_feasibility_tolerance": 1e-9}
        for option, setting in options.items():
            solver.setOptionValue(option, setting)
        solver.passModel(lp)
        solver.run()
        return solver


def allocate_mixed(problem: Problem, bands: int, nodes_max: int = 20_000) -> tuple[Allocation, bool]:
    """Return the allocation of a group with `cover`, and whether HiGHS proved every pass optimal.

    When the solver finds nothing within its nodes, nothing is delivered and the proof is missing: the plan says so.
    """
    cover, denominator = problem.cover, problem.denominator
    if cover is None:
        raise ValueError("a network problem is solved by the flow")
    line, source = np.nonzero((problem.arrival < NEVER) & (cover > 0))
    arcs, line_count = len(line), len(problem.lines)
    capacity = shortage_bands(problem, bands).capacity
    first_unmet, first_band = arcs, arcs + line_count
    most = np.minimum(problem.supply[source], problem.quantity[line] * denominator // cover[line, source])
    program = Program([*most.tolist(), *problem.quantity.tolist(), *capacity.ravel().tolist()])
    for at in range(line_count):
        mine = np.flatnonzero(line == at)
        columns, values = mine.tolist(), cover[at, source[mine]].astype(float).tolist()
        asked = float(denominator * problem.quantity[at])
        program.row(columns, values, -highspy.kHighsInf, asked)
        program.row([*columns, first_unmet + at], [*values, float(denominator)], asked, highspy.kHighsInf)
        own = [first_band + at * bands + band for band in range(bands)]
        program.row([*own, first_unmet + at], [*([1.0] * bands), -1.0], 0, 0)
    for at in range(len(problem.supply)):
        mine = np.flatnonzero(source == at)
        program.row(mine.tolist(), [1.0] * len(mine), -highspy.kHighsInf, float(problem.supply[at]))
    classes = sorted(set(problem.priority.tolist()))
    passes = [{first_unmet + int(at): 1 for at in np.flatnonzero(problem.priority == c)} for c in classes]
    for priority in classes:
        members = np.flatnonzero(problem.priority == priority).tolist()
        passes += [{first_band + at * bands + band: 1 for at in members} for band in reversed(range(bands))]
    minutes = problem.arrival[line, source] * problem.source_part[source]
    passes.append({at: int(cost) for at, cost in enumerate(minutes.tolist())})
    found = program.minimise(passes, nodes_max)
    if found is None:
        empty = np.empty(0, np.int64)
        return Allocation(empty, empty, empty, problem.quantity, None), False
    parts = np.array(found[0][:arcs], np.int64)
    used = np.flatnonzero(parts)
    covered = np.bincount(line[used], parts[used] * cover[line[used], source[used]], line_count).astype(np.int64)
    unmet = problem.quantity - covered // denominator
    return Allocation(_column(line[used]), _column(source[used]), parts[used], unmet, None), found[1]


def _column(values: Ints) -> Ints:
    """Return indices as 64-bit integers."""
    return values.astype(np.int64)
