# SPDX-License-Identifier: Apache-2.0
"""Whatever is known of a backup, and whatever changes between plan and submit: dialog and bulk run send the same.

Both are driven through their views on the same cloud, one after the other, each from the same state.
"""

import copy
import json

import hypothesis
import pytest
from django.core.cache import cache
from django.urls import reverse
from hypothesis import strategies as st

from tests.fake_cinder import DOWN
from tests.fake_cinder import FakeCinder
from tests.fake_cinder import stamp
from tests.tries import tries
from tests.views.conftest import AJAX
from tests.views.conftest import Dialog

HOSTS = ["node-1", "node-2", ""]
CEPH = "cinder.backup.drivers.ceph.CephBackupDriver"


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    """Nobody waits between looks at a fake."""
    settings.BACKUP_RESET_PANEL = {"FOLLOW_SECONDS": 0.06}
    monkeypatch.setattr("backup_reset_panel.bulk.run.PAUSES", (0, 0))


class Scene:
    """One backup in a cloud of two hosts, and what it has to do with: its volume, its target, its parent, another."""

    def __init__(self, facts):
        cloud = self.cloud = FakeCinder()
        self.volume = cloud.add_volume(status=facts["volume"], attachments=[{}] * facts["attached"])
        cloud.hide(self.volume["id"], previous_status=facts["noted"])
        age = facts["age"]
        self.parent = cloud.add_backup(name="weekly", status="available", object_count=7, volume_id=self.volume["id"])
        self.backup = cloud.add_backup(
            name="nightly",
            status=facts["status"],
            object_count=facts["count"],
            is_incremental=facts["incremental"],
            fail_reason=facts["reason"],
            volume_id=self.volume["id"],
            created_at=stamp(age),
            updated_at=stamp(age),
        )
        self.target = cloud.add_volume(status=facts["target"], name="restored")
        self.own = {"service": facts["driver"], "host": facts["host"], "restore_volume_id": self.target["id"]}
        cloud.hide(self.backup["id"], **self.own, parent_id=self.parent["id"] if facts["incremental"] else None)
        if facts["left_over"]:
            cloud.hide(self.backup["id"], temp_snapshot_id="s-1")
        self.set_hosts(facts["up"])

    def set_hosts(self, up):
        states = zip(("node-1", "node-2"), up, strict=True)
        self.cloud.services = [self.cloud.service(host=host, **({} if is_up else DOWN)) for host, is_up in states]

    def hide(self, **columns):
        self.cloud.hide(self.backup["id"], **columns)


FACTS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["creating", "creating", "restoring", "error", "deleting", "available"]),
        "count": st.sampled_from([0, 128]),
        "incremental": st.booleans(),
        "reason": st.sampled_from([None, None, "[Errno 21] Is a directory"]),
        "volume": st.sampled_from(["backing-up", "backing-up", "available"]),
        "attached": st.sampled_from([0, 1]),
        "noted": st.sampled_from(["available", "in-use", "error_backing-up"]),
        "target": st.sampled_from(["restoring-backup", "available"]),
        "driver": st.sampled_from(["cinder.backup.drivers.posix.PosixBackupDriver", CEPH, None]),
        "host": st.sampled_from(["node-1", "node-1", "node-2", None]),
        "left_over": st.sampled_from([False, False, True]),
        "up": st.tuples(st.sampled_from([False, False, True]), st.sampled_from([True, True, False])),
        "age": st.sampled_from([60, 11520, 200_000]),
    }
)


def _other(scene, status, **so):
    scene.cloud.add_backup(name="other", status=status, volume_id=scene.volume["id"], **so)


