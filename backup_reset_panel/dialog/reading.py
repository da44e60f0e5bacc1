# SPDX-License-Identifier: Apache-2.0
"""The URL that the dialog's script reads contents by: JSON, a step a request, guarded as the dialog is."""

from __future__ import annotations

from typing import Any

from django import http
from django.utils.translation import gettext as _
from django.views import generic
from oslo_utils import uuidutils

from backup_reset_panel import cinder
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.resets import case as cases
from backup_reset_panel.resets import contents
from backup_reset_panel.resets import tokens
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses

#: After one of these it is of no use to try again from the same place.
_FINAL = (FaultKind.NO_SUCH_BACKUP, FaultKind.TOKEN_REFUSED, FaultKind.FORBIDDEN, FaultKind.NO_ENDPOINT)


class ReadView(generic.View):
    """One step of a reading of contents; the first one only finds out what there is to read."""

    http_method_names = ("post",)

    def post(self, request: http.HttpRequest, backup_id: str) -> http.HttpResponse:
        """Answer how far it is, with the place to go on from; or how it ended."""
        policy.require(request, policy.RESET_BACKUP)
        status = 200
        try:
            answer = _as_json(self._step(request, backup_id))
        except tokens.BadToken:
            status, answer = 400, {"told": _("This reading is too old, or not of this dialog. Begin again.")}
        except cinder.CinderFault as exc:
            # Nothing that was read is lost: the browser has the place.
            answer = {"told": str(notices.of_fault(exc.fault).text), "again": exc.fault.kind not in _FINAL}
        return responses.private(http.JsonResponse(answer, status=status))

    def _step(self, request: http.HttpRequest, backup_id: str) -> contents.Step:
        if not uuidutils.is_uuid_like(backup_id):
            raise tokens.BadToken
        cloud = cinder.Cloud.of(request)
        if token := request.POST.get("place"):
            return contents.go_on(request, cloud, backup_id, token)
        case = cases.examine_one(request, cloud, backup_id)
        return contents.begin(request, cloud, case, sample=request.POST.get("depth") == "sample")


def _as_json(step: contents.Step) -> dict[str, Any]:
    return {
        "place": step.place,
        "result": step.result,
        "told": step.told,
        "percent": step.percent,
        "busy": step.is_busy,
        "again": step.is_passing,
    }
