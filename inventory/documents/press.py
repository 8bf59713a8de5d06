"""One way to print whatever paper: the form is chosen by the type of the data."""

from __future__ import annotations

from inventory.documents.count_sheet import count_sheet
from inventory.documents.dispatch_order import dispatch_order
from inventory.documents.engine import Printed
from inventory.documents.fonts import FontBook
from inventory.documents.papers import CountSheetPaper, DispatchOrderPaper, Paper, PickListPaper
from inventory.documents.pick_list import pick_list
from inventory.documents.receipt import receipt
from inventory.documents.sign import PaperKey


def printed(paper: Paper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return a paper as PDF; the same paper, key, language and fonts always give the same bytes.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    if isinstance(paper, DispatchOrderPaper):
        return dispatch_order(paper, key=key, language=language, fonts=fonts)
    if isinstance(paper, PickListPaper):
        return pick_list(paper, key=key, language=language, fonts=fonts)
    if isinstance(paper, CountSheetPaper):
        return count_sheet(paper, key=key, language=language, fonts=fonts)
    return receipt(paper, key=key, language=language, fonts=fonts)
