# SPDX-License-Identifier: Apache-2.0
"""The column "On storage", which the page's script fills after the page: some rows a request."""

from __future__ import annotations

from typing import Any

from django import http
from django.views import generic
from oslo_utils import uuidutils

from backup_reset_panel import cinder
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.storage import texts
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.resets import case as cases
from backup_reset_panel.resets import stored
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses

#: Rows that one request may ask for, and so stores that are asked side by side.
MOST_ROWS = 4
_COLOURS = {State.WHOLE: "success", State.DAMAGED: "danger", State.BEING_WRITTEN: "info", State.UNKNOWN: "muted"}
#: What looks otherwise a moment later.
_PASSING = (State.BEING_WRITTEN, State.UNKNOWN)


class OnStoreView(generic.View):
    """What is on the stores of some backups, in words. Changes nothing."""

    http_method_names = ("get",)

    def get(self, request: http.HttpRequest) -> http.HttpResponse:
        """Answer for the ids of the query: those that could not be told in time are not in the answer."""
        policy.require(request, policy.RESET_BACKUP)
        ids = list(dict.fromkeys(request.GET.getlist("id")))
        if len(ids) > MOST_ROWS or not all(map(uuidutils.is_uuid_like, ids)):
            return responses.private(http.JsonResponse({}, status=400))
        try:
            rows = _rows(request, cinder.Cloud.of(request), ids)
        except cinder.CinderFault:
            rows = {}
        return responses.private(http.JsonResponse({"rows": rows}))


def _rows(request: Any, cloud: cinder.Cloud, ids: list[str]) -> dict[str, dict[str, Any]]:
    read = cases.gather(request, cloud, dict.fromkeys(ids))
    own = {each: case for each, case in read.items() if _is_theirs(request, case)}
    asked = {each: case for each, case in own.items() if isinstance(case, cases.Case) and stored.can_tell(case)}
    nothing = {each: {"text": "–", "colour": "muted", "again": False} for each in own.keys() - asked.keys()}
    found = stored.findings(request, cloud, asked)
    return nothing | {each: _told(told, asked[each]) for each, told in found.items()}


def _is_theirs(request: Any, case: stored.Looked) -> bool:
    return isinstance(case, cases.Case) and cases.may_reset(request, case.backup)


def _told(found: Finding, case: cases.Case) -> dict[str, Any]:
    now = case.evidence.read_at
    is_running = case.verdict.life is Life.RUNNING
    is_unfinished = is_running and found.state is State.DAMAGED
    return {
        "text": texts.under_a_job(found, now) if is_unfinished else texts.short(found, now),
        "colour": "muted" if is_unfinished else _COLOURS[found.state],
        "again": is_unfinished or found.state in _PASSING,
    }
