"""One device for each link."""

import hashlib


def device_hash(device: str) -> bytes:
    """What stands in the table for the cookie of a device."""
    return hashlib.sha256(device.encode()).digest()
