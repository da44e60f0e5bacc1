# SPDX-License-Identifier: Apache-2.0
"""Backups that Cinder wrote, and the three stores with them."""

import copy
import datetime
import importlib.util
import json
import pathlib
import subprocess
import sys
import threading

import pytest
from keystoneauth1 import session as keystoneauth_session
from keystoneauth1.token_endpoint import Token

from backup_reset_panel.core.records import Backup
from backup_reset_panel.storage import s3
from backup_reset_panel.storage.files import FilesStore
from backup_reset_panel.storage.swift import SwiftStore
from backup_reset_panel.storage.types import Deadline
from tests.unit.storage import servers

ROOT = pathlib.Path(__file__).resolve().parents[3]
STORES = ("files", "swift", "s3")


class Library:
    """All that Cinder wrote in one layout: records, and {container: {name: bytes}}."""

    def __init__(self, folder, records, layout):
        self.rows = [row for row in records if row["layout"] == layout]
        self.objects = {}
        for row in self.rows:
            root = folder / layout / row["container"]
            if row["container"] not in self.objects:
                self.objects[row["container"]] = {
                    str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
                }

    def row(self, kind, compression):
        return next(row for row in self.rows if row["kind"] == kind and row["compression"] == compression)

    def parent(self, row):
        return next((each for each in self.rows if each["id"] == row["parent_id"]), None)

    def ancestors(self, row):
        found = []
        while row := self.parent(row):
            found.append(record(row))
        return found


def record(row, **changes):
    values = {key: row[key] for key in ("id", "volume_id", "container", "size", "object_count", "status")}
    values |= {"created_at": datetime.datetime.fromisoformat(row["created_at"]), "availability_zone": "nova"}
    values |= {"is_incremental": row["parent_id"] is not None, "project_id": servers.PROJECT}
    return Backup(**values | changes)


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    # Looked for, not imported: Cinder brings eventlet.
    for name in ("cinder", "zstd"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed here")
    folder = tmp_path_factory.mktemp("written")
    command = [sys.executable, "-W", "ignore", "-m", "tests.unit.storage.written_by_cinder", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    records = json.loads((folder / "records.json").read_text())
    return {layout: Library(folder, records, layout) for layout in ("flat", "nested")}


class Host:
    """A store with a library in it: ``objects`` is what it holds and may be changed, ``store()`` opens it."""

    def __init__(self, name, library, place, server=None):
        self.name, self.library, self.place, self.server = name, library, place, server
        self.objects = copy.deepcopy(library.objects) if server is None else server.objects
        self.settled = {}

    @property
    def faults(self):
        return self.server.faults

    def settle(self):
        """Let the folder hold just what ``objects`` does."""
        for container, objects in self.objects.items():
            there = self.settled.setdefault(container, {})
            folder = self.place / container
            folder.mkdir(parents=True, exist_ok=True)
            for name in there.keys() - objects.keys():
                (folder / name).unlink()
                del there[name]
            for name, data in objects.items():
                if there.get(name) is not data:
                    (folder / name).write_bytes(data)
                    there[name] = data

    def reset(self):
        for container, objects in self.library.objects.items():
            self.objects[container] = dict(objects)
        if self.server is not None:
            self.server.faults = servers.Faults()
            self.server.asked.clear()

    def store(self, seconds=20):
        deadline = Deadline(seconds)
        if self.name == "files":
            self.settle()
            return FilesStore(str(self.place), deadline)
        if self.name == "s3":
            return s3.S3Store(self.client(), deadline)
        url = f"{self.server.url}/v1/AUTH_{servers.PROJECT}"
        return SwiftStore(keystoneauth_session.Session(Token(url, servers.TOKEN)), url, deadline)

    def client(self):
        if not hasattr(self, "_client"):
            keys = (servers.ACCESS_KEY, servers.SECRET_KEY)
            self._client = s3.client(self.server.url, keys, "us-east-1", path_style=True, verify=True)
        return self._client


@pytest.fixture(scope="session")
def hosts(written, tmp_path_factory):
    """Function: the host of a name, made once."""
    made = {}
    threads = []

    def make(name):
        if name == "s3":
            pytest.importorskip("boto3")
        if name in made:
            return made[name]
        library = written["flat" if name == "files" else "nested"]
        if name == "files":
            made[name] = Host(name, library, tmp_path_factory.mktemp("files"))
        else:
            handler = {"swift": servers.SwiftHandler, "s3": servers.S3Handler}[name]
            server = servers.Server(handler, copy.deepcopy(library.objects))
            threads.append(threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}))
            threads[-1].start()
            made[name] = Host(name, library, None, server)
        return made[name]

    yield make
    for host in made.values():
        if host.server:
            host.server.over.set()
            host.server.shutdown()
            host.server.server_close()
    for thread in threads:
        thread.join()


@pytest.fixture(params=STORES)
def host(request, hosts):
    """Each store in turn, as Cinder left it."""
    made = hosts(request.param)
    made.reset()
    return made


@pytest.fixture(params=STORES[1:])
def server_host(request, hosts):
    """Each store that is a server."""
    made = hosts(request.param)
    made.reset()
    yield made
    made.server.over.set()
    made.server.over.clear()
