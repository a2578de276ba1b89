"""Sends what is to be told, and stands still after the message was taken and before it is noted."""

import sys
import time
from pathlib import Path

from crawler.telling import senders
from crawler.workspace import find_workspace
from storage.alerts import AlertStore


def stand_still(*_: object) -> None:
    print("AT", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    AlertStore.note_sent = stand_still  # type: ignore[method-assign]
    senders.send(find_workspace(Path(sys.argv[1])), None, None)
