"""The kinds of paper that this program issues: how each is gathered from the books, and whom and where it belongs to.

A new kind of paper is a line here; how it is issued, kept and printed again is the same for all (`papers`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inventory.core.work import Work
from inventory.dispatch.handing_back import taking
from inventory.documents.data.carrying import DataPagePaper, HandBackPaper
from inventory.documents.data.communications import CommunicationsPlanPaper
from inventory.documents.data.counting import CountSheetPaper, VarianceReportPaper
from inventory.documents.data.dispatch import DispatchOrderPaper, PickListPaper, ReceiptPaper
from inventory.documents.data.incidents import CloseOutPaper, IncidentRecordPaper, ResourceCardsPaper
from inventory.documents.data.requests import DemandReportPaper, RequirementSheetPaper, ResourceRequestPaper
from inventory.documents.data.teams import CheckInPaper, MobilisationPaper, StatusChangePaper
from inventory.documents.data.values import Paper as PaperData
from inventory.documents.data.warehouse import IssueNotePaper, ReceiptNotePaper, WaybillPaper
from inventory.errands.carried_facts import data_page_paper, hand_back_paper
from inventory.errands.facts_incidents import close_out_paper, incident_record_paper, resource_cards_paper
from inventory.errands.facts_requests import demand_report_paper, requirement_sheet_paper, resource_request_paper
from inventory.errands.facts_teams import (
    check_in_paper,
    communications_paper,
    mobilisation_paper,
    status_change_paper,
)
from inventory.errands.facts_variance import variance_paper
from inventory.errands.facts_warehouse import (
    entry_site,
    entry_state,
    issue_note_paper,
    receipt_note_paper,
    waybill_paper,
)
from inventory.errands.paper_facts import count_paper, order_paper, pick_list_paper, receipt_paper
from inventory.models import Count, DispatchOrder, Incident, Journal, Place, Request, Shipment
from inventory.people.rules import At


def _own_state(work: Work, row: Any) -> str:
    return str(getattr(row, "state", ""))


@dataclass(frozen=True)
class Form:
    """One kind of paper: the shape of its data, how they are gathered, the table of its subject, where it belongs.

    A paper whose subject has no number takes one of its `series` when it is issued. `also` is what a person must be
    allowed there beside printing, for papers that show more than their subject does. A paper of an incident belongs
    to its division. `state` tells how its document stands today, for whoever checks the paper.
    """

    kind: str
    shape: type[Any]
    gather: Callable[[Work, UUID], PaperData]
    subject: type[Any]
    site: Callable[[Work, Any], UUID | None]
    series: str = ""
    also: str = ""
    division: Callable[[Work, Any], UUID] | None = None
    state: Callable[[Work, Any], str] = _own_state

    def at(self, work: Work, subject: Any) -> At:
        """Return where a subject (None: there is none) belongs."""
        if subject is None:
            return At()
        if self.division is not None:
            return At(division_id=self.division(work, subject))
        return At(site_id=self.site(work, subject))


def _site_of_shipment(work: Work, row: Any) -> UUID:
    return work.session.get_one(DispatchOrder, row.order_id).from_site_id


def _site_of_request(work: Work, row: Any) -> UUID:
    site_id: UUID = row.deliver_site_id
    return site_id


def _site_of_taking(work: Work, row: Any) -> UUID:
    return taking(work, consignment_id=row.id).site_id


def _no_site(work: Work, row: Any) -> None:
    """Return that an incident is not at one site."""


def _division(work: Work, row: Any) -> UUID:
    division_id: UUID = row.division_id
    return division_id


FORMS: dict[str, Form] = {
    form.kind: form
    for form in (
        Form("dispatch_order", DispatchOrderPaper, order_paper, DispatchOrder, lambda work, row: row.from_site_id),
        Form("pick_list", PickListPaper, pick_list_paper, DispatchOrder, lambda work, row: row.from_site_id),
        Form("receipt", ReceiptPaper, receipt_paper, Shipment, _site_of_shipment),
        Form("data_page", DataPagePaper, data_page_paper, Shipment, _site_of_shipment),
        Form("hand_back", HandBackPaper, hand_back_paper, Place, _site_of_taking),
        Form("count_sheet", CountSheetPaper, count_paper, Count, lambda work, row: row.site_id),
        Form(
            "variance_report",
            VarianceReportPaper,
            variance_paper,
            Count,
            lambda work, row: row.site_id,
            also="see_count_review",
        ),
        Form("waybill", WaybillPaper, waybill_paper, Shipment, _site_of_shipment),
        Form("issue_note", IssueNotePaper, issue_note_paper, Shipment, _site_of_shipment, series="issue_note"),
        Form(
            "receipt_note",
            ReceiptNotePaper,
            receipt_note_paper,
            Journal,
            entry_site,
            series="receipt_note",
            state=entry_state,
        ),
        Form("mobilisation", MobilisationPaper, mobilisation_paper, Incident, _no_site, division=_division),
        Form("check_in", CheckInPaper, check_in_paper, Incident, _no_site, division=_division),
        Form("status_change", StatusChangePaper, status_change_paper, Incident, _no_site, division=_division),
        Form(
            "communications_plan", CommunicationsPlanPaper, communications_paper, Incident, _no_site, division=_division
        ),
        Form("resource_request", ResourceRequestPaper, resource_request_paper, Request, _site_of_request),
        Form("demand_report", DemandReportPaper, demand_report_paper, Request, _site_of_request),
        Form(
            "requirement_sheet", RequirementSheetPaper, requirement_sheet_paper, Incident, _no_site, division=_division
        ),
        Form("resource_cards", ResourceCardsPaper, resource_cards_paper, Incident, _no_site, division=_division),
        Form("incident_record", IncidentRecordPaper, incident_record_paper, Incident, _no_site, division=_division),
        Form("close_out", CloseOutPaper, close_out_paper, Incident, _no_site, division=_division),
    )
}
"""Kind of paper -> its form."""
