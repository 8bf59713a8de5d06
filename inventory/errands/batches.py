"""Many issued papers as one file for the printer: all orders of an incident, all pick lists of a site."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from inventory.core.work import Actor, Store, Work
from inventory.documents.batch import NothingToPrint, PrintedBatch, check_amount, printed_together
from inventory.documents.sign import load_key
from inventory.errands.paper_prints import issued, note_print
from inventory.errands.papers import LANGUAGE_OF_RECORD, issue_where_due


def papers_together(
    store: Store,
    actor: Actor,
    *,
    kind: str,
    subject_ids: Sequence[UUID],
    language: str = LANGUAGE_OF_RECORD,
) -> PrintedBatch:
    """Print the latest revision of papers of one kind into one PDF, issuing those that were not yet.

    Parameters
    ----------
    kind
        Of `paper_forms.FORMS`.
    subject_ids
        Ids of the documents (orders, consignments, counts), printed in this order; one named twice is printed once.
    language
        "zh_CN", "en" or "both".

    Raises
    ------
    NothingToPrint, TooMuchAtOnce, NotPermitted, NotFound, EmptyPaper, BadPaperValue, KeyUnusable, CertificateUnusable,
    FontUnusable
        All documents are looked at before the first paper is issued.
    """
    wanted = tuple(dict.fromkeys(subject_ids))
    if not wanted:
        raise NothingToPrint
    check_amount(len(wanted))
    ids = issue_where_due(store, actor, kind=kind, subject_ids=wanted)
    found = store.read(actor, lambda work: [issued(work, paper_id=one, language=language) for one in ids])
    made = printed_together([one.paper for one in found], load_key(store.env.home), language)

    def note(work: Work) -> None:
        for one in found:
            note_print(work, one)

    store.write(actor, note)
    return made