CHANGES = {
    "nothing": lambda scene: None,
    "its name": lambda scene: scene.backup.update(name="renamed"),
    "it was touched": lambda scene: scene.backup.update(updated_at=stamp()),
    "it became available": lambda scene: scene.backup.update(status="available"),
    "it failed": lambda scene: scene.backup.update(status="error", fail_reason="[Errno 28] No space left"),
    "its count": lambda scene: scene.backup.update(object_count=129),
    "it is gone": lambda scene: scene.cloud.backups.pop(scene.backup["id"]),
    "it was taken up": lambda scene: scene.hide(service="cinder.backup.drivers.posix.PosixBackupDriver"),
    "its driver": lambda scene: scene.hide(service=CEPH),
    "its host": lambda scene: scene.hide(host="node-2"),
    "both hosts up": lambda scene: scene.set_hosts([True, True]),
    "both hosts down": lambda scene: scene.set_hosts([False, False]),
    "node-1 alone up": lambda scene: scene.set_hosts([True, False]),
    "no service listed": lambda scene: scene.cloud.services.clear(),
    "the zone's name": lambda scene: [service.update(zone="renamed") for service in scene.cloud.services],
    "its parent is gone": lambda scene: scene.cloud.backups.pop(scene.parent["id"]),
    "its parent failed": lambda scene: scene.parent.update(status="error"),
    "its volume was freed": lambda scene: scene.volume.update(status="available", updated_at=stamp()),
    "its volume was attached": lambda scene: scene.volume.update(attachments=[{}, {}]),
    "its volume is gone": lambda scene: scene.cloud.volumes.pop(scene.volume["id"]),
    "what its volume was": lambda scene: scene.cloud.hide(scene.volume["id"], previous_status="backing-up"),
    "its target was freed": lambda scene: scene.target.update(status="error"),
    "its target is restored to": lambda scene: scene.target.update(status="restoring-backup"),
    "another is being created": lambda scene: _other(scene, "creating"),
    "another was restored": lambda scene: _other(scene, "restoring"),
    "something was left over": lambda scene: scene.hide(temp_volume_id="v-9"),
    "nothing is left over": lambda scene: scene.hide(temp_snapshot_id=None),
    "a delete failed": lambda scene: scene.cloud.messages.append(
        {
            "id": "m-1",
            "resource_uuid": scene.backup["id"],
            "event_id": "VOLUME_VOLUME_BACKUP_014_025",
            "user_message": "",
        }
    ),
}


def in_dialog(client, scene, choice, ticks, change):
    """What is sent when the dialog is opened, something changes, and it is submitted."""
    cache.clear()
    with scene.cloud.installed():
        url = reverse("horizon:admin:backup_reset:update_status", args=(scene.backup["id"],))
        dialog = Dialog(client, client.get(url, headers=AJAX))
        assert choice in dialog.choices
        change(scene)
        dialog.submit(choice=choice, ticks=sorted(ticks & set(dialog.boxes("ticks"))))
    return scene.cloud.resets


def planned(client, scene, dead, mode):
    """The row of a bulk plan."""
    fields = {"ids": json.dumps([scene.backup["id"]]), "dead": json.dumps(HOSTS if dead else []), "mode": mode}
    answer = client.post(reverse("horizon:admin:backup_reset:bulk_plan"), fields, headers=AJAX)
    (row,) = answer.json()["rows"]
    return row


def in_bulk(client, scene, row, change):
    """What is sent when something changes after the plan, and it is run."""
    cache.clear()
    with scene.cloud.installed():
        change(scene)
        fields = {"tokens": json.dumps([row["token"]])}
        client.post(reverse("horizon:admin:backup_reset:bulk_apply"), fields, headers=AJAX)
    return scene.cloud.resets


@hypothesis.settings(
    max_examples=tries(60),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.filter_too_much],
)
@hypothesis.given(FACTS, st.booleans(), st.sampled_from(["recommended", "error"]), st.sampled_from(sorted(CHANGES)))
def test_dialog_and_bulk_run_send_the_same_or_both_nothing(admin, facts, dead, mode, changed):
    cache.clear()
    scene = Scene(facts)
    with scene.cloud.installed():
        row = planned(admin, scene, dead, mode)
    hypothesis.assume(row["token"])
    twin = copy.deepcopy(scene)
    ticks = {"process_dead"} if dead else set()
    by_bulk = in_bulk(admin, scene, row, CHANGES[changed])
    by_dialog = in_dialog(admin, twin, row["target"], ticks, CHANGES[changed])
    assert by_bulk == by_dialog
    if changed in ("nothing", "its name"):
        assert by_bulk
