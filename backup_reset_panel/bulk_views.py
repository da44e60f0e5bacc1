# SPDX-License-Identifier: Apache-2.0
"""Bulk: the plan page, and the two JSON views that its JavaScript calls chunk by chunk. No server
keeps anything of a run.
"""

import json
import time
from urllib.parse import urlencode

from django import forms
from django import http
from django import shortcuts
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import generic
from oslo_utils import uuidutils

from backup_reset_panel import bulk
from backup_reset_panel import bulk_apply
from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel import listing
from backup_reset_panel import naming
from backup_reset_panel import pieces
from backup_reset_panel import policies
from backup_reset_panel import present
from backup_reset_panel import tickets
from backup_reset_panel.core import wording
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.query import FilterForm
from backup_reset_panel.query import Query

#: Why nothing more is sent, where what a dialog says of its one backup would not be true of a run.
_PAUSED = {
    FaultKind.NO_SERVICE: _lazy("No cinder-backup service takes resets now. Start cinder-backup, then go on."),
    FaultKind.TOKEN_REFUSED: _lazy(
        "Cinder no longer accepts your session. Log in again and start from the list: what is untouched is still there."
    ),
    FaultKind.FORBIDDEN: _lazy("Cinder does not allow you to reset backups. Ask who keeps its policy."),
    FaultKind.NO_CONNECTION: _lazy("Cinder cannot be reached. When it can be again, go on."),
    FaultKind.BROKEN_OFF: _lazy("The connection to Cinder broke off. When it can be reached again, go on."),
    FaultKind.TIMED_OUT: _lazy("Cinder does not answer in time. When it does again, go on."),
}

#: How many backups of each list one call of the plan looks at.
PLAN_LOOKED_AT = 250


def plan_page(request, ids=(), query=None, problems=()):
    """The plan page for some ids, or for all that match a filter (then the filter travels, never the ids).

    :param request: Django request; with ids, that of the table in which they were ticked
    :param ids: ids of ticked rows
    :param query: dict of the Stuck Backups page's GET parameters
    :param problems: why the filter is not valid, a text for each; then there is nothing to plan
    :returns: HttpResponse
    """
    source = {"ids": [found for found in ids if uuidutils.is_uuid_like(found)]} if query is None else {"query": query}
    index = reverse("horizon:admin:backup_reset:index")
    back_url = request.get_full_path() if query is None else f"{index}?{urlencode(query)}"
    context = {
        "page_title": _("Update Backup Statuses"),
        "source": json.dumps(source),
        "problems": problems,
        "plan_url": reverse("horizon:admin:backup_reset:bulk_plan"),
        "apply_url": reverse("horizon:admin:backup_reset:bulk_apply"),
        "look_url": reverse("horizon:admin:backup_reset:bulk_look"),
        "back_url": back_url,
        "log_in_url": f"{settings.LOGIN_URL}?{urlencode({REDIRECT_FIELD_NAME: back_url})}",
        "chunk": conf.get("BULK_CHUNK"),
    }
    return pieces.whole(request, "backup_reset_panel/bulk.html", context)


class BulkPlanView(generic.View):
    """The plan page for all that match the filter of the Stuck Backups page."""

    def get(self, request):
        """There is no plan without a choice of rows: back to the page where it is made."""
        return pieces.private(shortcuts.redirect("horizon:admin:backup_reset:index"))

    def post(self, request):
        """Show the plan page."""
        policies.require(request, policies.RESET_BACKUP)
        form = FilterForm(request.POST)
        if not form.is_valid():
            return plan_page(request, problems=form.problems)
        return plan_page(request, query={name: value for name, value in form.cleaned_data.items() if value})


class _ChunkView(generic.View):
    """One chunk of a run: policy on every request, an answer that says what went wrong instead of an error page."""

    def post(self, request):
        """Answer one chunk."""
        policies.require(request, policies.RESET_BACKUP)
        status = 200
        try:
            cloud = cinder.Cloud(request)
            answer = self.answer(request, cloud)
            _name_projects(cloud, answer.get("rows", ()))
        except (forms.ValidationError, tickets.BadTicket):
            status, answer = 400, {"stop": _("This page is too old or was changed. Nothing was sent. Reload it.")}
        except cinder.CinderFault as exc:
            answer = _why(exc.fault, "stop")
        return pieces.private(http.JsonResponse(answer, status=status))


