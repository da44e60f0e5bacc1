# SPDX-License-Identifier: Apache-2.0
"""The form of one left-over: one word of the administrator's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import leftover_texts
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.leftovers import tokens


class ReleaseForm(forms.Form):
    """What is shown, signed, and the consent.

    :param found: the left-over
    :param region: in which it was read
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    consent = forms.BooleanField(error_messages={"required": _("Nothing is done without it.")})

    def __init__(self, *args: Any, found: LeftOver, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = leftover_texts.consent(found.kind)
        self.initial["shown"] = tokens.shown(found, region)
