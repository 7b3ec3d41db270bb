#!/usr/bin/env python
"""Django's command line; starts the embedded database and Redis for the time of one command."""

import os
import signal
import sys

from django.core.management import execute_from_command_line

from config import embedded
from config.sharing import CannotStart


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    # told to end, we end in order, so that the services know it
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with embedded.services():
            execute_from_command_line(sys.argv)
    except CannotStart as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
