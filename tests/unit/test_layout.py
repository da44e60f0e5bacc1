# SPDX-License-Identifier: Apache-2.0
"""Who may touch Horizon, beyond what import-linter tells apart; the contracts about our own modules: pyproject.toml."""

import ast
import pathlib

import backup_reset_panel

PACKAGE = pathlib.Path(backup_reset_panel.__file__).parent


def importers(prefix):
    """The modules that import anything of that name, with what they import."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            full = [f"{node.module}.{name}" for name in names] if isinstance(node, ast.ImportFrom) else names
            if any(name == prefix or name.startswith(prefix + ".") for name in full):
                found.setdefault(path.relative_to(PACKAGE).as_posix(), set()).update(full)
    return found


def test_only_the_extension_touches_the_stock_panel():
    assert set(importers("openstack_dashboard.dashboards")) == {"extension.py"}


def test_of_the_rest_of_horizons_dashboard_few_things_are_used():
    used = {name for names in importers("openstack_dashboard").values() for name in names}
    assert {name for name in used if not name.startswith("openstack_dashboard.dashboards.")} == {
        "openstack_dashboard.api",  # whether the cloud's operator switched backups on
        "openstack_dashboard.api.base",  # the user's catalog
        "openstack_dashboard.policy",
    }


def test_logged_in_users_are_known_to_the_audit_log_alone():
    assert set(importers("openstack_auth")) == {"resets/audit_log.py"}


def test_the_database_is_known_to_the_history_alone():
    assert {path.split("/")[0] for path in importers("django.db")} == {"history", "migrations"}
