# SPDX-License-Identifier: Apache-2.0
"""The hidden name: taken away, and put back."""

import importlib

from django.conf import settings

_kept = []


def _place():
    module, name = settings.HIDDEN_NAME.split(".")
    return importlib.import_module(f"openstack_dashboard.dashboards.admin.backups.{module}"), name


def hide():
    owner, name = _place()
    _kept.append(getattr(owner, name))
    delattr(owner, name)


def show():
    owner, name = _place()
    setattr(owner, name, _kept.pop())
