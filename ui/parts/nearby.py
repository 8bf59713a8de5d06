"""Whether this server is open to this machine only: demo accounts, whose password everybody knows, need that."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from streamlit import config

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def is_loopback(address: str) -> bool:
    """Return whether an address or host name means this machine."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def served_nearby(headers: Mapping[str, str]) -> bool:
    """Return whether the server listens on loopback and nobody handed this request on from elsewhere."""
    listening = str(config.get_option("server.address") or "")
    handed_on = {name.lower() for name in headers} & set(_FORWARDED)
    return is_loopback(listening) and not handed_on
