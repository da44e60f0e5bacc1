# SPDX-License-Identifier: Apache-2.0
"""What the Hosts page shows: its filter, its rows, and what has no host."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.hosts import Load
from backup_reset_panel.core.hosts import Start
from backup_reset_panel.core.records import Service
from backup_reset_panel.web import services

ANY, ALL, NOT_UP, BUSY = "", "all", "not_up", "busy"
#: Without a wish, no more hosts than these are listed, but for those with backups in progress: Horizon takes a second
#: to draw three hundred rows.
MOST_AT_ONCE = 60


class FilterForm(forms.Form):
    """The page's filter, in its URL."""

    q = forms.CharField(required=False, label=_("Host or zone contains"), max_length=255)
    show = forms.ChoiceField(
        required=False,
        label=_("Which hosts"),
        choices=[
            (ANY, _("Any host")),
            (ALL, _("All hosts")),
            (NOT_UP, _("Not up")),
            (BUSY, _("With backups in progress")),
        ],
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__({name: data[name] for name in self.base_fields if name in data})
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control", "placeholder": field.label}


@dataclasses.dataclass(frozen=True)
class Page:
    """What was read, by host.

    :param loads: of every host that is a service, or has backups in progress; by zone and name, node-2 before node-10
    :param services: of all hosts, or Unknown
    :param waiting: how many backups no host was asked for yet
    :param elsewhere: how many have a host that is none of the services, and whose name could not be found out
    :param unplaced: how many have a host that Cinder did not tell
    :param is_cut: whether there may be more in progress
    :param missing: names of what could not be read: "backups", "services", "last_host"
    """

    loads: tuple[Load, ...] = ()
    services: tuple[Service, ...] | Unknown = NOT_ASKED
    waiting: int = 0
    elsewhere: int = 0
    unplaced: int = 0
    is_cut: bool = False
    missing: frozenset[str] = frozenset()

    @property
    def causes(self) -> list[Load]:
        """The hosts that are not up and have backups in progress, those with the most first."""
        return sorted((load for load in self.loads if load.is_cause), key=lambda load: -load.start.total)

    def filtered(self, text: str, show: str) -> list[Load]:
        """The Loads that a filter leaves."""
        return [load for load in self.loads if _contains(load, text) and _SHOWN[show](load)]

    def shown(self, text: str, show: str) -> list[Load]:
        """Those of them that are listed: where there are many, those with backups in progress and those that are up."""
        loads = self.filtered(text, show)
        if show != ANY or len(loads) <= MOST_AT_ONCE:
            return loads
        busy = [load for load in loads if load.start.total]
        idle = sorted((load for load in loads if not load.start.total), key=lambda load: not load.is_up)
        return sorted([*busy, *idle[: max(0, MOST_AT_ONCE - len(busy))]], key=_place)


_SHOWN: dict[str, Callable[[Load], bool]] = {
    ANY: lambda load: True,
    ALL: lambda load: True,
    NOT_UP: lambda load: not load.is_up,
    BUSY: lambda load: bool(load.start.total) or not load.is_known,
}


def _contains(load: Load, text: str) -> bool:
    zone = load.service.zone if load.service else None
    return any(text.casefold() in (part or "").casefold() for part in (load.host, zone))


def read(cloud: cinder.Cloud, typed: str = "") -> Page:
    """Read all hosts, and what each has in progress.

    :param typed: what the filter holds: it may be the name of a host that is none of the services
    :raises CinderFault: TOKEN_REFUSED
    """
    found = cinder.whose(cloud, typed)
    evidence = found.evidence if known(found.evidence) else ()
    gaps = [each.last_host.why for each in evidence if isinstance(each.last_host, Unknown)]
    missing = {"backups"} if not known(found.evidence) else set()
    missing |= {"services"} if not known(found.services) else set()
    elsewhere = gaps.count(Gap.NOT_LISTED)
    unplaced = len(gaps) - elsewhere
    missing |= {"last_host"} if unplaced else set()
    return Page(
        loads=tuple(sorted(_loads(found, evidence), key=_place)),
        services=found.services,
        waiting=sum(each.last_host is None for each in evidence),
        elsewhere=elsewhere,
        unplaced=unplaced,
        is_cut=found.is_cut,
        missing=frozenset(missing),
    )


def _loads(found: cinder.Whose, evidence: Iterable[Evidence]) -> Iterable[Load]:
    rows: dict[str, list[Evidence]] = {}
    for each in evidence:
        if isinstance(each.last_host, str):
            rows.setdefault(each.last_host, []).append(each)
    listed = found.services if known(found.services) else ()
    is_whole = known(found.evidence) and not found.is_cut
    rules = conf.rules()
    for service in listed:
        is_known = is_whole and service.host in found.asked
        yield Load(service.host, service, Start.of(rows.get(service.host, ()), rules), is_known)
    for host in rows.keys() - {service.host for service in listed}:
        yield Load(host, None, Start.of(rows[host], rules), is_whole)


def _place(load: Load) -> Any:
    return services.natural(load.service.zone or "" if load.service else ""), services.natural(load.host)
