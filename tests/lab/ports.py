# SPDX-License-Identifier: Apache-2.0
"""Free TCP ports on loopback."""

import random
import socket

# Below the range from which Linux takes the ports of outgoing connections, so that none is lost between choice and use.
FIRST, LAST = 20000, 31999


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Tell whether somebody listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def choose(count: int) -> list[int]:
    """Return ``count`` different free ports."""
    chosen: list[int] = []
    for port in random.SystemRandom().sample(range(FIRST, LAST), 2000):
        if is_free(port):
            chosen.append(port)
        if len(chosen) == count:
            return chosen
    raise OSError("no free ports on 127.0.0.1")