def _why(fault, name):
    """Why the run should not go on, under that name; ``log_in`` where nothing but that helps."""
    told = {name: str(_PAUSED.get(fault.kind) or present.said(wording.of_fault(fault)))}
    return told | {"log_in": True} if fault.kind is FaultKind.TOKEN_REFUSED else told


def _name_projects(cloud, rows):
    names = naming.project_names(cloud, {row["project"] for row in rows if row["project"]})
    for row in rows:
        row["project"] = names.get(row["project"]) or row["project"]


def _list_of_texts(request, name, most):
    """A JSON list of texts out of one field: one field, since Django takes a thousand at most."""
    try:
        found = json.loads(request.POST.get(name) or "[]")
        if not isinstance(found, list) or len(found) > most:
            raise ValueError(name)
        # Fails where one is no text, and where one holds a lone surrogate: JSON takes it, and nothing else does.
        "".join(found).encode()
    except (ValueError, TypeError, RecursionError):
        raise forms.ValidationError(name) from None
    return found


class PlanChunkView(_ChunkView):
    """A chunk of the plan. Sends nothing to Cinder but reads."""

    def answer(self, request, cloud):
        """Plan some ids, or the next part of all that match."""
        is_error = request.POST.get("mode") == Mode.ERROR.value
        settings = bulk.Settings(
            Mode.ERROR if is_error else Mode.RECOMMENDED, request.POST.get("include_live") == "yes"
        )
        if "ids" in request.POST:
            return self._by_ids(request, cloud, settings)
        return self._by_query(request, cloud, settings)

    def _by_ids(self, request, cloud, settings):
        ids = _list_of_texts(request, "ids", most=1000)
        rows, end = [], time.monotonic() + bulk.CHUNK_SECONDS
        for done, backup_id in enumerate(ids):
            if rows and time.monotonic() > end:
                return {"rows": rows, "ids": ids[done:]}
            rows.append(self._one(request, cloud, backup_id, settings))
        return {"rows": rows, "ids": []}

    def _one(self, request, cloud, backup_id, settings):
        try:
            planned = bulk.plan_one(request, cloud, backup_id, settings)
        except cinder.CinderFault as exc:
            if exc.fault.kind in bulk.STOPPING:
                raise
            return present.unread_row(backup_id, exc.fault)
        return present.planned_row(planned, settings)

    def _by_query(self, request, cloud, settings):
        query = Query.of(request.POST)
        if query.problems:
            why = " ".join(map(str, query.problems))
            return {"stop": _("The filter is not valid, so nothing is planned. {why}").format(why=why), "rows": []}
        seen = cinder.survey(cloud, query.regions(PLAN_LOOKED_AT), for_plan=True)
        unread = [found for found in seen.backups.values() if isinstance(found, Unknown)]
        if unread:
            return {"stop": _("The list of backups could not be read to its end. Nothing was sent."), "rows": []}
        rows, by_id = [], []
        for row in listing.in_order(seen):
            if not listing.belongs(row, query.tile):
                continue
            planned = bulk.plan_listed(row.evidence, settings)
            if planned:
                rows.append(present.planned_row(planned, settings))
            else:
                by_id.append(row.id)
        return {"rows": rows, "ids": by_id, "after": listing.after(seen, query)}


class ApplyChunkView(_ChunkView):
    """A chunk of the run itself."""

    def answer(self, request, cloud):
        """Carry out the rows whose tickets were sent; one result for each."""
        texts = _list_of_texts(request, "tickets", most=200)
        orders = [bulk.order(text) for text in texts]
        done = bulk_apply.apply(request, cloud, orders)
        answer = {"results": [present.result_row(result) for result in done.results]}
        if done.pause:
            answer |= {"pause": done.pause} if isinstance(done.pause, str) else _why(done.pause, "pause")
        return answer


class LookChunkView(_ChunkView):
    """Another look at the resets of a run that were accepted and not seen applied. Changes nothing."""

    def answer(self, request, cloud):
        """Look at what the tickets name."""
        watched = [tickets.any_watched(text) for text in _list_of_texts(request, "tickets", most=200)]
        return {"results": [present.outcome_row(outcome) for outcome in bulk_apply.look_again(request, cloud, watched)]}
