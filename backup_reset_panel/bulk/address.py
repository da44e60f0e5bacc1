# SPDX-License-Identifier: Apache-2.0
"""The address of a plan, as it stands in a ticket: a filter, and the region that it is for."""

from __future__ import annotations

import dataclasses
import uuid

from django import http
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oslo_utils import uuidutils

from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.notes import Text
from backup_reset_panel.listing.filters import FilterForm

#: What an address may hold: the filters, not a place in the list.
NAMES = tuple(name for name in FilterForm.base_fields if name != "after")
_LONGEST_NAME = 60


@dataclasses.dataclass(frozen=True)
class Address:
    """What an address asks for.

    :param query: the filters that are given
    :param problems: why it is not valid, a text for each; then it stands for no backup
    """

    query: dict[str, str]
    problems: tuple[Text, ...] = ()

    @classmethod
    def of(cls, given: http.QueryDict, region: str) -> Address:
        """That of a request's GET data.

        What is not understood is not left out, since what it was to leave out would be planned.

        :param region: of the user's session
        """
        problems = [
            format_lazy(_("“{name}” is not a filter."), name=isolated(name[:_LONGEST_NAME]))
            for name in given
            if name not in (*NAMES, "region")
        ]
        problems += [
            format_lazy(_("“{name}” is there more than once."), name=name)
            for name in (*NAMES, "region")
            if len(given.getlist(name)) > 1
        ]
        if given.get("region", region) != region:
            text = _("This address is for region {wanted}, and your session is in region {here}.")
            wanted = isolated(str(given["region"])[:_LONGEST_NAME])
            problems.append(format_lazy(text, wanted=wanted, here=isolated(region) if region else "–"))
        form = FilterForm({name: given[name] for name in NAMES if name in given})
        if not form.is_valid():
            problems += form.problems
        found = {name: value for name, value in form.cleaned_data.items() if value}
        return cls({}, tuple(problems)) if problems else cls(found)


def run_id(given: str) -> str | None:
    """The name under which a browser's tab keeps a run, None where it is none of ours."""
    return str(uuid.UUID(given)) if uuidutils.is_uuid_like(given) else None
