# SPDX-License-Identifier: Apache-2.0
"""What the Stuck Backups page is asked for: its tiles and filters, and a place in the list, all in its URL."""

import dataclasses

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.triage import Tile

_IN_FLIGHT = ((statuses.CREATING, statuses.RESTORING), (statuses.DELETING,))

_LISTED = (*statuses.IN_FLIGHT, statuses.ERROR, statuses.ERROR_DELETING)

#: The statuses in which a tile's backups are; each group is one list, see ``cinder.regions``.
STATUSES = {
    Tile.NEEDS_A_HAND: _IN_FLIGHT,
    Tile.LONG_RUNNING: _IN_FLIGHT,
    Tile.DELETING: ((statuses.DELETING, statuses.ERROR_DELETING),),
    Tile.ERROR: ((statuses.ERROR,),),
    Tile.WAS_COMPLETE: ((statuses.ERROR,),),
}

TILE_LABELS = {
    Tile.NEEDS_A_HAND: _("Needs a hand"),
    Tile.WAS_COMPLETE: _("Error, but complete once"),
    Tile.ERROR: _("Error"),
    Tile.DELETING: _("Deleting"),
    Tile.LONG_RUNNING: _("Long running, may be live"),
}


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
    q = forms.CharField(required=False, label=_("Name contains"), max_length=255)
    project = forms.CharField(required=False, label=_("Project ID"), max_length=64)
    zone = forms.CharField(required=False, label=_("Availability zone"), max_length=255)
    host = forms.CharField(required=False, label=_("Host last asked"), max_length=255)
    after = forms.CharField(required=False, label=_("Place in the list"), widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control", "placeholder": field.label}

    def add_error(self, field, error):
        """Note what is wrong with a field, and let the field say so to those who do not see where it says so."""
        super().add_error(field, error)
        self.fields[field].widget.attrs |= {"aria-invalid": "true", "aria-describedby": PROBLEM_ID}

    @property
    def problems(self):
        """What is wrong with the filters, a text for each; empty if they are valid."""
        return tuple(
            format_lazy("{label}: {error}", label=self.fields[name].label, error=error)
            for name, errors in self.errors.items()
            for error in errors
        )


@dataclasses.dataclass(frozen=True)
class Query:
    """A checked filter and a place in the list.

    :param tile: Tile
    :param status: the one status to show, or empty for all of the tile
    :param filters: (name, value) pairs for Cinder
    :param after: a region's name to the id of the backup after which its list goes on
    :param problems: why the filters are not valid, a text for each; then nothing matches, since to leave out what is
        not understood would show, and plan, more than was asked for
    """

    tile: Tile = Tile.NEEDS_A_HAND
    status: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, data):
        """The Query of a request's GET or POST data. A place in the list that is none is the list's beginning."""
        form = FilterForm(data)
        if not form.is_valid():
            return cls(_tile(form.cleaned_data), problems=form.problems)
        given = form.cleaned_data
        columns = {"q": "name~", "project": "project_id", "zone": "availability_zone", "host": "host"}
        filters = tuple((column, given[name]) for name, column in columns.items() if given.get(name))
        return cls(_tile(given), given.get("status", ""), filters).behind(given.get("after", ""))

    def behind(self, place):
        """The same Query from another place in the list on.

        :param place: text as ``Page.next_after`` has it
        """
        pairs = [part.partition(":") for part in place.split(",") if part]
        return dataclasses.replace(self, after=tuple((name, marker) for name, _colon, marker in pairs))

    @property
    def groups(self):
        """The statuses to list, in tuples of those that one list is asked for; none where nothing can match."""
        if self.problems:
            return ()
        groups = STATUSES[self.tile]
        if not self.status:
            return groups
        return ((self.status,),) if any(self.status in group for group in groups) else ()

    def regions(self, limit):
        """The regions to survey, that many backups of each."""
        after = dict(self.after)
        regions = (cinder.Region(group, self.filters, limit=limit) for group in self.groups)
        return tuple(dataclasses.replace(region, marker=after.get(region.name)) for region in regions)


def _tile(given):
    return Tile(given.get("tile") or Tile.NEEDS_A_HAND.value)
