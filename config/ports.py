"""A port for a server of our own that starts a little later."""

import socket
from random import SystemRandom

# below those that the system hands out to connections (Linux 32768, macOS and Windows 49152 and
# up): one of them could be somebody else's before the server is there, or between two starts
LOWEST, HIGHEST = 10_000, 32_000
CHANCE = SystemRandom()  # pytest-randomly seeds the ordinary one alike in every process


def free_port() -> int:
    while True:
        port = CHANCE.randrange(LOWEST, HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
