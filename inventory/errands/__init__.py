"""The errands of the command line, split by file; `inventory.cli` finds them by their first word.

Each module has `ERRANDS`, a tuple of `frame.Errand`. An errand opens the database through its `Terminal`, gives the
commands of the rooms what they need, and returns an `Answer`: facts for programs, lines for people.
"""
