"""What can be done with a count, in the order it is done; each errand has its file."""

from inventory.stocktaking.closing import approve_count, post_count
from inventory.stocktaking.opening import add_found, cancel_count, open_count
from inventory.stocktaking.reading import order_recount, read_count, recount_line, submit_count

__all__ = [
    "add_found",
    "approve_count",
    "cancel_count",
    "open_count",
    "order_recount",
    "post_count",
    "read_count",
    "recount_line",
    "submit_count",
]
