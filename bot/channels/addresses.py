"""From which address a request comes, where that tells anything."""

from __future__ import annotations

import ipaddress


def address_of(peer: str | None, forwarded: str | None, proxies: int) -> str | None:
    """The address of who asks: `peer`, or behind `proxies` reverse proxies what the outermost of ours wrote down.

    None where it tells nothing: on loopback stands a proxy that was not declared, or a tool of this machine.
    """
    if proxies:
        hops = [hop.strip() for hop in (forwarded or "").split(",") if hop.strip()]
        # What stands further left was written by the asker.
        peer = hops[-proxies] if len(hops) >= proxies else peer
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return None
    if address.is_loopback:
        return None
    # One subscriber of IPv6 has a whole network.
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
