# SPDX-License-Identifier: Apache-2.0
"""What the Stuck Backups page is asked for: its tiles and filters, and a place in the list, all in its URL."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.triage import Tile

_IN_FLIGHT = ((statuses.CREATING, statuses.RESTORING), (statuses.DELETING,))

#: The statuses in which a tile's backups are; each group is one list, see ``cinder.BackupList``. Backups whose volume
#: is locked are not found by their status.
STATUSES: dict[Tile, tuple[tuple[str, ...], ...]] = {
    Tile.NEEDS_ATTENTION: _IN_FLIGHT,
    Tile.VOLUME_LOCKED: (),
    Tile.LONG_RUNNING: _IN_FLIGHT,
    Tile.DELETING: ((statuses.DELETING, statuses.ERROR_DELETING),),
    Tile.ERROR: ((statuses.ERROR,),),
    Tile.WAS_COMPLETE: ((statuses.ERROR,),),
}

TILE_LABELS = {
    Tile.NEEDS_ATTENTION: _("Needs attention"),
    Tile.VOLUME_LOCKED: _("Volume still locked"),
    Tile.WAS_COMPLETE: _("Error, but complete once"),
    Tile.ERROR: _("Error"),
    Tile.DELETING: _("Deleting"),
    Tile.LONG_RUNNING: _("Long running, may be live"),
}
#: A whole id as Cinder writes it. One without hyphens is none: project ids look like that.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_COLUMNS = {"q": "name~", "project": "project_id", "zone": "availability_zone", "host": "host"}
#: What a tile was called in the addresses of earlier releases.
_EARLIER_NAMES = {"needs_a_hand": Tile.NEEDS_ATTENTION.value}

#: The id of the element that says what is wrong with a filter.
PROBLEM_ID = "stuck-filter-problem"


class FilterForm(forms.Form):
    """The page's filters, in its URL; Cinder does the filtering."""

    tile = forms.ChoiceField(
        required=False, label=_("Tile"), choices=[(tile.value, label) for tile, label in TILE_LABELS.items()]
    )
    status = forms.ChoiceField(
        required=False,
        label=_("Status"),
        choices=[("", _("Any status"))]
        + [
            (status, statuses.label(status))
            for status in (*statuses.IN_FLIGHT, statuses.ERROR, statuses.ERROR_DELETING)
        ],
    )
    q = forms.CharField(required=False, label=_("Name, backup ID or volume ID"), max_length=255)
    project = forms.CharField(required=False, label=_("Project ID"), max_length=64)
    zone = forms.CharField(required=False, label=_("Availability zone"), max_length=255)
    host = forms.CharField(required=False, label=_("Host last asked"), max_length=255)
    after = forms.CharField(required=False, label=_("Place in the list"), widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        given = {name: data[name] for name in self.base_fields if name in data}
        given["tile"] = _EARLIER_NAMES.get(given.get("tile", ""), given.get("tile", ""))
        super().__init__(given)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control", "placeholder": field.label}

    def add_error(self, field: Any, error: Any) -> None:
        """Note what is wrong with a field, and let the field say so to those who do not see where it says so."""
        super().add_error(field, error)
        self.fields[field].widget.attrs |= {"aria-invalid": "true", "aria-describedby": PROBLEM_ID}

    @property
    def problems(self) -> tuple[Text, ...]:
        """What is wrong with the filters, a text for each; empty if they are valid."""
        return tuple(
            format_lazy("{label}: {error}", label=self.fields[name].label, error=error)
            for name, errors in self.errors.items()
            for error in errors
        )


@dataclasses.dataclass(frozen=True)
class Query:
    """A checked filter and a place in the list.

    :param status: the one status to show, or empty for all of the tile
    :param filters: (name, value) pairs for Cinder
    :param wanted_id: id of a backup, or of the volume that it was made of; empty for any
    :param after: a list's name to the id of the backup after which it goes on
    :param problems: why the filters are not valid, a text for each; then nothing matches, since to leave out what is
        not understood would show, and plan, more than was asked for
    """

    tile: Tile = Tile.NEEDS_ATTENTION
    status: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    wanted_id: str = ""
    after: tuple[tuple[str, str], ...] = ()
    problems: tuple[Text, ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Query:
        """The Query of a request's GET or POST data. A place in the list that is none is the list's beginning."""
        form = FilterForm(data)
        if not form.is_valid():
            return cls(_tile(form.cleaned_data), problems=form.problems)
        given = form.cleaned_data
        wanted_id = given["q"].lower() if _ID.fullmatch(given["q"]) else ""
        columns = dict(_COLUMNS)
        if wanted_id:
            del columns["q"]
        filters = tuple((column, given[name]) for name, column in columns.items() if given.get(name))
        return cls(_tile(given), given.get("status", ""), filters, wanted_id).behind(given.get("after", ""))

    def behind(self, place: str) -> Query:
        """The same Query from another place in the list on.

        :param place: text as ``Page.next_after`` has it
        """
        pairs = [part.partition(":") for part in place.split(",") if part]
        return dataclasses.replace(self, after=tuple((name, marker) for name, _colon, marker in pairs))

    @property
    def host(self) -> str:
        """The one host to show the backups of, empty for all."""
        return dict(self.filters).get("host", "")

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out but what the tile leaves out, and it is the first page."""
        return not (self.filters or self.wanted_id or self.status or self.after or self.problems)

    @property
    def has_locked(self) -> bool:
        """Whether what is over and still locked belongs here: on its tile, and behind the first of those that need
        attention, whose statuses are others. Not by host: no record shows it, and what is over has none to ask.
        """
        if self.problems or "host" in dict(self.filters):
            return False
        is_first = self.tile is Tile.NEEDS_ATTENTION and not (self.after or self.status)
        return is_first or self.tile is Tile.VOLUME_LOCKED

    def passes(self, backup: Backup, volume_id: str | None = None) -> bool:
        """Whether a backup passes all filters that its record can be compared with; the tile is not looked at.

        Lists that Cinder filtered are looked at again as well: it lets those filters fall that it does not know.

        :param volume_id: of the volume that it still holds, where that is another than it was made of
        """
        if self.status and backup.status != self.status:
            return False
        return not self.wanted_id or self.wanted_id in (backup.id, backup.volume_id, volume_id)

    def passes_without_cinder(self, backup: Backup, volume_id: str | None) -> bool:
        """Likewise for one that no list of Cinder was filtered for; a filter that it cannot be compared with lets none
        pass.
        """
        columns = {"project_id": backup.project_id, "availability_zone": backup.availability_zone}
        for column, value in self.filters:
            if column == "name~":
                if value.casefold() not in (backup.name or "").casefold():
                    return False
            elif columns.get(column) != value:
                return False
        return self.passes(backup, volume_id)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The statuses to list, in tuples of those that one list is asked for; none where nothing can match."""
        if self.problems:
            return ()
        groups = STATUSES[self.tile]
        if not self.status:
            return groups
        return ((self.status,),) if any(self.status in group for group in groups) else ()

    def lists(self, limit: int) -> tuple[cinder.BackupList, ...]:
        """The lists to read, that many backups of each.

        Cinder has no "or": by an id that may be a backup's or a volume's, it is asked for both.
        """
        after = dict(self.after)
        of_volume = (("volume_id", self.wanted_id),) if self.wanted_id else ()
        lists = [cinder.BackupList(group, (*of_volume, *self.filters), limit=limit) for group in self.groups]
        if self.wanted_id and lists:
            lists.append(cinder.BackupList((), (("id", self.wanted_id), *self.filters), limit=limit))
        return tuple(dataclasses.replace(each, marker=after.get(each.name)) for each in lists)


def _tile(given: Mapping[str, Any]) -> Tile:
    return Tile(given.get("tile") or Tile.NEEDS_ATTENTION.value)
