# SPDX-License-Identifier: Apache-2.0
"""What the rules take for granted, looked up in the Cinder and the clients that are installed.

Their source is read, not imported: it is the text of a release that the rules rest on. Another release that changes one
of these facts fails here and not in somebody's cloud.
"""

import ast
import importlib.util
import pathlib
import re

import pytest

from backup_reset_panel.cinder.filters import SHARED
from backup_reset_panel.core import delete_signs
from backup_reset_panel.core import liveness
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import CEPH_DRIVERS
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.leftovers import SNAPSHOT_NAME
from backup_reset_panel.core.leftovers import VOLUME_NAME
from backup_reset_panel.core.leftovers import Kind
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.plan import repairs
from backup_reset_panel.core.plan.preflight import LONG_DOWN
from tests.unit.core.examples import NOW

#: Names under which old releases stored a driver that 29.0.0 has under another name.
RENAMED = {"cinder.backup.drivers.google": "cinder.backup.drivers.gcs"}


def root(package):
    spec = importlib.util.find_spec(package)
    if spec is None:
        pytest.skip(f"{package} is not installed here")
    return pathlib.Path(spec.submodule_search_locations[0])


def source(package, path):
    return (root(package) / path).read_text(encoding="utf-8")


def flat(text):
    """Source with string literals that are split over lines joined, and runs of space as one."""
    return re.sub(r"\s+", " ", re.sub(r"['\"]\s*\n\s*['\"]", "", text))


def method(text, name):
    """The source of one method or function."""
    found = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == name)
    return ast.get_source_segment(text, found)


@pytest.fixture(scope="module")
def manager():
    return source("cinder", "backup/manager.py")


def bases(module):
    tree = ast.parse(source("cinder", module.removeprefix("cinder.").replace(".", "/") + ".py"))
    return {
        node.name: [ast.unparse(base) for base in node.bases] for node in tree.body if isinstance(node, ast.ClassDef)
    }


@pytest.mark.parametrize("driver", [name for name in CHUNKED_DRIVERS if name.endswith("Driver")])
def test_driver_on_the_allow_list_is_cinders_own_and_chunked(driver):
    module, _, name = driver.rpartition(".")
    parents = bases(RENAMED.get(module, module))[name]
    assert parents in (["chunkeddriver.ChunkedBackupDriver"], ["posix.PosixBackupDriver"])


def test_allow_list_names_every_chunked_driver_of_this_release():
    found = set()
    for path in (root("cinder") / "backup" / "drivers").glob("*.py"):
        module = f"cinder.backup.drivers.{path.stem}"
        found |= {f"{module}.{name}" for name in bases(module) if name.endswith("BackupDriver")}
    assert found - set(CHUNKED_DRIVERS) == {CEPH_DRIVERS[0]}


def test_renamed_driver_is_the_one_that_the_manager_knows(manager):
    assert "'cinder.backup.drivers.google.GoogleBackupDriver': 'cinder.backup.drivers.gcs.GoogleBackupDriver'" in flat(
        manager
    )


def test_object_count_is_saved_after_checksums_and_metadata():
    body = method(source("cinder", "backup/chunkeddriver.py"), "_finalize_backup")
    order = [
        body.index(part) for part in ("_write_sha256file", "_write_metadata(", "backup.object_count =", "backup.save()")
    ]
    assert order == sorted(order)


def test_object_count_is_saved_nowhere_else_in_the_driver():
    assert source("cinder", "backup/chunkeddriver.py").count("object_count =") == 1


def test_statuses_are_cinders():
    fields = source("cinder", "objects/fields.py")
    body = fields[fields.index("class BackupStatus(") : fields.index("class BackupStatusField")]
    found = set(re.findall(r"= '(\w+)'", body))
    assert found == {*statuses.IN_FLIGHT, statuses.AVAILABLE, statuses.ERROR, statuses.ERROR_DELETING, "deleted"}


