# SPDX-License-Identifier: Apache-2.0
"""The form of the dialog: which status, what is taken upon oneself, what is freed; decided on which facts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.decision import compared
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.plan.confirmations import in_words
from backup_reset_panel.core.plan.confirmations import no_mark
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.resets import tokens
from backup_reset_panel.resets.case import Case

_LABELS = {
    Choice.REPAIR: _("Only free the volume, without a reset"),
    Choice.REMOVE: _("Free the volume and remove this backup"),
}
_SEPARATE = {
    RepairKind.VOLUME: _("Also free volume {name}: {before} → {after}. {why}"),
    RepairKind.SNAPSHOT: _("Also free snapshot {name}: {before} → {after}. {why}"),
    RepairKind.RESTORE_TARGET: _("Also free volume {name}: {before} → {after}. {why}"),
}
_TICK_FIRST = _("To do this, tick: “{text}”")
_DEAD_FIRST = _("To free it, also tick that its process is dead.")


class UpdateStatusForm(forms.Form):
    """The choices that one backup leaves, as its plans say.

    :param case: read for this request
    :param without_mark: whether Cinder refused to note that it was being deleted, so that this is to be confirmed
    """

    choice = forms.ChoiceField(
        label=_("New status"), widget=forms.RadioSelect, error_messages={"required": _("Choose a new status.")}
    )
    ticks = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    repairs = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, without_mark: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(
            choice=case.recommended.value if case.recommended else None,
            shown=tokens.shown(case.backup.id, case.shown()),
        )
        super().__init__(*args, **kwargs)
        self.case = case
        #: Values of the tick boxes without which nothing is sent, and that were not ticked.
        self.lacking: list[str] = []
        asked = [*case.confirmations, *([no_mark()] if without_mark or self._confirms_no_mark() else [])]
        self._offer("choice", [(choice.value, _label(choice, case)) for choice in case.offered])
        self._offer("ticks", [(each.tick.value, each.text) for each in asked])
        self._offer("repairs", [(key_of(step), _separately(step)) for step in case.separate_repairs])

    def _offer(self, name: str, choices: list[tuple[str, Text]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # nosec B101  # noqa: S101  (see above)
        field.choices = choices

    def _ticked(self) -> list[str]:
        """What was ticked, as submitted; nothing of a form that was not."""
        return self.data.getlist("ticks") if isinstance(self.data, MultiValueDict) else []

    def _confirms_no_mark(self) -> bool:
        return Tick.NO_MARK.value in self._ticked()

    @property
    def change(self) -> Change:
        """How what would be decided now differs from what the dialog showed; a token that is not ours: CHANGED."""
        backup = self.case.backup
        choice = next((each for each in Choice if each.value == self.data.get("choice")), None)
        ticks = {each for each in Tick if each.value in self._ticked()}
        try:
            shown = tokens.what_was_shown(self.data.get("shown", ""), backup.id)
        except tokens.BadToken:
            return Change.CHANGED
        made = self.case.planned(choice, ticks) if choice else None
        return compared(shown, self.case.decision(made, ticks), backup)

    def clean(self) -> dict[str, Any]:
        """Make the plan of what was chosen; refuse what is not taken upon oneself."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        ticks = frozenset(map(Tick, cleaned["ticks"]))
        choice = Choice(cleaned["choice"])
        made = self._with_separate(self.case.planned(choice, ticks), ticks, cleaned["repairs"])
        for each in made.lacking(ticks):
            self.lacking.append(each.tick.value)
            self.add_error("ticks", format_lazy(_TICK_FIRST, text=each.text))
        return cleaned | {"plan": made, "ticks": ticks}

    def _with_separate(self, made: Plan, ticks: frozenset[Tick], keys: list[str]) -> Plan:
        """The plan with the repairs that were ticked by themselves."""
        if keys and Tick.PROCESS_DEAD not in ticks:
            self.lacking.append(Tick.PROCESS_DEAD.value)
            self.add_error("repairs", _DEAD_FIRST)
        return made.with_ticked([step for step in made.repairs if key_of(step) in keys])


def key_of(step: RepairStep) -> str:
    """What a repair step is called in a form."""
    return f"{step.kind.value}:{step.id}"


def _label(choice: Choice, case: Case) -> Text:
    name = _LABELS.get(choice) or statuses.label(choice.value)
    return format_lazy(_("{status} (recommended)"), status=name) if choice is case.recommended else name


def _separately(step: RepairStep) -> Text:
    why = step.note.text if step.note else ""
    return format_lazy(_SEPARATE[step.kind], name=step.label, why=why, **in_words(step))
