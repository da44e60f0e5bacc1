# SPDX-License-Identifier: Apache-2.0
"""The dialogs: from a click to an outcome that was seen."""

from __future__ import annotations

import functools
from typing import Any

from django import http
from django.urls import reverse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from horizon.utils import http as horizon_http
from oslo_utils import uuidutils

from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.outcome import texts
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.dialog import context
from backup_reset_panel.dialog.forms import UpdateStatusForm
from backup_reset_panel.history import store as history
from backup_reset_panel.history import texts as texts_of_history
from backup_reset_panel.resets import case as cases
from backup_reset_panel.resets import execute
from backup_reset_panel.resets import places
from backup_reset_panel.resets import stored
from backup_reset_panel.resets import tokens
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses
from backup_reset_panel.web.timezones import InTheUsersTimeZone

PAGE = "backup_reset_panel/page.html"
BACKUPS = reverse_lazy("horizon:admin:backups:index")
#: In a URL: look at the store, too. In a form: what is shown rests on that.
STORED = "stored"
#: In a form: what was found by reading contents, a token of ``places``.
READ = "read"


class DialogMixin(InTheUsersTimeZone):
    """A dialog about one backup: modal where Horizon's JavaScript asks for it, a page of its own elsewhere.

    The user's right is asked twice: before anything is read, and with the backup's project when that is known.
    """

    title = _("Update Backup Status")

    def dispatch(self, request: http.HttpRequest, *args: Any, **kwargs: Any) -> http.HttpResponseBase:
        """Answer, if the user may reset backups at all; with what went wrong before anything was sent."""
        policy.require(request, policy.RESET_BACKUP)
        self.backup_id: str = kwargs["backup_id"]
        try:
            self.cloud = cinder.Cloud.of(request)
            return super().dispatch(request, *args, **kwargs)
        except cinder.CinderFault as exc:
            return self.show_problem(exc.fault)

    def examine(self) -> cases.Case:
        """The backup of the URL and all that bears on it."""
        if not uuidutils.is_uuid_like(self.backup_id):
            raise cinder.CinderFault(Fault(FaultKind.NO_SUCH_BACKUP))
        self.past = history.begin_of_backup(self.cloud.region, self.backup_id)
        return cases.examine_one(self.request, self.cloud, self.backup_id)

    def show(self, template: str, **values: Any) -> http.HttpResponse:
        """Answer with one of our dialogs."""
        is_modal = horizon_http.is_ajax(self.request)
        values.update(
            hide=is_modal,
            modal_backdrop="static",
            dialog_template=template,
            page_title=self.title,
            backups_url=BACKUPS,
            backup_id=self.backup_id,
        )
        if is_modal:
            return responses.unframed(responses.render(self.request, template, values))
        return responses.whole(self.request, PAGE, values)

    def show_problem(self, fault: Fault) -> http.HttpResponse:
        """Answer that something went wrong before anything was sent."""
        return self.show("backup_reset_panel/dialogs/problem.html", told=notices.of_fault(fault), fault=fault)

    def show_outcome(self, result: execute.Result) -> http.HttpResponse:
        """Answer with what became of a reset and its repairs, and with what the store showed when it was sent."""
        outcome = result.outcome
        return self.show(
            "backup_reset_panel/dialogs/outcome.html",
            **context.of_outcome(outcome),
            stored_text=result.stored,
            token=tokens.watch(result.watched(self.cloud)) if outcome.is_open else "",
            dialog_url=reverse("horizon:admin:backup_reset:update_status", args=(self.backup_id,)),
            outcome_url=reverse("horizon:admin:backup_reset:outcome", args=(self.backup_id,)),
        )