def test_only_available_and_error_can_be_asked_for():
    text = flat(source("cinder", "api/validation/validators.py"))
    part = text[text.index("validate_backup_status") :][:600]
    assert "fields.BackupStatus.AVAILABLE" in part
    assert "fields.BackupStatus.ERROR" in part
    assert part.count("fields.BackupStatus.") == 2


def test_unfinished_import_has_the_volume_id_of_zeros():
    text = source("cinder", "backup/api.py")
    assert f"IMPORT_VOLUME_ID = '{statuses.NO_VOLUME}'" in text
    assert "'volume_id': IMPORT_VOLUME_ID" in method(text, "_get_import_backup")


def test_delete_messages_have_the_action_that_signs_look_for():
    assert f"BACKUP_DELETE = ('{delete_signs._BACKUP_DELETE}'" in source("cinder", "message/message_field.py")
    assert "'event_id': \"VOLUME_%s_%s_%s\" % (resource_type" in flat(source("cinder", "message/api.py"))


@pytest.mark.parametrize("reason", delete_signs._DELETE_GIVEN_UP)
def test_reason_of_a_delete_given_up_is_written_by_delete_and_nothing_else(manager, reason):
    assert reason in flat(method(manager, "delete_backup"))
    assert flat(manager).count(reason) == flat(method(manager, "delete_backup")).count(reason)


@pytest.mark.parametrize("reason", delete_signs._NOT_OF_A_DELETE)
def test_reason_that_clears_a_backup_of_a_delete_is_written_elsewhere_only(manager, reason):
    elsewhere = manager + source("cinder", "backup/chunkeddriver.py") + source("cinder", "scheduler/manager.py")
    assert reason in flat(elsewhere)
    assert reason not in flat(method(manager, "delete_backup"))


@pytest.mark.parametrize("prefix", delete_signs._EXCEPTION_PREFIXES)
def test_prefix_of_an_exception_is_that_of_its_message(prefix):
    known = source("cinder", "exception.py") + source("cinder", "volume/volume_utils.py")
    assert f'_("{prefix}%(reason)s")' in known


def test_failed_delete_leaves_plain_error(manager):
    body = method(manager, "delete_backup")
    assert "volume_utils.update_backup_error(backup, str(err))" in body
    assert body.count("ERROR_DELETING") == 1


def test_reset_is_silent_where_service_is_not_set_and_cleans_up_on_error_only(manager):
    assert "if backup.service is not None:" in method(manager, "reset_status")
    cleaning = flat(method(manager, "_cleanup_temp_volumes_snapshots_for_one_backup"))
    assert cleaning.count("and backup.status == fields.BackupStatus.ERROR") == 2


def test_reset_writes_the_status_and_nothing_else(manager):
    written = re.findall(r"backup\.(\w+) = ", method(manager, "reset_status"))
    assert written == ["status"]


def test_restart_does_what_is_foretold(manager):
    body = flat(method(manager, "_cleanup_one_backup"))
    assert "volume_utils.update_backup_error(backup, err)" in body
    assert "backup.status = fields.BackupStatus.AVAILABLE" in body
    assert "self.delete_backup" in body
    volumes = flat(method(manager, "_cleanup_one_volume"))
    assert "{'status': 'error_restoring'}" in volumes
    assert f"volume['status'] == '{statuses.BACKING_UP}'" in volumes
    assert "'host': self.host" in method(manager, "_cleanup_incomplete_backup_operations")


def test_job_writes_to_what_it_holds_before_it_writes_its_last_status(manager):
    body = flat(method(manager, "_finish_backup"))
    last = body.index("backup.status = fields.BackupStatus.AVAILABLE")
    assert body.index("self.db.snapshot_update(") < body.index("self.db.volume_update(") < last
    body = flat(method(manager, "restore_backup"))
    assert body.rindex("volume.save()") < body.rindex("backup.status = fields.BackupStatus.AVAILABLE")


