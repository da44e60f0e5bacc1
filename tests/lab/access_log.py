# SPDX-License-Identifier: Apache-2.0
"""How many requests reached the API servers, by their own access logs."""

import pathlib
import re
import uuid
from collections.abc import Callable

import requests

from tests.lab import wait

#: A line of the lab's web services, see ``tests.lab.gunicorn``.
LINE = re.compile(r'^\[[^]]*\] \S+ "(?P<method>[A-Z]+) (?P<path>\S+) [^"]*" (?P<status>\d+) \S+ (?P<ms>\d+)$')
#: Cinder's own question to Keystone about the token of a request that it was sent.
VALIDATION = "/v3/auth/tokens"
SECONDS = 30


class AccessLog:
    """The access log of one API server of a lab.

    :param lab: a ``tests.lab.Lab`` that is up, services shape
    :param service: ``cinder-api`` or ``keystone``
    """

    def __init__(self, lab, service: str) -> None:
        self.path = pathlib.Path(lab.state.path("logs", f"{service}.access.log"))
        self._url = lab.state.url(service.removesuffix("-api"))

    def during(self, thing: Callable[[], object]) -> list[tuple[str, str]]:
        """Return the (method, path) of every request that came in while a thing was done."""
        start = self._fence()
        thing()
        end = self._fence()
        with open(self.path, "rb") as log:
            log.seek(start)
            lines = log.read(end - start).decode().splitlines()
        return [found for found in map(parse, lines) if found and "fence=" not in found[1]]

    def _fence(self) -> int:
        """Ask for something that cannot be mistaken, and return the log's length once that is in it."""
        mark = uuid.uuid4().hex
        requests.get(f"{self._url}?fence={mark}", timeout=SECONDS)

        def logged() -> int:
            text = self.path.read_bytes()
            return len(text) if mark.encode() in text else 0

        return wait.until(logged, f"{self.path.name} to show a request", SECONDS, poll=0.02)


def parse(line: str) -> tuple[str, str] | None:
    """Return method and path of a log's line, None for Cinder's questions about tokens and for what is no request."""
    found = LINE.match(line)
    if not found or found["path"].partition("?")[0] == VALIDATION:
        return None
    return found["method"], found["path"]
