"""One way to print whatever paper: the form is chosen by the type of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inventory.core.errors import BrokenInvariant
from inventory.documents.data.carrying import DataPagePaper, HandBackPaper
from inventory.documents.data.communications import CommunicationsPlanPaper
from inventory.documents.data.counting import CountSheetPaper, VarianceReportPaper
from inventory.documents.data.dispatch import DispatchOrderPaper, PickListPaper, ReceiptPaper
from inventory.documents.data.incidents import CloseOutPaper, IncidentRecordPaper, ResourceCardsPaper
from inventory.documents.data.labels import AssetLabelsPaper, BinLabelsPaper, KitLabelsPaper, LotLabelsPaper
from inventory.documents.data.registers import DeviceRegisterPaper, StockRegisterPaper, TeamRegisterPaper
from inventory.documents.data.requests import DemandReportPaper, RequirementSheetPaper, ResourceRequestPaper
from inventory.documents.data.teams import CheckInPaper, MobilisationPaper, StatusChangePaper, TeamOrderPaper
from inventory.documents.data.values import Paper
from inventory.documents.data.warehouse import (
    IssueNotePaper,
    LoanNotePaper,
    ReceiptNotePaper,
    ReturnNotePaper,
    ScrapRequestPaper,
    WaybillPaper,
)
from inventory.documents.drawing.engine import Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.forms.check_in import check_in
from inventory.documents.forms.close_out import close_out
from inventory.documents.forms.communications_plan import communications_plan
from inventory.documents.forms.count_sheet import count_sheet
from inventory.documents.forms.data_page import data_page, hand_back
from inventory.documents.forms.demand_report import demand_report
from inventory.documents.forms.dispatch_order import dispatch_order
from inventory.documents.forms.incident_record import incident_record
from inventory.documents.forms.issue_note import issue_note
from inventory.documents.forms.labels import asset_labels, bin_labels, kit_labels, lot_labels
from inventory.documents.forms.loan_note import loan_note
from inventory.documents.forms.mobilisation import mobilisation
from inventory.documents.forms.pick_list import pick_list
from inventory.documents.forms.receipt import receipt
from inventory.documents.forms.receipt_note import receipt_note
from inventory.documents.forms.registers import device_register, stock_register, team_register
from inventory.documents.forms.requirement_sheet import requirement_sheet
from inventory.documents.forms.resource_cards import resource_cards
from inventory.documents.forms.resource_request import resource_request
from inventory.documents.forms.return_note import return_note
from inventory.documents.forms.scrap_request import scrap_request
from inventory.documents.forms.status_change import status_change
from inventory.documents.forms.team_order import team_order
from inventory.documents.forms.variance_report import variance_report
from inventory.documents.forms.waybill import waybill
from inventory.documents.sign import PaperKey


@dataclass(frozen=True)
class Press:
    """How one kind of paper is printed: the shape of its data and the function that draws them."""

    shape: type[Any]
    draw: Callable[..., Printed]


PRESSES: dict[str, Press] = {
    press.shape.kind: press
    for press in (
        Press(DispatchOrderPaper, dispatch_order),
        Press(PickListPaper, pick_list),
        Press(ReceiptPaper, receipt),
        Press(DataPagePaper, data_page),
        Press(HandBackPaper, hand_back),
        Press(CountSheetPaper, count_sheet),
        Press(ResourceRequestPaper, resource_request),
        Press(DemandReportPaper, demand_report),
        Press(RequirementSheetPaper, requirement_sheet),
        Press(ResourceCardsPaper, resource_cards),
        Press(IncidentRecordPaper, incident_record),
        Press(CloseOutPaper, close_out),
        Press(VarianceReportPaper, variance_report),
        Press(WaybillPaper, waybill),
        Press(ReceiptNotePaper, receipt_note),
        Press(IssueNotePaper, issue_note),
        Press(ReturnNotePaper, return_note),
        Press(ScrapRequestPaper, scrap_request),
        Press(LoanNotePaper, loan_note),
        Press(LotLabelsPaper, lot_labels),
        Press(BinLabelsPaper, bin_labels),
        Press(AssetLabelsPaper, asset_labels),
        Press(KitLabelsPaper, kit_labels),
        Press(StockRegisterPaper, stock_register),
        Press(TeamRegisterPaper, team_register),
        Press(DeviceRegisterPaper, device_register),
        Press(TeamOrderPaper, team_order),
        Press(MobilisationPaper, mobilisation),
        Press(CommunicationsPlanPaper, communications_plan),
        Press(CheckInPaper, check_in),
        Press(StatusChangePaper, status_change),
    )
}
"""Kind of paper -> its press."""

KIND_OF_MARK: dict[str, str] = {press.shape.mark: kind for kind, press in PRESSES.items()}
"""The mark in the text of a QR code -> kind of paper."""

if len(KIND_OF_MARK) != len(PRESSES):
    raise BrokenInvariant("two kinds of paper share a mark")


def printed(paper: Paper, *, key: PaperKey | None, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return a paper as PDF; the same paper, key, language and fonts always give the same bytes.

    Papers that are not sealed (labels) are drawn without a key: `key` may be None for them, and is not used.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    draw = PRESSES[paper.kind].draw
    if not paper.sealed:
        return draw(paper, language=language, fonts=fonts)
    if key is None:
        raise BrokenInvariant(f"{paper.kind} cannot be sealed without a key")
    return draw(paper, key=key, language=language, fonts=fonts)
