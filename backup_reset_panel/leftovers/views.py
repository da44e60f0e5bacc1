# SPDX-License-Identifier: Apache-2.0
"""The Left-overs page, and the dialog in which one of them is freed or deleted."""

from __future__ import annotations

from typing import Any

from django import http
from django.urls import reverse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from horizon.utils import http as horizon_http
from oslo_utils import uuidutils

from backup_reset_panel import cinder
from backup_reset_panel.core import leftover_texts
from backup_reset_panel.core import statuses
from backup_reset_panel.core.audit import Act
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.leftovers import SETTLED
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.leftovers import tokens
from backup_reset_panel.leftovers.forms import ReleaseForm
from backup_reset_panel.leftovers.tables import LeftOversTable
from backup_reset_panel.leftovers.tables import as_csv
from backup_reset_panel.leftovers.tables import rules_of
from backup_reset_panel.leftovers.tables import url_of
from backup_reset_panel.resets import audit_log
from backup_reset_panel.resets import pending
from backup_reset_panel.storage import entry
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses
from backup_reset_panel.web.missing import missing
from backup_reset_panel.web.timezones import InTheUsersTimeZone

PAGE = reverse_lazy("horizon:admin:backup_reset:left_overs")
#: More rows than these are in the CSV only.
MOST_SHOWN = 200


class LeftOversView(InTheUsersTimeZone):
    """All left-overs of the cloud; ``?format=csv`` for a file."""

    def get(self, request: http.HttpRequest) -> http.HttpResponseBase:
        """Show them."""
        policy.require(request, policy.RESET_BACKUP)
        found, problem, region = cinder.LeftOvers(), None, ""
        try:
            cloud = cinder.Cloud.of(request)
            found, region = cinder.leftovers(cloud), cloud.region
        except cinder.CinderFault as exc:
            problem = notices.of_fault(exc.fault)
        now = timezone.now()
        is_whole = not (problem or found.missing or found.unjudged or found.is_cut)
        if request.GET.get("format") == "csv" and found.found:
            return file_answer(as_csv(found.found, region, now, is_whole), f"left-overs-{now:%Y%m%d-%H%M%S}.csv")
        context = {
            "page_title": _("Left-overs of Backups"),
            "found": found,
            "problem": problem,
            "missing": missing(found.missing),
            "is_whole": is_whole,
            "settled": span(SETTLED),
            "not_shown": max(0, len(found.found) - MOST_SHOWN),
            "table": LeftOversTable(request, data=found.found[:MOST_SHOWN]),
            "page_url": PAGE,
            "stored_url": reverse("horizon:admin:backup_reset:unrecorded") if entry.configured(region) else "",
            "index_url": reverse("horizon:admin:backup_reset:index"),
            "read_at": now,
        }
        return responses.whole(request, "backup_reset_panel/left_overs.html", context)


def file_answer(text: str, name: str) -> http.HttpResponse:
    """Answer with a CSV to be saved under a name."""
    answer = http.HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return responses.private(answer)


