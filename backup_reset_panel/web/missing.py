# SPDX-License-Identifier: Apache-2.0
"""What could not be read, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from backup_reset_panel.core.sources import Source
from backup_reset_panel.core.sources import source_label

_NAMES = {
    "backups": gettext_lazy("backups"),
    "services": gettext_lazy("the cinder-backup services"),
    "snapshots": gettext_lazy("snapshots"),
    "volumes": gettext_lazy("volumes"),
}


def missing(names: Iterable[str]) -> str:
    """What could not be read, in words.

    :param names: values of Source, or "backups", "services", "snapshots" or "volumes"
    """
    return ", ".join(sorted(str(_NAMES.get(name) or source_label(Source(name))) for name in names))