class UpdateStatusView(DialogMixin):
    """Action to dialog to plan to outcome, for one backup."""

    def get(self, request: http.HttpRequest, backup_id: str) -> http.HttpResponse:
        """Show the dialog; with what is on the store where that is asked for, which takes longer."""
        is_asked = STORED in request.GET or STORED in request.POST
        return self.show_form(UpdateStatusForm(case=self.examine_stored() if is_asked else self.examine()))

    def post(self, request: http.HttpRequest, backup_id: str) -> http.HttpResponse:
        """Carry out what was decided, if it would be decided now as well.

        "Check again" is a POST too: Horizon's JavaScript replaces a dialog by the answer to its form, and stacks on top
        of it what a link brings.
        """
        if "again" in request.POST:
            return self.get(request, backup_id)
        # Decided on the same as was shown: with the store's word, if that was in it.
        case = self.examine_stored() if STORED in request.POST else self.examine()
        form = UpdateStatusForm(request.POST, case=case)
        if (change := self.change(form)) is not Change.NONE:
            return self.show_form(UpdateStatusForm(case=case), change)
        if not form.is_valid():
            return self.show_form(form)
        choice = form.cleaned_data["plan"].choice
        if stored.must_be_checked(case, choice) or (self.contents and not case.evidence.storage):
            case = stored.checked(request, self.cloud, case, self.contents)
            if (change := self.objection(case, choice)) is not Change.NONE:
                return self.show_form(UpdateStatusForm(case=case), change)
        job = execute.Job(case, form.cleaned_data["plan"], form.cleaned_data["ticks"], "dialog")
        try:
            return self.show_outcome(execute.carry_out(request, self.cloud, job, conf.get("FOLLOW_SECONDS")))
        except execute.NotMarked:
            return self.show_form(UpdateStatusForm(case=case, without_mark=True), Change.NO_MARK)

    def examine_stored(self) -> cases.Case:
        """The backup of the URL, all that bears on it, and what is on its store."""
        case = self.examine()
        return stored.checked(self.request, self.cloud, case, self.contents) if stored.can_tell(case) else case

    @functools.cached_property
    def contents(self) -> Finding | None:
        """What was found by reading contents, as the form hands it on; None: nothing, or nothing that counts here."""
        try:
            return places.found(self.request.POST.get(READ, ""), self.backup_id, execute.where(self.cloud))
        except tokens.BadToken:
            return None

    def change(self, form: UpdateStatusForm) -> Change:
        """How what would be decided now differs from what was shown."""
        change = form.change
        is_available = self.request.POST.get("choice") == Choice.AVAILABLE.value
        if change is Change.OTHER_DECISION and is_available and stored.contradicts(form.case):
            return Change.ON_STORE
        is_lost = bool(self.request.POST.get(READ)) and self.contents is None
        if change is Change.NONE and (is_lost or stored.was_read_before(form.case)):
            return Change.READ_BEFORE
        return change

    def objection(self, case: cases.Case, choice: Choice) -> Change:
        """Why a choice that was made before the store was asked is not carried out now that it was."""
        if choice is Choice.AVAILABLE and stored.contradicts(case):
            return Change.ON_STORE
        return Change.READ_BEFORE if stored.was_read_before(case) else Change.NONE

    def show_form(self, form: UpdateStatusForm, change: Change = Change.NONE) -> http.HttpResponse:
        """Answer with the dialog; with why nothing was sent, where that is so."""
        return self.show(
            "backup_reset_panel/dialogs/update_status.html",
            **context.of_case(form.case),
            form=form,
            **context.of_store(form.case, stored.can_tell(form.case), self.backup_id),
            read_token=self.request.POST.get(READ, "") if context.is_read(form.case) else "",
            history=texts_of_history.fold(history.of_backup(self.past)),
            notice=texts.of_change(change) if change is not Change.NONE else None,
            submit_url=reverse("horizon:admin:backup_reset:update_status", args=(self.backup_id,)),
        )


class OutcomeView(DialogMixin):
    """One more look at a reset that was sent before. Changes nothing; POST only because Horizon's modals post forms."""

    def post(self, request: http.HttpRequest, backup_id: str) -> http.HttpResponse:
        """Look again, and show the result dialog with what is seen now."""
        try:
            watched = tokens.watched(request.POST.get("token", ""))
        except tokens.BadToken:
            watched = None
        if watched is None or watched.outcome.before.id != backup_id:
            dialog = reverse("horizon:admin:backup_reset:update_status", args=(backup_id,))
            return responses.private(http.HttpResponseRedirect(dialog))
        policy.require(request, policy.RESET_BACKUP, watched.outcome.before.project_id)
        return self.show_outcome(execute.look_again(request, self.cloud, watched))
