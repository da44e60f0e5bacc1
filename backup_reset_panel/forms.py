# SPDX-License-Identifier: Apache-2.0
"""The form of the dialog: which status, decided on which facts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backup_reset_panel import tickets
from backup_reset_panel.core import statuses


class UpdateStatusForm(forms.Form):
    """The choice of a new status for one backup.

    :param backup: Backup as read for this request; its own status is not offered
    """

    status = forms.ChoiceField(label=_("New status"), widget=forms.RadioSelect)
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, backup, **kwargs):
        super().__init__(*args, **kwargs)
        self.backup = backup
        self.fields["status"].choices = [(status, statuses.label(status)) for status in statuses.offered(backup.status)]

    @property
    def decided_on_these_facts(self):
        """Whether the backup is still what the dialog showed; False for a ticket that is not ours, too."""
        try:
            return tickets.is_as_shown(self.data.get("shown", ""), self.backup)
        except tickets.BadTicket:
            return False
