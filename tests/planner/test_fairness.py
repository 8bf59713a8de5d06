"""Bands come close to the exact fair share: each fill lies within one band and one unit of the leximin ratio."""

from __future__ import annotations

import highspy
import numpy as np
import pytest

from inventory.benches.plan import synthetic
from inventory.planner.mixed import QuietHighs
from inventory.planner.problem import NEVER, Problem, Tables, problems
from inventory.planner.supply import allocate

TIGHT = 1e-7


@pytest.mark.parametrize("bands", [1, 5, 20, 100])
def test_fill_is_near_the_fair_ratio(bands):
    """For each item of the small scenario and each number of bands: |fill - exact ratio| <= 1/bands + 1/quantity."""
    for problem in problems(Tables(synthetic("small"))):
        fill = 1 - allocate(problem, bands).unmet / problem.quantity
        off = np.abs(fill - fair_ratios(problem))
        assert (off <= 1 / bands + 1 / problem.quantity + 1e-4).all()


def fair_ratios(problem: Problem) -> np.ndarray:
    """Return the exact leximin fill of each line, class by class, by progressive filling with linear programs.

    The least ratio of the open lines is made as large as it can be; lines that cannot have more are fixed there, which
    is tried one by one; and so on until none is open.
    """
    promised = np.zeros(len(problem.lines))
    for priority in sorted(set(problem.priority.tolist())):
        is_open = problem.priority == priority
        while is_open.any():
            least = _largest_ratio(problem, promised, is_open)
            floor = np.where(is_open, least, promised)
            stuck = [
                at
                for at in np.flatnonzero(is_open)
                if _largest_ratio(problem, floor, _only(at, is_open)) <= least + 1e-6
            ]
            promised = floor
            is_open[stuck] = False
            if least >= 1 - TIGHT:
                break
    return promised


def _only(at: int, is_open: np.ndarray) -> np.ndarray:
    """Return a mask of one line."""
    mask = np.zeros_like(is_open)
    mask[at] = True
    return mask


def _largest_ratio(problem: Problem, promised: np.ndarray, rising: np.ndarray) -> float:
    """Return the largest ratio that all rising lines can have while the others keep what they are promised."""
    line, source = np.nonzero(problem.arrival < NEVER)
    arcs, lines, sources = len(line), len(problem.lines), len(problem.supply)
    rows = np.flatnonzero(rising)
    index = np.empty(2 * arcs, np.int32)
    index[0::2], index[1::2] = line, lines + source
    kept = np.where(rising, 0, np.maximum(0, promised * problem.quantity - TIGHT))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = arcs + 1, lines + sources
    lp.col_cost_ = np.append(np.zeros(arcs), -1.0)
    lp.col_lower_, lp.col_upper_ = np.zeros(arcs + 1), np.append(np.full(arcs, highspy.kHighsInf), 1.0)
    lp.row_lower_ = np.append(kept, np.full(sources, -highspy.kHighsInf))
    lp.row_upper_ = np.append(np.full(lines, highspy.kHighsInf), problem.supply).astype(float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.append(np.arange(0, 2 * arcs + 1, 2), 2 * arcs + len(rows)).astype(np.int32)
    lp.a_matrix_.index_ = np.append(index, rows).astype(np.int32)
    lp.a_matrix_.value_ = np.append(np.ones(2 * arcs), -problem.quantity[rows].astype(float))
    solver = QuietHighs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(lp)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getSolution().col_value[arcs])