def test_time_of_the_last_write_is_shown_of_volumes_and_snapshots():
    assert "'updated_at': volume.get('updated_at')" in source("cinder", "api/v3/views/volumes.py")
    assert "'updated_at': snapshot.updated_at" in source("cinder", "api/views/snapshots.py")
    assert "updated_at = Column(DateTime, onupdate=" in source("oslo_db", "sqlalchemy/models.py")


def test_late_create_gives_up_when_its_volume_was_freed(manager):
    body = method(manager, "create_backup")
    assert body.index('expected_status = "backing-up"') < body.index("backup.service = self.driver_name")


def test_each_reset_rewrites_the_host():
    body = flat(method(source("cinder", "backup/api.py"), "reset_status"))
    assert "backup.host = self._get_available_backup_service_host(" in body
    assert body.index("backup.host =") < body.index("backup.save()") < body.index("backup_rpcapi.reset_status")


def test_child_of_a_parent_is_looked_for_in_the_callers_project_only():
    body = flat(method(source("cinder", "backup/api.py"), "delete"))
    assert "self.get_all(context, search_opts={'parent_id': backup.id})" in body


def test_policies_of_the_repairs_are_cinders():
    volume_rules = source("cinder", "policies/volume_actions.py")
    snapshot_rules = source("cinder", "policies/snapshot_actions.py")
    assert f'"{repairs._RESET_VOLUME}"' in volume_rules
    assert f"'{repairs._RESET_SNAPSHOT}'" in snapshot_rules


def test_service_is_down_after_a_minute_and_reports_every_ten_seconds():
    text = flat(source("cinder", "service.py")) + flat(source("cinder", "common/config.py"))
    assert re.search(r"'report_interval',[^)]*default=10", text)
    assert re.search(r"'service_down_time',[^)]*default=60", text)
    assert 10 < liveness.SILENT_AFTER.total_seconds() < 60
    assert LONG_DOWN.total_seconds() == 5 * 60


def test_openstack_takes_every_status_of_a_repair_but_those_given_to_cinder():
    text = source("openstackclient", "volume/v3/volume.py")
    choices = text[text.index('metavar="<state>"') :][:400]
    taken = set(re.findall(r"'([\w-]+)',", choices))
    assert {"available", "in-use", "error"} <= taken
    assert "error_restoring" not in taken


@pytest.mark.parametrize("name", ["do_backup_reset_state", "do_reset_state", "do_snapshot_reset_state"])
def test_cinder_has_the_commands_that_are_shown(name):
    text = source("cinderclient", "v3/shell_base.py")
    decorated = text[: text.index(f"def {name}(")].rpartition("\ndef ")[2]
    assert "'--state'" in decorated
    assert "choices=" not in decorated


def test_names_of_temporary_ones_are_cinders_and_they_count_for_no_quota():
    driver = source("cinder", "volume/driver.py")
    for name, prefix in (("_create_temp_volume", VOLUME_NAME), ("_create_temp_snapshot", SNAPSHOT_NAME)):
        made = method(driver, name)
        assert f"'display_name': '{prefix}%s' % volume" in made
        assert "'use_quota': False" in made


def test_like_finds_those_in_progress_and_no_others():
    text = source("cinder", "objects/fields.py")
    body = text.split("class BackupStatus(")[1].split("class ")[0]
    found = set(re.findall(r"[A-Z_]+ = '([a-z_]+)'", body))
    for wanted, part in SHARED.items():
        assert {status for status in found if part in status} == set(wanted)


def test_policies_of_what_is_deleted_are_cinders():
    for kind, path in ((Kind.TEMP_VOLUME, "volume_actions.py"), (Kind.TEMP_SNAPSHOT, "snapshot_actions.py")):
        rule = LeftOver(kind, "", None, None, "", NOW, "").policy
        assert f'"{rule}"' in source("cinder", f"policies/{path}").replace("'", '"')


def test_no_backup_begins_of_a_volume_that_is_locked():
    create = method(source("cinder", "backup/api.py"), "create")
    assert '["available", "in-use"]' in create.replace("'", '"')
