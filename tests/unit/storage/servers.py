# SPDX-License-Identifier: Apache-2.0
"""Swift and S3 on loopback, as far as a reader needs them, with the ways in which they fail."""

import dataclasses
import hashlib
import http.server
import json
import threading
from email.utils import formatdate
from urllib.parse import parse_qs
from urllib.parse import unquote
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

TOKEN = "gAAAA-a-token-that-must-not-be-told"
ACCESS_KEY = "AKIAREADER"
SECRET_KEY = "a-secret-key-that-must-not-be-told"
PROJECT = "0123456789abcdef0123456789abcdef"


@dataclasses.dataclass
class Faults:
    """What is wrong with a server."""

    status: int | None = None  # every answer
    status_of: dict = dataclasses.field(default_factory=dict)  # answers about names that end so
    hidden: tuple = ()  # names that end so are not listed yet
    stale: dict = dataclasses.field(default_factory=dict)  # listed though they are gone: {(container, name): bytes}
    hang: bool = False
    trickle: bool = False
    cut: bool = False  # bodies end early
    garbage: bool = False  # listings are none
    encryption: str = ""  # S3: of every object
    etags: bool = True  # whether ETags are MD5s
    page: int = 10_000
    no_ranges: bool = False  # all is sent, whatever part was asked for


class Server(http.server.ThreadingHTTPServer):
    """``objects`` is {container: {name: bytes}}, ``asked`` the requests as (method, path)."""

    daemon_threads = True

    def __init__(self, handler, objects):
        super().__init__(("127.0.0.1", 0), handler)
        self.objects = objects
        self.faults = Faults()
        self.asked = []
        self.modified = 1_736_928_000
        self.over = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Whoever hung up has had enough."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body go out on their own

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        faults = self.server.faults
        parts = urlsplit(self.path)
        self.server.asked.append((self.command, self.path))
        query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        container, _, name = unquote(parts.path).removeprefix(self.base()).partition("/")
        if faults.hang:
            self.server.over.wait(30)
            return
        status = faults.status or next((code for end, code in faults.status_of.items() if name.endswith(end)), None)
        if status is None and not self.is_known():
            status = 401
        if status:
            self.error(status)
        elif not container:
            self.list_containers(query.get("marker", ""))
        elif container not in self.server.objects:
            self.error(404, "NoSuchBucket")
        elif not name:
            self.list(container, query)
        elif name not in self.server.objects[container]:
            self.error(404, "NoSuchKey")
        else:
            self.object(self.server.objects[container][name])

    def error(self, status, code="Denied"):
        self.send(status, f"<Error><Code>{code}</Code></Error>".encode())

    def etag(self, data):
        known = data if self.server.faults.etags else data + b"!"
        return hashlib.md5(known, usedforsecurity=False).hexdigest()

    def object(self, data):
        headers = {"Last-Modified": formatdate(self.server.modified, usegmt=True), "ETag": self.quoted(self.etag(data))}
        headers |= self.more()
        wanted = self.headers.get("Range")
        start, _, last = (wanted or "").removeprefix("bytes=").partition("-")
        if wanted and int(start) >= len(data):
            self.error(416, "InvalidRange")
        elif wanted and not self.server.faults.no_ranges:
            end = min(int(last or len(data)), len(data) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
            self.send(206, data[int(start) : end + 1], headers)
        else:
            self.send(200, data, headers)

    def entries(self, container, query, after):
        """(name, data) pairs and common prefixes, in order, a page of them."""
        faults = self.server.faults
        there = dict(self.server.objects[container])
        there |= {name: data for (at, name), data in faults.stale.items() if at == container}
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
        found = {}
        for name in sorted(there):
            if not name.startswith(prefix) or name.endswith(faults.hidden or "\0"):
                continue
            rest = name[len(prefix) :]
            folder = delimiter and delimiter in rest
            key = prefix + rest.partition(delimiter)[0] + delimiter if folder else name
            if key > after:
                found[key] = None if folder else there[name]
        return list(found.items())

    def send(self, status, body, headers=None):
        faults = self.server.faults
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if faults.cut and status < 300:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif faults.trickle:
            for index in range(len(body)):
                if self.server.over.wait(0.1):
                    break
                self.wfile.write(body[index : index + 1])
        else:
            self.wfile.write(body)


class SwiftHandler(Handler):
    def base(self):
        return f"/v1/AUTH_{PROJECT}/"

    def is_known(self):
        return self.headers.get("X-Auth-Token") == TOKEN

    def quoted(self, etag):
        return etag

    def more(self):
        return {}

    def list_containers(self, after):
        found = [name for name in sorted(self.server.objects) if name > after][: self.server.faults.page]
        self.send(200, json.dumps([{"name": name, "count": 1, "bytes": 1} for name in found]).encode())

    def list(self, container, query):
        if self.server.faults.garbage:
            self.send(200, b"<html>")
            return
        page = self.entries(container, query, query.get("marker", ""))
        page = page[: int(query.get("limit", self.server.faults.page))]
        rows = [
            {"subdir": key}
            if data is None
            else {
                "name": key,
                "bytes": len(data),
                "hash": self.etag(data),
                "last_modified": "2025-01-15T08:00:00.000000",
                "content_type": "application/octet-stream",
            }
            for key, data in page
        ]
        self.send(200, json.dumps(rows).encode(), {"Content-Type": "application/json"})


class S3Handler(Handler):
    def base(self):
        return "/"

    def is_known(self):
        return f"Credential={ACCESS_KEY}/" in self.headers.get("Authorization", "")

    def quoted(self, etag):
        return f'"{etag}"'

    def more(self):
        encryption = self.server.faults.encryption
        return {"x-amz-server-side-encryption": encryption} if encryption else {}

    def list_containers(self, after):
        rows = "".join(f"<Bucket><Name>{escape(name)}</Name></Bucket>" for name in self.server.objects)
        body = f"<ListAllMyBucketsResult><Buckets>{rows}</Buckets></ListAllMyBucketsResult>"
        self.send(200, body.encode(), {"Content-Type": "application/xml"})

    def list(self, container, query):
        if self.server.faults.garbage:
            self.send(200, b"{}")
            return
        found = self.entries(container, query, query.get("continuation-token", query.get("start-after", "")))
        page = found[: min(int(query.get("max-keys", 1000)), 1000)]
        is_cut = len(page) < len(found)
        rows = "".join(
            f"<CommonPrefixes><Prefix>{escape(key)}</Prefix></CommonPrefixes>"
            if data is None
            else f"<Contents><Key>{escape(key)}</Key><Size>{len(data)}</Size><ETag>&quot;{self.etag(data)}&quot;</ETag>"
            "<LastModified>2025-01-15T08:00:00.000Z</LastModified></Contents>"
            for key, data in page
        )
        token = f"<NextContinuationToken>{escape(page[-1][0])}</NextContinuationToken>" if is_cut else ""
        body = f"<ListBucketResult><IsTruncated>{str(is_cut).lower()}</IsTruncated>{token}{rows}</ListBucketResult>"
        self.send(200, body.encode(), {"Content-Type": "application/xml"})
