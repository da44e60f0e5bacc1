# SPDX-License-Identifier: Apache-2.0
"""A FakeCinder behind a real server on loopback: with connections that can be counted, and answers that can be held."""

import contextlib
import sys
import threading
import types

from tests import fake_cinder
from tests.counting_server import CountingHandler
from tests.counting_server import CountingServer


class _Handler(CountingHandler):
    disable_nagle_algorithm = True
    #: Horizon's test settings would have every connection closed after a second: just when it is used again.
    timeout = 60

    def do_GET(self):  # noqa: N802  (as http.server calls it)
        served = self.server
        if served.holds(self.headers.get("X-Auth-Token")):
            served.gate.wait(60)
        elif served.seconds:
            threading.Event().wait(served.seconds)
        host = fake_cinder.KEYSTONE if self.path.startswith("/identity") else fake_cinder.CINDER
        url = "/".join(host.split("/")[:3]) + self.path
        context = types.SimpleNamespace(status_code=200, headers={"Content-Type": "application/json"})
        with served.lock:
            text = served.cloud.answer(
                types.SimpleNamespace(method=self.command, url=url, headers=self.headers), context
            )
        body = text.encode()
        with contextlib.suppress(OSError):  # nobody may wait for it any more
            self.send_response(context.status_code)
            for name, value in (context.headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)


class ServedCinder(CountingServer):
    """Answers every GET as the FakeCinder does; used as a context manager.

    ``holds`` says of a token whether its requests wait for ``gate``; ``seconds`` is how long each other answer takes.
    """

    request_queue_size = 200

    def __init__(self, cloud):
        super().__init__(_Handler)
        self.cloud = cloud
        self.lock = threading.Lock()
        self.failures = []
        self.holds = lambda token: False
        self.seconds = 0.0

    def handle_error(self, request, client_address):
        """Keep it: what went wrong in the fake is no trouble of Cinder's."""
        self.failures.append(sys.exc_info()[1])

    def url(self, of):
        """What stands in a catalog for one of the fake's URLs."""
        return f"http://127.0.0.1:{self.server_port}/{of.split('/', 3)[3]}"
