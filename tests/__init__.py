"""The tests, a folder per room. `python -m tests` (or `make test`) runs them all."""
