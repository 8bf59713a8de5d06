"""Browser fixtures (being built)."""
