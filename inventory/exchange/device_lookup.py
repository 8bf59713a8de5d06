"""What the labels, codes and names of a list of devices mean in this district. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.work import Work
from inventory.exchange.columns import Line
from inventory.exchange.readers import normal
from inventory.exchange.stock_lookup import ON_HAND_CHANNELS
from inventory.exchange.taking import Problems, Terms
from inventory.models import Asset, Balance, Item, Lot, Organisation, Place, Site


@dataclass(frozen=True)
class Device:
    """A device that is there: its row, with the codes of its item and of the site and bin where it stands."""

    row: Any


class DeviceLookup:
    """The district's devices, items, sites and bins, read once for a whole file; devices are locked when written."""

    def __init__(self, work: Work) -> None:
        self.kinds = self.kinds_of(work)
        columns = (Site.id, Site.code, Site.organisation_id, Site.channel, Site.closed)
        self.sites = {normal(row.code): row for row in work.connection.execute(select(*columns))}
        self.codes: dict[UUID | None, str] = {row.id: row.code for row in self.sites.values()}
        of_places = select(Place.id, Place.site_id, Place.code, Place.kind, Place.open)
        self.bins = {
            (row.site_id, normal(row.code)): row
            for row in work.connection.execute(of_places.where(Place.site_id.is_not(None)))
        }
        of_items = select(Item.id, Item.code, Item.tracking, Item.active)
        self.items = {normal(row.code): row for row in work.connection.execute(of_items)}
        self.owners = {
            normal(row.code): row.id for row in work.connection.execute(select(Organisation.id, Organisation.code))
        }
        self.devices: dict[str, Device] = {}
        self.by_serial: dict[tuple[str, str], list[Device]] = {}
        self._read_devices(work)

    @staticmethod
    def kinds_of(work: Work) -> Terms:
        """Return the kinds of device that this district knows."""
        return Terms(work, "device_kind")

    def _read_devices(self, work: Work) -> None:
        """Read the devices with where they stand."""
        query = (
            select(Asset.__table__, Item.code.label("item"), Place.code.label("bin"), Site.code.label("site"))
            .join_from(Asset, Lot, Lot.id == Asset.lot_id)
            .join(Item, Item.id == Lot.item_id)
            .outerjoin(Balance, (Balance.lot_id == Lot.id) & (Balance.quantity > 0))
            .outerjoin(Place, Place.id == Balance.place_id)
            .outerjoin(Site, Site.id == Place.site_id)
            .order_by(Asset.label)
        )
        if work.writing:
            query = query.with_for_update(of=Asset)
        for row in work.connection.execute(query):
            device = Device(row)
            self.devices[row.label] = device
            if row.serial_number:
                self.by_serial.setdefault((normal(row.item), normal(row.serial_number)), []).append(device)

    def site(self, code: str | None) -> Any | None:
        """Return the row of a site."""
        return None if code is None else self.sites.get(normal(code))

    def device(self, line: Line, faults: Problems) -> Device | None:
        """Return the device that a line is about; None for a new one, or when something is wrong with its name."""
        values = line.values
        label, serial = values["label"], values["serial_number"]
        if label is not None:
            found = self.devices.get(label)
            if found is None:
                faults.add("unknown_device", line, "label", text=label)
            elif normal(found.row.item) != normal(values["item"]):
                faults.add("item_of_a_device", line, "item", label=label, item=found.row.item)
            return found
        if serial is None:
            faults.add("device_not_named", line, "serial_number")
            return None
        several = self.by_serial.get((normal(values["item"]), normal(serial)), [])
        if len(several) > 1:
            faults.add("several_devices", line, "serial_number", text=serial)
        return several[0] if several else None

    def stands_where_it_is(self, line: Line, device: Device, faults: Problems) -> None:
        """Tell a line that says of a device that it stands elsewhere; a blank cell says nothing."""
        row, values = device.row, line.values
        for key in ("site", "bin"):
            if values[key] is not None and normal(values[key]) != normal(getattr(row, key) or ""):
                faults.add("device_elsewhere", line, key, label=row.label, site=row.site or "—", bin=row.bin or "—")
                return

    def of_new(self, line: Line, faults: Problems) -> dict[str, Any]:
        """Return what a new device needs beyond its row: item, owner, place, channel."""
        values, site = line.values, self.site(line.values["site"])
        item = self.items.get(normal(values["item"]))
        if item is None:
            faults.add("unknown_item", line, "item", text=values["item"])
        elif not item.active:
            faults.add("item_not_in_use", line, "item", text=values["item"])
        elif item.tracking != "serial":
            faults.add("item_not_serial", line, "item", text=values["item"])
        if values["site"] is None or values["bin"] is None:
            faults.add("place_needed", line, "bin" if values["site"] else "site")
        elif site is None:
            faults.add("unknown_site", line, "site", text=values["site"])
        elif site.closed or site.channel not in ON_HAND_CHANNELS:
            faults.add("closed_site" if site.closed else "site_not_on_hand", line, "site", text=values["site"])
        place = self.bins.get((site.id, normal(values["bin"]))) if site and values["bin"] else None
        if site and values["bin"] and place is None:
            faults.add("no_such_bin", line, "bin", text=values["bin"], site=site.code)
        elif place is not None and (place.kind != "bin" or not place.open):
            faults.add("not_an_open_bin", line, "bin", text=values["bin"], site=values["site"])
        owner = site.organisation_id if site else None
        if values["owner"] is not None:
            owner = self.owners.get(normal(values["owner"]))
            if owner is None:
                faults.add("unknown_owner", line, "owner", text=values["owner"])
        return {
            "item_id": item.id if item else None,
            "owner_id": owner,
            "site_id": site.id if site else None,
            "place_id": place.id if place else None,
            "channel": site.channel if site else None,
        }
