# SPDX-License-Identifier: Apache-2.0
"""Requests are counted in an API server's own log, and none of somebody else's."""

import http.server
import threading
import types

import pytest
import requests

from tests.lab import wait
from tests.lab.access_log import AccessLog
from tests.lab.access_log import parse

LINE = '[23/Nov/2026:03:38:03 +0000] <6199> "{} HTTP/1.1" 200 751 3'


class _Logging(http.server.BaseHTTPRequestHandler):
    """A web server that logs as the lab's gunicorn does: after it has answered."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        with open(self.server.log, "a") as log:
            log.write(LINE.format(f"GET {self.path}") + "\n")

    def log_message(self, *args):
        """Say nothing on the terminal."""


@pytest.fixture
def server(tmp_path):
    """A web server with an access log, in the shape of a lab; the log holds something already."""
    log = tmp_path / "logs" / "cinder-api.access.log"
    log.parent.mkdir()
    log.write_text(LINE.format("GET /before") + "\n")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Logging) as found:
        found.log = log
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def lab(server):
    """As much of a lab as the log needs."""
    folder = server.log.parent.parent
    url = f"http://127.0.0.1:{server.server_port}/"
    return types.SimpleNamespace(state=types.SimpleNamespace(path=folder.joinpath, url=lambda _name: url))


def test_what_comes_in_meanwhile_is_counted_and_nothing_else(lab):
    log = AccessLog(lab, "cinder-api")
    url = lab.state.url("cinder")

    def thing():
        requests.get(f"{url}v3/backups?limit=1", timeout=10)
        wait.until(lambda: "backups" in log.path.read_text(), "the line", 10)

    assert log.during(thing) == [("GET", "/v3/backups?limit=1")]
    assert log.during(lambda: None) == []


def test_a_line_tells_method_and_path():
    assert parse(LINE.format("POST /v3/backups/1/action")) == ("POST", "/v3/backups/1/action")


@pytest.mark.parametrize("request_line", ["GET /v3/auth/tokens", "GET /v3/auth/tokens?nocatalog"])
def test_cinders_own_questions_about_tokens_are_left_out(request_line):
    assert parse(LINE.format(request_line)) is None


def test_what_is_no_request_is_left_out():
    assert parse("[2026-11-23 03:38:03 +0000] [6199] [INFO] Booting worker") is None