class ReleaseView(InTheUsersTimeZone):
    """The dialog of one left-over: modal where Horizon's JavaScript asks for it, a page of its own elsewhere.

    The user's right is asked for twice: to reset backups at all, and for what is done about this one in its project.
    """

    title = _("Free or Delete a Left-over")

    def dispatch(self, request: http.HttpRequest, *args: Any, **kwargs: Any) -> http.HttpResponseBase:
        """Answer; with what went wrong before anything was sent."""
        policy.require(request, policy.RESET_BACKUP)
        self.table, self.record_id = kwargs["table"], kwargs["record_id"]
        try:
            self.cloud = cinder.Cloud.of(request)
            return super().dispatch(request, *args, **kwargs)
        except cinder.CinderFault as exc:
            return self.show_notice(_told(exc.fault), exc.fault)

    def get(self, request: http.HttpRequest, table: str, record_id: str) -> http.HttpResponse:
        """Show what is known of it now."""
        found, answer = self.read()
        return self.show_form(ReleaseForm(found=found, region=self.cloud.region), found) if found else answer

    def post(self, request: http.HttpRequest, table: str, record_id: str) -> http.HttpResponse:
        """Do what was shown, if it would be shown now as well."""
        shown = tokens.was_shown(request.POST.get("shown", ""), record_id, self.cloud.region)
        if shown is None:
            found, answer = self.read()
            form = ReleaseForm(found=found, region=self.cloud.region) if found else None
            return self.show_form(form, found, is_anew=True) if form and found else answer
        policy.require(request, rules_of(shown), shown.project_id)
        form = ReleaseForm(request.POST, found=shown, region=self.cloud.region)
        if not form.is_valid():
            return self.show_form(form, shown)
        return self.show_released(self.release(shown))

    def release(self, shown: LeftOver) -> leftover_texts.Released:
        """Free or delete it, and write that down whatever happens."""
        choice = Choice.REPAIR.value if shown.after else Choice.REMOVE.value
        released, refused = None, "interrupted"
        try:
            with pending.claimed(self.request, shown.id) as claim:
                released = cinder.release(self.cloud, shown) if claim.is_held else _busy(shown)
        finally:
            act = Act("left_over", choice, None, refused=None if released else refused, released=released)
            audit_log.write(self.request, [act])
        return released

    def read(self) -> tuple[LeftOver | None, http.HttpResponse]:
        """The left-over of the URL; or None, and what to answer then."""
        if not uuidutils.is_uuid_like(self.record_id):
            raise cinder.CinderFault(Fault(FaultKind.NO_SUCH_BACKUP))
        found, status = cinder.read_leftover(self.cloud, self.table, self.record_id)
        if not known(found):
            return None, self.show_notice(_UNSURE)
        if found is None:
            return None, self.show_notice(_NONE, status=statuses.volume_label(status))
        policy.require(self.request, rules_of(found), found.project_id)
        return found, http.HttpResponse()

    def show_form(self, form: ReleaseForm, found: LeftOver, is_anew: bool = False) -> http.HttpResponse:
        """Answer with the dialog."""
        return self.show(
            "form",
            form=form,
            found=found,
            is_anew=is_anew,
            kind=leftover_texts.kind_label(found.kind),
            status=statuses.volume_label(found.status),
            unchanged_for=span(timezone.now() - found.touched),
            why=leftover_texts.reason(found.kind),
            remedy=leftover_texts.remedy(found),
            submit_url=url_of(found),
        )

    def show_released(self, released: leftover_texts.Released) -> http.HttpResponse:
        """Answer with what came of it."""
        told, fault = leftover_texts.of_released(released), released.fault
        return self.show_notice(told, fault, ending=released.ending.value, request_id=released.request_id)

    def show_notice(self, told: notices.Notice, fault: Fault | None = None, **values: Any) -> http.HttpResponse:
        """Answer with a notice alone."""
        return self.show("notice", told=told, fault=fault, **values)

    def show(self, name: str, **values: Any) -> http.HttpResponse:
        """Answer with one of the two dialogs."""
        is_modal = horizon_http.is_ajax(self.request)
        template = f"backup_reset_panel/left_overs/{name}.html"
        values |= {
            "hide": is_modal,
            "modal_backdrop": "static",
            "dialog_template": template,
            "page_title": self.title,
            "page_url": PAGE,
            "backup_id": self.record_id,
        }
        if is_modal:
            return responses.unframed(responses.render(self.request, template, values))
        return responses.whole(self.request, "backup_reset_panel/page.html", values)


_UNSURE = notices.Notice(
    notices.WARN, _("Whether a backup holds it could not be read just now."), _("Try again in a moment.")
)
_NONE = notices.Notice(
    notices.NEUTRAL,
    _("It is no left-over: a backup holds it, it has changed within the last minutes, or somebody was faster."),
    _("Look at the list again."),
)
_GONE = notices.Notice(notices.WARN, _("It is gone, or does not belong to this region."), _("Look at the list again."))


def _busy(shown: LeftOver) -> leftover_texts.Released:
    return leftover_texts.Released(shown, leftover_texts.Ending.BUSY)


def _told(fault: Fault) -> notices.Notice:
    return _GONE if fault.kind is FaultKind.NO_SUCH_BACKUP else notices.of_fault(fault)
