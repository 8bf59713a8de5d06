"""The planner: who sends what to whom, exactly, and why. Pure: no database, no clock, no words.

`scenario` reads and writes the public input, `plan.solve` answers with a plan file, `check.check` recomputes a plan
from the raw scenario and shares no code with the solvers. What the files mean stands in docs and in the docstrings
of `scenario`, `problem` and `plan`.
"""
