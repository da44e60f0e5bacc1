# SPDX-License-Identifier: Apache-2.0
"""The dialogs: from a click to an outcome that was seen."""

from django import http
from django import shortcuts
from django.urls import reverse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon import forms
from horizon.utils import http as horizon_http

from backup_reset_panel import cinder
from backup_reset_panel import policies
from backup_reset_panel import tickets
from backup_reset_panel.core import records
from backup_reset_panel.core import statuses
from backup_reset_panel.core import wording
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.forms import UpdateStatusForm

PAGE = "backup_reset_panel/page.html"
BACKUPS = reverse_lazy("horizon:admin:backups:index")
FOLLOW_SECONDS = 1.5


class IndexView(generic.RedirectView):
    """The panel's front page: Horizon's own list of backups."""

    url = BACKUPS


class DialogMixin:
    """A dialog about one backup: modal where Horizon's JavaScript asks for it, a page of its own elsewhere.

    The user's right is asked twice: before anything is read, and with the backup's project when that is known.
    """

    dialog_template = None
    title = _("Update Backup Status")

    def dispatch(self, request, *args, **kwargs):
        policies.require(request, policies.RESET_BACKUP)
        self.backup_id = kwargs["backup_id"]
        try:
            self.cloud = cinder.Cloud(request)
            return super().dispatch(request, *args, **kwargs)
        except cinder.CinderFault as exc:
            return self.show_problem(exc.fault)

    def read_backup(self):
        """The backup of the URL, which the user may reset.

        :raises CinderFault: it could not be read
        :raises NotAuthorized: not theirs to reset
        """
        backup = cinder.read_backup(self.cloud, self.backup_id)
        policies.require(self.request, policies.RESET_BACKUP, backup.project_id)
        return backup

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
        return shortcuts.render(self.request, template if is_modal else PAGE, context)

    def show_problem(self, fault):
        """Answer that something went wrong before anything was sent."""
        told = wording.of_fault(fault)
        return self.show("backup_reset_panel/dialogs/problem.html", told=told, fault=fault)

    def show_outcome(self, outcome):
        """Answer with what became of a reset."""
        return self.show(
            "backup_reset_panel/dialogs/outcome.html",
            outcome=outcome,
            told=wording.of_outcome(outcome),
            from_label=statuses.label(outcome.before.status),
            to_label=statuses.label(outcome.target),
            ticket=tickets.watch(outcome) if outcome.is_open else "",
            outcome_url=reverse("horizon:admin:backup_reset:outcome", args=(self.backup_id,)),
        )


class UpdateStatusView(DialogMixin, generic.View):
    """Action to dialog to reset to outcome, for one backup."""

    def get(self, request, backup_id):
        """Show the dialog."""
        backup = self.read_backup()
        return self.show_form(backup, UpdateStatusForm(backup=backup, initial={"shown": tickets.shown(backup)}))

    def post(self, request, backup_id):
        """Send the reset that was decided on, if it was decided on what is still true."""
        backup = self.read_backup()
        form = UpdateStatusForm(request.POST, backup=backup)
        if not form.decided_on_these_facts:
            fresh = UpdateStatusForm(backup=backup, initial={"shown": tickets.shown(backup)})
            not_sent = wording.of_outcome(Outcome(Ending.NOT_SENT, backup, "", now=backup))
            return self.show_form(backup, fresh, notice=not_sent)
        if not form.is_valid():
            return self.show_form(backup, form)
        sent = cinder.reset(self.cloud, backup, form.cleaned_data["status"])
        return self.show_outcome(cinder.follow(self.cloud, sent, FOLLOW_SECONDS))

    def show_form(self, backup, form, notice=None):
        """Answer with the dialog about ``backup``."""
        return self.show(
            "backup_reset_panel/dialogs/update_status.html",
            backup=backup,
            form=form,
            notice=notice,
            volume=self.read_volume(backup),
            project_name=cinder.read_project_name(self.cloud, backup.project_id),
            status_label=statuses.label(backup.status),
            submit_url=reverse("horizon:admin:backup_reset:update_status", args=(self.backup_id,)),
        )

    def read_volume(self, backup):
        """The backup's volume, or a record with nothing but its id where it cannot be read."""
        if not backup.volume_id or backup.volume_id == statuses.NO_VOLUME:
            return None
        try:
            return cinder.read_volume(self.cloud, backup.volume_id)
        except cinder.CinderFault:
            return records.Volume(backup.volume_id)


class OutcomeView(DialogMixin, generic.View):
    """One more look at a reset that was sent before. Changes nothing; POST only because Horizon's modals post forms."""

    def post(self, request, backup_id):
        """Look again, and show the result dialog with what is seen now."""
        try:
            watched = tickets.watched(request.POST.get("ticket", ""), backup_id)
        except tickets.BadTicket:
            return http.HttpResponseRedirect(reverse("horizon:admin:backup_reset:update_status", args=(backup_id,)))
        outcome = cinder.follow(self.cloud, watched, 0)
        if outcome.now:
            policies.require(request, policies.RESET_BACKUP, outcome.now.project_id)
        return self.show_outcome(outcome)
