# SPDX-License-Identifier: Apache-2.0
"""An in-memory Cinder (and Keystone's project names) that answers over HTTP.

It stands where the network would be, so the real python-cinderclient and the real keystoneauth run in every test.
What cannot be provoked in a real cloud on demand is provoked here: one answer of every kind, at a chosen call.
"""

import ast
import copy
import datetime
import json
import operator
import re
import urllib.parse
import uuid

import requests
import requests_mock
import urllib3.exceptions
from keystoneauth1 import fixture

CINDER = "http://cinder.example/v3/admin-project"
KEYSTONE = "http://keystone.example/identity/v3"
POSIX = "cinder.backup.drivers.posix.PosixBackupDriver"


def stamp(ago_seconds=0):
    """A time as Cinder writes it, so many seconds ago."""
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago_seconds)
    return then.strftime("%Y-%m-%dT%H:%M:%S.000000")


#: What the record says of a backup whose data was all written.
COMPLETE = {"object_count": 128, "container": "ab/cd/x"}
#: What the list of services says of a host that died.
DOWN = {"state": "down", "updated_at": stamp(4000)}


def _is_like(found, value):
    """SQL's LIKE with anything before and behind: ``_`` stands for any one character."""
    pattern = "".join({"_": ".", "%": ".*"}.get(character, re.escape(character)) for character in value)
    return re.search(pattern, found, re.DOTALL) is not None


