# SPDX-License-Identifier: Apache-2.0
"""A reverse proxy that has no patience with POST: it passes it on, and answers 504 before the server does."""

import http.client
import http.server
import threading

NOT_PASSED_ON = ("connection", "keep-alive", "transfer-encoding", "content-length")


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(*self.pass_on(None))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        threading.Thread(target=self.pass_on, args=(body,)).start()
        self.answer(504, [("Content-Type", "text/html")], b"<h1>Gateway Time-out</h1>")

    def pass_on(self, body):
        connection = http.client.HTTPConnection(*self.server.upstream, timeout=30)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing on the terminal."""


class ImpatientProxy:
    """The proxy on a free port of 127.0.0.1, while it is used as a context manager."""

    def __init__(self, host, port):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.upstream = (host, port)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
