# SPDX-License-Identifier: Apache-2.0
"""``backup_reset_check`` while the cloud's services are struck one after the other: it never says that all is well."""

import os
import subprocess
import sys

import pytest

from tests.faults.outages import Outage
from tests.faults.outages import backup_services
from tests.lab import Lab
from tests.lab import environment
from tests.lab import wait

STRUCK = [
    ("kill", "cinder-api"),
    ("freeze", "cinder-api"),
    ("freeze", "mariadb"),
    ("kill", "keystone"),
    ("freeze", "rabbitmq"),
    ("kill", "cinder-scheduler"),
]
#: Without them nothing can be told.
NEEDED = [("kill", "cinder-api"), ("kill", "keystone"), ("freeze", "mariadb")]
WELL, STUCK, NOT_KNOWN = 0, 1, 2
SECONDS = 60


def check(lab: Lab) -> int:
    """Run the command as cron would; return its exit status."""
    admin = lab.info["admin"]
    login = {
        "OS_AUTH_URL": lab.state.url("keystone", "v3"),
        "OS_USERNAME": admin["user"],
        "OS_PASSWORD": admin["password"],
        "OS_PROJECT_NAME": admin["project"],
        "OS_USER_DOMAIN_NAME": admin["domain"],
        "OS_PROJECT_DOMAIN_NAME": admin["domain"],
    }
    command = [sys.executable, "manage.py", "backup_reset_check"]
    done = subprocess.run(
        command, cwd=environment.REPOSITORY, env=os.environ | login, timeout=SECONDS, capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr
    return done.returncode


def in_time(lab: Lab, wanted: int) -> None:
    """On a machine at its limit Cinder may not answer in time: that is told, until it does."""

    def is_told() -> bool:
        seen = check(lab)
        assert seen in (wanted, NOT_KNOWN)
        return seen == wanted

    wait.until(is_told, f"exit status {wanted}", 300)


def test_a_stuck_backup_is_found(lab, backup_id):
    in_time(lab, STUCK)


@pytest.mark.parametrize(("how", "service"), STRUCK, ids=" ".join)
def test_it_is_never_well_while_a_service_is_struck(lab, backup_id, how, service):
    with Outage(lab, how, service):
        assert check(lab) in (STUCK, NOT_KNOWN)


@pytest.mark.parametrize(("how", "number"), [("kill", 0), ("freeze", 1)])
def test_it_is_never_well_while_a_cinder_backup_is_struck(lab, backup_id, how, number):
    with Outage(lab, how, backup_services(lab)[number]):
        assert check(lab) in (STUCK, NOT_KNOWN)


def test_where_nothing_is_stuck_it_is_well(lab, stuck):
    stuck.set_aside()
    in_time(lab, WELL)


@pytest.mark.parametrize(("how", "service"), NEEDED, ids=" ".join)
def test_where_nothing_is_stuck_and_what_tells_so_is_struck_it_is_not_known(lab, stuck, how, service):
    stuck.set_aside()
    with Outage(lab, how, service):
        assert check(lab) == NOT_KNOWN
