# SPDX-License-Identifier: Apache-2.0
"""Extend Horizon's own admin Volume Backups panel: the only module that touches Horizon's classes.

Horizon declares no hook for Django tables, so two names of a module that is not ours are replaced (see "Problematic
parts" in the documentation): the table class of the panel, by a subclass with our actions, and the view behind the
stock dialog's URL, so that no blind way to reset a backup stays beside the safe one. Horizon 25.3 to 27.0 have the
names used here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from horizon import tables

from backup_reset_panel.web.unshared_tables import UnsharedTable

LOG = logging.getLogger(__name__)

#: Why the panel could not be extended; None when it was. Read by the system check W001.
problem: Exception | None = None


def install() -> None:
    """Swap in our table and view. Called once by ``AppConfig.ready()``; a second call changes nothing.

    On a Horizon that lacks the names it needs it logs an error, notes the reason in ``problem`` and leaves the stock
    panel as it is.
    """
    global problem
    try:
        from openstack_dashboard.dashboards.admin.backups import tables as stock
        from openstack_dashboard.dashboards.admin.backups import views

        present = views.AdminBackupsView.table_class
        _require(present, "Meta", "_meta")
        _require(stock, "AdminBackupsTable")
        _require(views, "UpdateStatusView")
    except (ImportError, AttributeError) as exc:
        problem = exc
        LOG.error("The Volume Backups panel was not extended: %s", exc)
        return
    problem = None
    if getattr(present, "extended_by_backup_reset_panel", False):
        return
    from backup_reset_panel.dialog.views import UpdateStatusView

    extended = _extend(present)
    views.AdminBackupsView.table_class = stock.AdminBackupsTable = extended
    views.UpdateStatusView = UpdateStatusView


def _require(owner: Any, *names: str) -> None:
    for name in names:
        getattr(owner, name)


def _extend(base: Any) -> Any:
    """A subclass of the present table class, whatever other plugins made of it, with our actions in place.

    ``_meta`` is read instead of ``Meta``, since it also holds what others appended in place.
    """
    from backup_reset_panel import actions

    class Meta(base.Meta):
        row_actions = put_before_deletes(base._meta.row_actions, actions.UpdateBackupStatus)
        table_actions = put(base._meta.table_actions, actions.UpdateBackupStatuses)

    parts = {"Meta": Meta, "__module__": __name__, "extended_by_backup_reset_panel": True}
    return type(base.__name__, (UnsharedTable, base), parts)


def put(present: Iterable[Any], action: Any) -> tuple[Any, ...]:
    """The actions with ``action`` in place of the one that has its name, or at the end when none has.

    By name, because Horizon keeps one of two actions of the same name, and which one is chance.
    """
    others = tuple(present)
    if any(other.name == action.name for other in others):
        return tuple(action if other.name == action.name else other for other in others)
    return (*others, action)


def put_before_deletes(present: Iterable[Any], action: Any) -> tuple[Any, ...]:
    """As ``put``, but before the first action that deletes.

    Horizon shows the first allowed action of a row as its button and the others in a menu: the button of a stuck backup
    must not be "Force Delete".
    """
    present = tuple(present)
    others = [other for other in present if other.name != action.name]
    place = next((place for place, other in enumerate(others) if issubclass(other, tables.DeleteAction)), None)
    return put(present, action) if place is None else (*others[:place], action, *others[place:])
