"""Proving the journal: every hash is computed again from what stands there, one chain per node.

It finds entries that were changed, taken out, put in or put in another order past the program, and bits that the disk
lost. It cannot tell when the whole chain and the node's row were written anew: heads printed on papers tell that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.work import Work
from inventory.models import Journal, Node
from inventory.people.journal import GENESIS, link

_AT_ONCE = 500
ALGORITHMS = ("sha256",)


@dataclass(frozen=True)
class ChainFault:
    """One place where the chain of a node does not hold.

    `code` is "changed" (an entry's hash does not follow from its contents), "unlinked" (it does not name the hash
    before it), "gap" (sequence numbers are missing before it), "algorithm" (one that this program does not know) or
    "head" (the node's row names another last entry).
    """

    code: str
    node: str
    sequence: int
    entry_id: UUID | None = None


def verify_chain(work: Work, *, node_id: UUID | None = None) -> list[ChainFault]:
    """Return every fault of the chains, of one node or of all; none when the journal proves itself.

    It reads the journal once in the order of the chain, a few hundred entries at a time.
    """
    nodes = select(Node.id, Node.code, Node.last_sequence, Node.head).order_by(Node.code)
    if node_id is not None:
        nodes = nodes.where(Node.id == node_id)
    found: list[ChainFault] = []
    for node in work.connection.execute(nodes).all():
        sequence, head = 0, GENESIS
        for row in _chain_of(work, node.id):
            found.extend(_faults(row, node.code, sequence, head))
            sequence, head = row["sequence"], row["hash"]
        if (sequence, head) != (node.last_sequence, node.head):
            found.append(ChainFault("head", node.code, max(sequence, node.last_sequence)))
    return found


def _chain_of(work: Work, node_id: UUID) -> Iterator[dict[str, Any]]:
    query = select(Journal.__table__).where(Journal.node_id == node_id).order_by(Journal.sequence)
    rows = work.connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    for row in rows.mappings():
        yield dict(row)


def _faults(row: dict[str, Any], node: str, sequence: int, head: bytes) -> list[ChainFault]:
    """Compare an entry with itself and with the one before it (its `sequence` and hash `head`)."""
    wrong = {
        "gap": row["sequence"] != sequence + 1,
        "unlinked": row["previous"] != head,
        "algorithm": row["algorithm"] not in ALGORITHMS,
        "changed": link(row) != row["hash"],
    }
    return [ChainFault(code, node, row["sequence"], row["id"]) for code, is_so in wrong.items() if is_so]
