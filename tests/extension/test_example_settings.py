# SPDX-License-Identifier: Apache-2.0
"""A Horizon whose LOGGING is that of its own example, which knows no other loggers than Horizon's."""

from tests.extension import deployed


def test_audit_log_goes_to_stderr_once():
    stderr = deployed.look(example_logging=True)["stderr"].splitlines()
    assert stderr.count("backup_reset_panel.audit what the audit log is told") == 1


def test_system_check_says_so():
    assert "backup_reset_panel.W006" in deployed.look(example_logging=True)["checks"]
