# SPDX-License-Identifier: Apache-2.0
"""The dialogs: from a click to an outcome that was seen."""

from django import http
from django.urls import reverse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon.utils import http as horizon_http
from oslo_utils import uuidutils

from backup_reset_panel import carrying
from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel import decision
from backup_reset_panel import pieces
from backup_reset_panel import policies
from backup_reset_panel import present
from backup_reset_panel import tickets
from backup_reset_panel.core import wording
from backup_reset_panel.core.guard import Change
from backup_reset_panel.core.outcome import Fault
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.forms import UpdateStatusForm
from backup_reset_panel.zone import InTheUsersZone

PAGE = "backup_reset_panel/page.html"
BACKUPS = reverse_lazy("horizon:admin:backups:index")


class DialogMixin(InTheUsersZone):
    """A dialog about one backup: modal where Horizon's JavaScript asks for it, a page of its own elsewhere.

    The user's right is asked twice: before anything is read, and with the backup's project when that is known.
    """

    title = _("Update Backup Status")

    def dispatch(self, request, *args, **kwargs):
        policies.require(request, policies.RESET_BACKUP)
        self.backup_id = kwargs["backup_id"]
        try:
            self.cloud = cinder.Cloud(request)
            return super().dispatch(request, *args, **kwargs)
        except cinder.CinderFault as exc:
            return self.show_problem(exc.fault)

    def examine(self):
        """The backup of the URL and all that bears on it; see ``decision.examine``."""
        if not uuidutils.is_uuid_like(self.backup_id):
            raise cinder.CinderFault(Fault(FaultKind.NO_SUCH_BACKUP))
        return decision.examine(self.request, self.cloud, self.backup_id)

    def show(self, template, **context):
        """Answer with one of our dialogs."""
        is_modal = horizon_http.is_ajax(self.request)
        context.update(
            hide=is_modal,
            modal_backdrop="static",
            dialog_template=template,
            page_title=self.title,
            backups_url=BACKUPS,
            backup_id=self.backup_id,
        )
        if is_modal:
            return pieces.unframed(pieces.render(self.request, template, context))
        return pieces.whole(self.request, PAGE, context)

    def show_problem(self, fault):
        """Answer that something went wrong before anything was sent."""
        told = wording.of_fault(fault)
        return self.show("backup_reset_panel/dialogs/problem.html", told=told, fault=fault)

    def show_outcome(self, outcome):
        """Answer with what became of a reset and its repairs."""
        return self.show(
            "backup_reset_panel/dialogs/outcome.html",
            **present.outcome(outcome),
            ticket=tickets.watch(outcome) if outcome.is_open else "",
            outcome_url=reverse("horizon:admin:backup_reset:outcome", args=(self.backup_id,)),
        )


class UpdateStatusView(DialogMixin, generic.View):
    """Action to dialog to plan to outcome, for one backup."""

    def get(self, request, backup_id):
        """Show the dialog."""
        case = self.examine()
        return self.show_form(UpdateStatusForm(case=case))

    def post(self, request, backup_id):
        """Carry out what was decided, if it was decided on what is still true.

        "Check again" is a POST too: Horizon's JavaScript replaces a dialog by the answer to its form, and stacks on top
        of it what a link brings.
        """
        if "again" in request.POST:
            return self.get(request, backup_id)
        case = self.examine()
        form = UpdateStatusForm(request.POST, case=case)
        if form.change is not Change.NONE:
            return self.show_form(UpdateStatusForm(case=case), notice=wording.of_change(form.change))
        if not form.is_valid():
            return self.show_form(form)
        decided = form.cleaned_data
        outcome = carrying.carry_out(
            request,
            self.cloud,
            case,
            decided["plan"],
            decided["steps"],
            seconds=conf.get("FOLLOW_SECONDS"),
            mode="dialog",
            ticks=decided["ticks"],
        )
        return self.show_outcome(outcome)

    def show_form(self, form, notice=None):
        """Answer with the dialog."""
        return self.show(
            "backup_reset_panel/dialogs/update_status.html",
            **present.case(form.case, self.cloud.region),
            form=form,
            notice=notice,
            submit_url=reverse("horizon:admin:backup_reset:update_status", args=(self.backup_id,)),
        )


class OutcomeView(DialogMixin, generic.View):
    """One more look at a reset that was sent before. Changes nothing; POST only because Horizon's modals post forms."""

    def post(self, request, backup_id):
        """Look again, and show the result dialog with what is seen now."""
        try:
            watched = tickets.watched(request.POST.get("ticket", ""), backup_id)
        except tickets.BadTicket:
            dialog = reverse("horizon:admin:backup_reset:update_status", args=(backup_id,))
            return pieces.private(http.HttpResponseRedirect(dialog))
        outcome = carrying.look_again(request, self.cloud, watched)
        if outcome.now:
            policies.require(request, policies.RESET_BACKUP, outcome.now.project_id)
        return self.show_outcome(outcome)
