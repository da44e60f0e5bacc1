# SPDX-License-Identifier: Apache-2.0
"""The form of the dialog: which status, what is taken upon oneself, what is repaired; decided on which facts."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel import tickets
from backup_reset_panel.core import guard
from backup_reset_panel.core import statuses
from backup_reset_panel.core.guard import Change
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.plan import plan
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.unticked import Untick

#: Ticking a repair that waits for one of these says that the process is dead.
_LIVE_NOTES = (Untick.MAY_BE_READING, Untick.MAY_BE_WRITING, Untick.MAY_BE_WAITING)

_SUBJECTS = {
    RepairKind.VOLUME: _("Also repair volume {name}: {before} → {after}"),
    RepairKind.SNAPSHOT: _("Also repair snapshot {name}: {before} → {after}"),
    RepairKind.RESTORE_TARGET: _(
        "Also set volume {name}: {before} → {after}. Its content is incomplete: restore again."
    ),
}
_ONLY_IF_DEAD = _("Tick only if you know that the process which worked on it is dead.")


class UpdateStatusForm(forms.Form):
    """The choices that one backup leaves, as its plans say.

    :param case: decision.Case, read for this request
    """

    choice = forms.ChoiceField(
        label=_("New status"), widget=forms.RadioSelect, error_messages={"required": _("Choose a new status.")}
    )
    ticks = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    repairs = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, case, **kwargs):
        kwargs.setdefault("initial", {}).update(
            choice=case.recommended.value if case.recommended else None,
            repairs=[key_of(step) for step in case.repairs if step.ticked],
            shown=tickets.shown(case.backup),
        )
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["choice"].choices = [(choice.value, _label(choice, case)) for choice in case.offered]
        self.fields["ticks"].choices = [(consent.tick.value, consent.text) for consent in case.consents]
        self.fields["repairs"].choices = [(key_of(step), _repair_label(step)) for step in case.repairs]

    @property
    def change(self):
        """How the backup differs from what the dialog showed (core.guard.Change); a ticket that is not ours:
        CHANGED.
        """
        try:
            return guard.changed(
                tickets.what_was_shown(self.data.get("shown", ""), self.case.backup.id), self.case.backup
            )
        except tickets.BadTicket:
            return Change.CHANGED

    def clean(self):
        """Make the plan of what was chosen; refuse what is not taken upon oneself."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        steps = [step for step in self.case.repairs if key_of(step) in cleaned["repairs"]]
        ticks = {Tick(value) for value in cleaned["ticks"]}
        if any(step.note and step.note.code in _LIVE_NOTES for step in steps):
            ticks.add(Tick.PROCESS_DEAD)
        choice = Choice(cleaned["choice"])
        made = plan(self.case.evidence, self.case.verdict, choice, ticks=ticks, rules=self.case.rules)
        for consent in made.lacking(ticks):
            self.add_error("ticks", format_lazy(_("To do this, tick: “{text}”"), text=consent.text))
        if choice is Choice.REPAIR and not steps:
            self.add_error("repairs", _("Tick what is to be repaired."))
        return cleaned | {"plan": made, "ticks": ticks, "steps": steps}


def key_of(step):
    """What a repair step is called in a form."""
    return f"{step.kind.value}:{step.id}"


def _label(choice, case):
    name = _("Do not reset, only repair") if choice is Choice.REPAIR else statuses.label(choice.value)
    return format_lazy(_("{status} (recommended)"), status=name) if choice is case.recommended else name


def _repair_label(step):
    words = {"name": step.name or step.id, "before": _status(step.before), "after": _status(step.after)}
    label = format_lazy(_SUBJECTS[step.kind], **words)
    if step.kind is RepairKind.VOLUME:
        attached = _("attached") if step.after == "in-use" else _("no attachment")
        label = format_lazy("{label} ({attached})", label=label, attached=attached)
    if step.note is None:
        return label
    only = _ONLY_IF_DEAD if step.note.code in _LIVE_NOTES else ""
    return format_lazy("{label}. {only} {why}", label=label, only=only, why=step.note.text)


def _status(status):
    """A volume's or snapshot's status as Horizon shows it: "Backing-up"."""
    return status.capitalize()
