"""A real browser at the running program."""
