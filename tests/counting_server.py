# SPDX-License-Identifier: Apache-2.0
"""A server on loopback that counts its connections, and that can hold what it answers."""

import http.server
import threading


class CountingHandler(http.server.BaseHTTPRequestHandler):
    """Tells its server when a connection comes and goes, and the terminal nothing."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.count(1)

    def finish(self):
        super().finish()
        self.server.count(-1)

    def log_message(self, *args):
        """Say nothing on the terminal."""


class CountingServer(http.server.ThreadingHTTPServer):
    """Used as a context manager, at whose end all its connections are closed.

    ``open_now`` and ``most_open`` count connections; answers that are held wait for ``gate``.
    """

    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.counting = threading.Condition()
        self.open_now = self.most_open = 0
        self.gate = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    def count(self, change):
        with self.counting:
            self.open_now += change
            self.most_open = max(self.most_open, self.open_now)
            self.counting.notify_all()

    def wait_for(self, condition, seconds=20):
        """Wait until the counts are as a function of the server says."""
        with self.counting:
            return self.counting.wait_for(lambda: condition(self), seconds)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self.gate.set()
        self.shutdown()
        self.server_close()
        self._thread.join()
