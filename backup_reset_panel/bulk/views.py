# SPDX-License-Identifier: Apache-2.0
"""Bulk: the plan page, and the JSON views that its JavaScript calls chunk by chunk. No server keeps any of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django import http
from django import shortcuts
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import generic
from oslo_utils import uuidutils

from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel.bulk import address
from backup_reset_panel.bulk import planning
from backup_reset_panel.bulk import rows
from backup_reset_panel.bulk import run
from backup_reset_panel.bulk.plurals import plurals
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.listing.filters import FilterForm
from backup_reset_panel.listing.filters import Query
from backup_reset_panel.resets import tokens
from backup_reset_panel.web import policy
from backup_reset_panel.web import projects
from backup_reset_panel.web import responses
from backup_reset_panel.web.person import Person

#: Why nothing more is sent, where what a dialog says of its one backup would not be true of a run.
_PAUSED = {
    FaultKind.NO_SERVICE: gettext_lazy("No cinder-backup takes resets now. Start cinder-backup, then resume."),
    FaultKind.TOKEN_REFUSED: gettext_lazy(
        "Cinder no longer accepts your session. Log in again and start from the list: what is untouched is still there."
    ),
    FaultKind.FORBIDDEN: gettext_lazy("Cinder does not allow you to reset backups. Ask whoever runs Cinder."),
    FaultKind.NO_CONNECTION: gettext_lazy("Cinder cannot be reached. Resume when it can be again."),
    FaultKind.BROKEN_OFF: gettext_lazy("The connection to Cinder broke off. Resume when it can be reached again."),
    FaultKind.TIMED_OUT: gettext_lazy("Cinder does not answer in time. Resume when it does again."),
    FaultKind.BUSY: gettext_lazy("Cinder answers too slowly. Resume in a moment."),
}
MOST_IDS = 1000
MOST_TOKENS = 200
MOST_HOSTS = 500


def plan_page(
    request: http.HttpRequest,
    ids: Iterable[str] = (),
    query: dict[str, str] | None = None,
    run_id: str | None = None,
    problems: Iterable[Text] = (),
) -> http.HttpResponse:
    """The plan page for some ids, or for all that match a filter (then the filter travels, never the ids).

    :param request: with ids, that of the table in which they were ticked
    :param ids: ids of ticked rows
    :param query: the Stuck Backups page's GET parameters
    :param run_id: under which the browser's tab keeps the ids, and what came of them
    :param problems: why the filter is not valid, a text for each; then there is nothing to plan
    """
    source: dict[str, Any] = {"ids": [found for found in ids if uuidutils.is_uuid_like(found)]}
    index = reverse("horizon:admin:backup_reset:index")
    back_url = request.get_full_path() if request.method == "POST" else index
    if query is not None:
        source, back_url = {"query": query}, f"{index}?{urlencode(query)}"
    elif run_id is not None:
        source = {"run": run_id}
    context = {
        "page_title": _("Update Backup Statuses"),
        "source": json.dumps(source),
        "problems": problems,
        "plurals": json.dumps(plurals()),
        "bulk_url": reverse("horizon:admin:backup_reset:bulk"),
        "plan_url": reverse("horizon:admin:backup_reset:bulk_plan"),
        "apply_url": reverse("horizon:admin:backup_reset:bulk_apply"),
        "look_url": reverse("horizon:admin:backup_reset:bulk_look"),
        "back_url": back_url,
        "log_in_url": f"{settings.LOGIN_URL}?{urlencode({REDIRECT_FIELD_NAME: back_url})}",
        "chunk": conf.get("BULK_CHUNK"),
        "person": Person.of(request),
    }
    return responses.whole(request, "backup_reset_panel/bulk.html", context)


class BulkPlanView(generic.View):
    """The plan page for all that match the filter of the Stuck Backups page."""

    def get(self, request: http.HttpRequest) -> http.HttpResponse:
        """Show the plan page at its address; it changes nothing. Without a choice of rows there is no plan: back to the
        page where it is made.
        """
        policy.require(request, policy.RESET_BACKUP)
        run_id = address.run_id(request.GET.get("run", ""))
        if not request.GET or ("run" in request.GET and run_id is None):
            return responses.private(shortcuts.redirect("horizon:admin:backup_reset:index"))
        if run_id is not None:
            return plan_page(request, run_id=run_id)
        found = address.Address.of(request.GET, Person.of(request).region)
        if found.problems:
            return plan_page(request, problems=found.problems)
        return plan_page(request, query=found.query)

    def post(self, request: http.HttpRequest) -> http.HttpResponse:
        """Show the plan page."""
        policy.require(request, policy.RESET_BACKUP)
        form = FilterForm(request.POST)
        if not form.is_valid():
            return plan_page(request, problems=form.problems)
        return plan_page(request, query={name: value for name, value in form.cleaned_data.items() if value})


class _ChunkView(generic.View):
    """One chunk of a run: policy on every request, an answer that says what went wrong instead of an error page."""

    def post(self, request: http.HttpRequest) -> http.HttpResponse:
        """Answer one chunk."""
        policy.require(request, policy.RESET_BACKUP)
        status = 200
        try:
            cloud = cinder.Cloud.of(request)
            answer = self.answer(request, cloud)
            _name_projects(cloud, answer.get("rows", ()))
        except (forms.ValidationError, tokens.BadToken):
            status, answer = 400, {"stop": _("This page is too old or was changed. Nothing was sent. Reload it.")}
        except cinder.CinderFault as exc:
            answer = _why(exc.fault, "stop")
        return responses.private(http.JsonResponse(answer, status=status))

    def answer(self, request: http.HttpRequest, cloud: cinder.Cloud) -> dict[str, Any]:
        """What to answer, as JSON values."""
        raise NotImplementedError


def _why(fault: Fault, name: str) -> dict[str, Any]:
    """Why the run should not go on, under that name; ``log_in`` where nothing but that helps."""
    told = {name: str(_PAUSED.get(fault.kind) or notices.of_fault(fault).text)}
    return told | {"log_in": True} if fault.kind is FaultKind.TOKEN_REFUSED else told


def _name_projects(cloud: cinder.Cloud, made: list[dict[str, Any]]) -> None:
    names = projects.names(cloud, {row["project"] for row in made if row["project"]})
    for row in made:
        row["project"] = names.get(row["project"]) or row["project"]


def _list_of_texts(request: http.HttpRequest, name: str, most: int) -> list[str]:
    """A JSON list of different texts out of one field: one field, since Django takes a thousand at most."""
    try:
        found = json.loads(request.POST.get(name) or "[]")
        if not isinstance(found, list) or len(found) > most or len(set(found)) != len(found):
            raise ValueError(name)
        # Fails where one is no text, and where one holds a lone surrogate: JSON takes it, and nothing else does.
        "".join(found).encode()
    except (ValueError, TypeError, RecursionError):
        raise forms.ValidationError(name) from None
    return found


def _uuids(request: http.HttpRequest, name: str, most: int) -> list[str]:
    found = _list_of_texts(request, name, most)
    if not all(map(uuidutils.is_uuid_like, found)):
        raise forms.ValidationError(name)
    return found


class PlanChunkView(_ChunkView):
    """A chunk of the plan. Sends nothing to Cinder but reads."""

    def answer(self, request: http.HttpRequest, cloud: cinder.Cloud) -> dict[str, Any]:
        """Plan some ids, or the next part of all that match."""
        is_error = request.POST.get("mode") == Mode.ERROR.value
        dead = frozenset(_list_of_texts(request, "dead", MOST_HOSTS))
        wished = planning.Settings(Mode.ERROR if is_error else Mode.RECOMMENDED, dead)
        if "ids" in request.POST:
            ids = _uuids(request, "ids", MOST_IDS)
            part = planning.plan_ids(request, cloud, ids[: planning.AT_ONCE], wished)
            return self._rows(part, wished) | {"ids": ids[planning.AT_ONCE :]}
        query = Query.of(request.POST)
        if query.problems:
            why = " ".join(map(str, query.problems))
            return {"stop": _("The filter is not valid, so nothing is planned. {why}").format(why=why), "rows": []}
        try:
            part = planning.plan_query(request, cloud, query, wished)
        except planning.NotRead:
            return {"stop": _("The list of backups could not be read to its end. Nothing was sent."), "rows": []}
        return self._rows(part, wished) | {"ids": list(part.ids), "after": part.after}

    def _rows(self, part: planning.Part, wished: planning.Settings) -> dict[str, Any]:
        return {
            "rows": [
                rows.unread_row(backup_id, each) if isinstance(each, Fault) else rows.planned_row(each, wished)
                for backup_id, each in part.rows.items()
            ]
        }


class ApplyChunkView(_ChunkView):
    """A chunk of the run itself."""

    def answer(self, request: http.HttpRequest, cloud: cinder.Cloud) -> dict[str, Any]:
        """Carry out the rows whose tokens were sent; one result for each."""
        orders = [tokens.ordered(text) for text in _list_of_texts(request, "tokens", MOST_TOKENS)]
        if len({each.backup_id for each in orders}) != len(orders):
            raise forms.ValidationError("tokens")
        done = run.apply(request, cloud, orders)
        answer: dict[str, Any] = {"results": [rows.result_row(cloud, row) for row in done.rows]}
        if done.pause:
            answer |= {"pause": done.pause} if isinstance(done.pause, str) else _why(done.pause, "pause")
        return answer


class LookChunkView(_ChunkView):
    """Another look at the resets of a run that were accepted and not seen applied. Changes nothing."""

    def answer(self, request: http.HttpRequest, cloud: cinder.Cloud) -> dict[str, Any]:
        """Look at what the tokens name."""
        watched = [tokens.watched(text) for text in _list_of_texts(request, "tokens", MOST_TOKENS)]
        return {"results": [rows.outcome_row(cloud, each) for each in run.look_again(request, cloud, watched)]}
