"""The command line at another time: `python at_driver.py ISO-INSTANT ARGUMENT...`."""

from __future__ import annotations

import sys
from datetime import datetime

import time_machine

from crawler.cli.main import main

if __name__ == "__main__":
    when = datetime.fromisoformat(sys.argv.pop(1))
    with time_machine.travel(when, tick=True):
        main()
