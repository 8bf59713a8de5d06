"""Papers: a frozen data object in, PDF bytes out.

Nothing here reads the database or knows a session: whoever prints fills a dataclass of `papers.py` with plain values
and gets back a `Printed`. The same values give the same bytes, so a reprint can be compared by its sha256.
"""