class FakeCinder:
    """A cloud's records, and how its API answers. In it node-1, which was asked last about every backup, is down.

    ``moves_to`` is the host that an accepted reset is given to, None: the one that a backup has.
    ``cleans_up`` says whether a reset to error rids a backup of its temporary volume and snapshot.
    ``after_reset`` is an exception of requests that keeps the answer to a reset of a backup from whoever sent it.
    ``applies`` says whether an accepted reset is applied at once, as by an idle cinder-backup. ``trouble`` maps
    (method, regular expression on the path) to what happens instead of an answer: a status code, or an exception of
    requests.
    """

    def __init__(self):
        self.backups = {}
        self.volumes = {}
        self.snapshots = {}
        self.messages = []
        self.services = [self.service(**DOWN), self.service(host="node-2")]
        self.hidden = {}
        self.ignores_hidden_filters = False
        self.projects = {"shop": "shop"}
        self.applies = True
        self.cleans_up = True
        self.moves_to = None
        self.trouble = {}
        self.max_microversion = "3.71"
        self.calls = []
        self.resets = []
        self.before_answer = []
        self.after_reset = None

    def add_volume(self, **values):
        """Put a volume in; returns its document."""
        volume_id = values.get("id") or str(uuid.uuid4())
        volume = {
            "id": volume_id,
            "name": "db-data",
            "status": "backing-up",
            "attachments": [],
            "os-vol-tenant-attr:tenant_id": "shop",
            "metadata": {},
            "updated_at": stamp(11520),
        }
        self.volumes[volume_id] = volume | values
        self.hide(volume_id, previous_status="available", use_quota=True)
        return self.volumes[volume_id]

    def add_snapshot(self, **values):
        """Put a snapshot in; returns its document."""
        snapshot_id = str(uuid.uuid4())
        snapshot = {"id": snapshot_id, "name": "before-upgrade", "status": "backing-up", "volume_id": None}
        snapshot["updated_at"] = stamp(11520)
        self.snapshots[snapshot_id] = snapshot | values
        self.hide(snapshot_id, use_quota=True)
        return self.snapshots[snapshot_id]

    def add_backup(self, **values):
        """Put a backup in, with its volume unless ``volume_id`` is given; returns its document."""
        backup_id = values.get("id") or str(uuid.uuid4())
        if "volume_id" not in values:
            is_read = values.get("status", "creating") in ("restoring", "available")
            values["volume_id"] = self.add_volume(status="available" if is_read else "backing-up")["id"]
        backup = {
            "id": backup_id,
            "name": "nightly-07",
            "status": "creating",
            "size": 1,
            "object_count": 0,
            "container": None,
            "is_incremental": False,
            "has_dependent_backups": False,
            "fail_reason": None,
            "snapshot_id": None,
            "availability_zone": "nova",
            "created_at": stamp(11520),
            "updated_at": stamp(11520),
            "data_timestamp": stamp(11520),
            "description": None,
            "metadata": {},
            "os-backup-project-attr:project_id": "shop",
        }
        self.backups[backup_id] = backup | values
        self.hide(backup_id, service=POSIX, host="node-1")
        return self.backups[backup_id]

    def end(self, backup, status="available"):
        """Let the job of a backup end: it lets go of its volume."""
        self.backups[backup["id"]]["status"] = status
        self.volumes[backup["volume_id"]].update(status="available", updated_at=stamp())

    def service(self, **values):
        """A cinder-backup service's row; to be put into ``services``."""
        service = {
            "binary": "cinder-backup",
            "host": "node-1",
            "zone": "nova",
            "status": "enabled",
            "state": "up",
            "updated_at": stamp(3),
            "disabled_reason": None,
        }
        return service | values

    def hide(self, row_id, **columns):
        """Set columns of a row that the API does not show, but by which administrators can filter."""
        self.hidden.setdefault(row_id, {}).update(columns)

    def answer(self, request, context):
        """requests_mock's callback: any request, anywhere."""
        split = urllib.parse.urlsplit(request.url)
        self.calls.append((request.method, split.path))
        for (method, pattern), what in self.trouble.items():
            if request.method == method and re.search(pattern, split.path):
                return self._trouble(what, context)
        for hook in self.before_answer:
            hook(request)
        context.headers["x-openstack-request-id"] = f"req-{len(self.calls)}"
        if request.url.startswith(KEYSTONE + "/projects/"):
            return self._found(context, "project", self._project(split.path.rsplit("/", 1)[1]))
        if split.path == urllib.parse.urlsplit(KEYSTONE).path + "/projects":
            return json.dumps({"projects": [self._project(project_id) for project_id in self.projects]})
        if request.url.startswith(KEYSTONE):
            # Horizon's own frame asks which version of Keystone this is.
            return json.dumps({"version": fixture.V3Discovery(KEYSTONE)})
        asked = request.headers.get("OpenStack-API-Version", "volume 3.0").partition(" ")[2]
        if [int(part) for part in asked.split(".")] > [int(part) for part in self.max_microversion.split(".")]:
            context.status_code = 406
            told = (
                f"Version {asked} is not supported by the API. Minimum is 3.0 and maximum is {self.max_microversion}."
            )
            return json.dumps({"computeFault": {"code": 406, "message": told}})
        path = split.path.removeprefix(urllib.parse.urlsplit(CINDER).path)
        return self._route(request, path, urllib.parse.parse_qs(split.query), context)

    def _trouble(self, what, context):
        if isinstance(what, BaseException):
            raise what
        if isinstance(what, str):
            return what
        context.status_code = what
        context.headers["x-openstack-request-id"] = context.headers["x-compute-request-id"] = f"req-trouble-{what}"
        return json.dumps({"fault": {"code": what, "message": f"Cinder says {what}"}})

    def _route(self, request, path, query, context):
        if match := re.fullmatch(r"/(backups|volumes|snapshots)/([^/]+)/action", path):
            return self._reset(match[1], match[2], request.json(), context)
        if request.method == "PUT" and (match := re.fullmatch(r"/backups/([^/]+)", path)):
            self.backups[match[1]].update(request.json()["backup"])
            return json.dumps({"backup": self.backups[match[1]]})
        if path == "/":
            return json.dumps({"versions": [{"id": "v3.0", "version": self.max_microversion, "min_version": "3.0"}]})
        if path == "/os-volume-transfer/detail":
            return json.dumps({"transfers": []})
        if path == "/os-services":
            (binary,) = query.get("binary", [None])
            return json.dumps({"services": [row for row in self.services if binary in (None, row["binary"])]})
        if path == "/messages":
            return json.dumps(
                {"messages": [m for m in self.messages if m["resource_uuid"] == query["resource_uuid"][0]]}
            )
        for kind in ("backups", "volumes", "snapshots"):
            table = getattr(self, kind)
            if path in (f"/{kind}", f"/{kind}/detail"):
                found = [row for row in table.values() if self._passes(row, query, kind)]
                counted = {"count": len(found)} if "with_count" in query else {}
                return self._listed(context, kind, found, query, counted)
            if match := re.fullmatch(rf"/{kind}/([^/]+)", path):
                return self._found(context, kind[:-1], table.get(match[1]))
        raise AssertionError(f"The fake Cinder has no {request.method} {path}")

    def _listed(self, context, kind, found, query, counted):
        """The part of a list that was asked for: sorted, from behind the marker on, no longer than the limit.

        The marker is any row of the table, also one that the filters leave out.
        """
        (sort,) = query.get("sort", ["created_at:desc"])
        column, _colon, direction = sort.partition(":")

        def place(row):
            return str(row.get(column)), row["id"]

        found.sort(key=place, reverse=direction == "desc")
        if "marker" in query:
            marker = getattr(self, kind).get(query["marker"][0])
            if marker is None:
                return self._found(context, kind[:-1], None)
            is_behind = operator.lt if direction == "desc" else operator.gt
            found = [row for row in found if is_behind(place(row), place(marker))]
        limit = int(query.get("limit", [1000])[0])
        return json.dumps({kind: found[:limit]} | counted)

    def _passes(self, row, query, kind):
        """Whether a row is in a filtered list: as in Cinder, where every column is a filter and ``~`` means LIKE, and a
        list of values, for volumes, is SQL's IN.
        """
        columns = row | self.hidden.get(row["id"], {})
        for name, (value,) in query.items():
            if name in ("all_tenants", "limit", "sort", "marker", "offset", "with_count"):
                continue
            shown = name.rstrip("~") in row
            if self.ignores_hidden_filters and not shown:
                continue
            found = columns.get(name.rstrip("~"))
            if name.endswith("~"):
                if found is None or not _is_like(str(found), value):
                    return False
            elif str(found) not in (self._listed_values(value) if kind == "volumes" else [value]):
                return False
        return True

    def _listed_values(self, value):
        return ast.literal_eval(value) if value.startswith("[") else [value]

    def _reset(self, table, row_id, body, context):
        row = getattr(self, table).get(row_id)
        if row is None:
            return self._found(context, table[:-1], None)
        if "os-force_delete" in body:
            return self._remove(table, row_id, context)
        target = body["os-reset_status"]["status"]
        self.resets.append((row_id, target))
        if table == "backups" and self.moves_to:
            self.hide(row_id, host=self.moves_to)
        if table == "backups" and self.hidden[row_id]["service"] is None:
            row["updated_at"] = stamp()
        elif table != "backups" or self.applies:
            row |= {"status": target, "updated_at": stamp()}
            if target == "error" and self.cleans_up:
                self.hide(row_id, temp_volume_id=None, temp_snapshot_id=None)
        if table == "backups" and self.after_reset:
            raise self.after_reset
        context.status_code = 202
        return ""

    def _remove(self, table, row_id, context):
        self.resets.append((row_id, "removed"))
        getattr(self, table)[row_id]["status"] = "deleting"
        if self.applies:
            del getattr(self, table)[row_id]
        context.status_code = 202
        return ""

    def _project(self, project_id):
        name = self.projects.get(project_id)
        return {"id": project_id, "name": name} if name else None

    def _found(self, context, key, document):
        if document is None:
            context.status_code = 404
            return json.dumps({"itemNotFound": {"code": 404, "message": f"{key} could not be found."}})
        return json.dumps({key: copy.deepcopy(document)})

    def leave_temporary(self, backup, **columns):
        """Let a temporary volume or snapshot be recorded, as Cinder makes one of a volume that is attached."""
        self.hide(backup["id"], **columns)
        self.hide(backup["volume_id"], previous_status="in-use")
        self.volumes[backup["volume_id"]]["attachments"] = [{}]

    def asked(self, method, pattern):
        """How many requests of that method had a path that the pattern matches."""
        return sum(1 for called, path in self.calls if called == method and re.search(pattern, path))

    def installed(self):
        """A requests_mock that sends every request of this process here; to be used as a context manager."""
        mocker = requests_mock.Mocker()
        mocker.register_uri(requests_mock.ANY, requests_mock.ANY, text=self.answer)
        return mocker


#: What can go wrong on the way, as requests raises it.
TIME_OUT = requests.exceptions.ReadTimeout("Read timed out.")
BROKEN_OFF = requests.exceptions.ConnectionError("Connection aborted.", ConnectionResetError(104, "reset by peer"))
REFUSED = requests.exceptions.ConnectionError(
    urllib3.exceptions.MaxRetryError(
        None, CINDER, urllib3.exceptions.NewConnectionError(None, "[Errno 111] Connection refused")
    )
)
GARBAGE = "<html><body>It works</body></html>"
