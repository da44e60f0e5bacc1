# SPDX-License-Identifier: Apache-2.0
"""A Swift read with the urllib3 of OpenStack 2025.1 and 2025.2, which reads no less than it is asked for."""

import threading
import time

import pytest
import urllib3
from keystoneauth1 import session as keystoneauth_session
from keystoneauth1.token_endpoint import Token

from backup_reset_panel.storage.swift import SwiftStore
from backup_reset_panel.storage.types import Deadline
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble
from tests.unit.storage import servers

DATA = b"0123456789" * 20


@pytest.fixture(autouse=True)
def urllib3_1_26(monkeypatch):
    for kind in urllib3.response.HTTPResponse.__mro__:
        if "read1" in vars(kind):
            monkeypatch.delattr(kind, "read1")


@pytest.fixture
def server():
    made = servers.Server(servers.SwiftHandler, {"c": {"a": DATA}})
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()
    thread.join()


def opened(server, seconds=20):
    url = f"{server.url}/v1/AUTH_{servers.PROJECT}"
    return SwiftStore(keystoneauth_session.Session(Token(url, servers.TOKEN)), url, Deadline(seconds))


def test_objects_are_listed_and_read_whole_and_in_part(server):
    store = opened(server)
    assert [each.name for each in store.list_objects("c", "").objects] == ["a"]
    assert b"".join(store.get("c", "a", len(DATA))) == DATA
    assert b"".join(store.get("c", "a", 10, beginning=True)) == DATA[:10]


def test_answer_that_trickles_ends_with_the_deadline(server):
    server.faults.trickle = True
    begin = time.monotonic()
    with pytest.raises(StorageError) as told:
        list(opened(server, seconds=1).get("c", "a", len(DATA)))
    assert told.value.trouble is Trouble.TOO_SLOW
    assert time.monotonic() - begin < 4


def test_answer_that_is_cut_off_is_broken(server):
    server.faults.cut = True
    with pytest.raises(StorageError) as told:
        list(opened(server).get("c", "a", len(DATA)))
    assert told.value.trouble is Trouble.BROKEN


def test_server_that_falls_silent_is_too_slow(server, monkeypatch):
    monkeypatch.setattr("backup_reset_panel.storage.swift.READ_SECONDS", 0.3)
    monkeypatch.setattr(servers.Handler, "object", half_of)
    with pytest.raises(StorageError) as told:
        list(opened(server).get("c", "a", len(DATA)))
    assert told.value.trouble is Trouble.TOO_SLOW


def half_of(handler, data):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.wfile.flush()
    handler.server.over.wait(30)
