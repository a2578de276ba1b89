"""What systemd wants to hear of a service, where it listens: sd_notify(3) in a few lines."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def notify(*lines: str) -> None:
    """Tell systemd something, such as "READY=1"; nothing happens where nobody listens."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return
    address = f"\0{place[1:]}" if place.startswith("@") else place  # @: an abstract name
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
        speaker.sendto("\n".join(lines).encode(), address)
