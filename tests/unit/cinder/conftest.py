# SPDX-License-Identifier: Apache-2.0
"""A server on loopback that counts its connections and answers when it is told to."""

import contextlib

import pytest

from tests.counting_server import CountingHandler
from tests.counting_server import CountingServer


class Server(CountingServer):
    """Answers every GET with its path, one of "held" once ``gate`` is open; ``served`` counts the requests."""

    def __init__(self):
        super().__init__(Handler)
        self.gate.set()
        self.served = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(CountingHandler):
    def do_GET(self):  # noqa: N802  (as http.server calls it)
        if self.path.startswith("/held"):
            self.server.gate.wait(30)
        with self.server.counting:
            self.server.served += 1
            self.server.counting.notify_all()
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not self.path.endswith("broken"):
            with contextlib.suppress(ConnectionError):  # nobody may wait for it any more
                self.wfile.write(body)
        else:
            self.close_connection = True


@pytest.fixture
def server():
    """A Server, closed at the end with all its connections."""
    with Server() as made:
        yield made
