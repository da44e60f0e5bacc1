# SPDX-License-Identifier: Apache-2.0
"""The objects of a real store as a mapping: what damages mappings damages stores; every change can be undone."""

import collections.abc
import concurrent.futures
import contextlib
import pathlib
import threading
from urllib.parse import quote

import requests

from backup_reset_panel.storage import s3
from tests.lab import keystone
from tests.lab.state import State

SIDE_BY_SIDE = 6


class Files:
    """A folder."""

    def __init__(self, root):
        self._root = pathlib.Path(root)

    def names(self, container):
        folder = self._root / container
        return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]

    def get(self, container, name):
        return (self._root / container / name).read_bytes()

    def put(self, container, name, data):
        path = self._root / container / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def delete(self, container, name):
        (self._root / container / name).unlink(missing_ok=True)


class Swift:
    """An account of Swift, with a token that may write."""

    def __init__(self, url, token):
        self._url, self.token, self._threads = url, token, threading.local()

    def _ask(self, method, path, **options):
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
        headers = {"X-Auth-Token": self.token}
        answer = self._threads.session.request(method, f"{self._url}/{path}", headers=headers, timeout=60, **options)
        if answer.status_code >= 300 and not (method == "DELETE" and answer.status_code == 404):
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def make(self, container):
        self._ask("PUT", container)

    def names(self, container):
        names, last = [], ""
        while page := self._ask("GET", container, params={"format": "json", "marker": last}).json():
            names += [entry["name"] for entry in page]
            last = names[-1]
        return names

    def get(self, container, name):
        return self._ask("GET", f"{container}/{quote(name)}").content

    def put(self, container, name, data):
        self._ask("PUT", f"{container}/{quote(name)}", data=data)

    def delete(self, container, name):
        self._ask("DELETE", f"{container}/{quote(name)}")


class S3:
    """Buckets, with keys that may write."""

    def __init__(self, endpoint, keys):
        self.client = s3.client(endpoint, (keys["access"], keys["secret"]), "us-east-1", path_style=True, verify=True)

    def make(self, container):
        self.client.create_bucket(Bucket=container)

    def names(self, container):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=container)
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def get(self, container, name):
        return self.client.get_object(Bucket=container, Key=name)["Body"].read()

    def put(self, container, name, data):
        self.client.put_object(Bucket=container, Key=name, Body=data)

    def delete(self, container, name):
        self.client.delete_object(Bucket=container, Key=name)


class Live(collections.abc.MutableMapping):
    """The objects of one container, {name: bytes}: read when they are asked for, written at once."""

    def __init__(self, writer, container):
        self._writer, self._container = writer, container
        self._names = set(writer.names(container))
        self._known, self._before = {}, {}

    def __iter__(self):
        return iter(sorted(self._names))

    def __len__(self):
        return len(self._names)

    def __getitem__(self, name):
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = self._writer.get(self._container, name)
        return self._known[name]

    def _remember(self, name):
        if name not in self._before:
            self._before[name] = self[name] if name in self._names else None

    def __setitem__(self, name, data):
        self._remember(name)
        self._set(name, data)

    def __delitem__(self, name):
        self._remember(name)
        self._set(name, None)

    def _set(self, name, data):
        if data is None:
            self._writer.delete(self._container, name)
            self._names.discard(name)
            self._known.pop(name, None)
        else:
            self._writer.put(self._container, name, data)
            self._names.add(name)
            self._known[name] = data

    def undo(self):
        """Put everything back as it was first found."""
        with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            list(pool.map(lambda pair: self._set(*pair), self._before.items()))
        self._before.clear()


@contextlib.contextmanager
def damaged(*containers):
    """Undo at the end what is done to containers inside the block."""
    try:
        yield
    finally:
        for container in containers:
            container.undo()


def writer(state: State) -> Files | Swift | S3:
    """Return what may write where cinder-backup of a lab writes for its member."""
    if state.store == "posix":
        return Files(state.path("backups"))
    if state.store == "s3":
        return S3(state.swift["s3_endpoint"], state.swift["cinder"])
    session = keystone.session(state, "member" if state.swift_auth == "per_user" else "cinder")
    return Swift(state.url("swift", f"v1/AUTH_{session.get_project_id()}"), session.get_token())
