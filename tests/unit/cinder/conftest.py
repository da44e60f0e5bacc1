# SPDX-License-Identifier: Apache-2.0
"""A server on loopback that counts its connections and answers when it is told to."""

import contextlib
import http.server
import threading

import pytest


class Server(http.server.ThreadingHTTPServer):
    """Answers every GET with its path, once ``gate`` is open.

    ``open_now`` and ``most_open`` count connections, ``served`` the requests.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.gate = threading.Event()
        self.gate.set()
        self.counting = threading.Condition()
        self.open_now = self.most_open = self.served = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def count(self, change):
        with self.counting:
            self.open_now += change
            self.most_open = max(self.most_open, self.open_now)
            self.counting.notify_all()

    def wait_for(self, condition, seconds=10):
        """Wait until the counts are as a function of the server says."""
        with self.counting:
            return self.counting.wait_for(lambda: condition(self), seconds)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.count(1)

    def finish(self):
        super().finish()
        self.server.count(-1)

    def do_GET(self):
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

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    """A Server, closed at the end with all its connections."""
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.gate.set()
    made.shutdown()
    made.server_close()
    thread.join()
