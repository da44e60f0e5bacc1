# SPDX-License-Identifier: Apache-2.0
"""What volumes were before their backups: believed only where the filter that tells it holds."""

import pytest

from backup_reset_panel import cinder
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.sources import Purpose


@pytest.fixture
def told(cloud, connection):
    """Function: what is told of two backups whose volumes are free, by the names of the volumes."""

    def tell(gone=()):
        names = ("first", "second")
        volumes = {name: cloud.add_volume(status="available") for name in names}
        backups = {name: cloud.add_backup(status="creating", volume_id=volumes[name]["id"]) for name in names}
        for name in names:
            cloud.hide(volumes[name]["id"], previous_status="backing-up")
        for name in gone:
            del cloud.volumes[volumes[name]["id"]]
        gathered = cinder.gather(connection, {each["id"]: "creating" for each in backups.values()})
        found = cinder.collect(cinder.Interview(connection), gathered.batch, Purpose.DECIDE)
        return {name: found[backup["id"]].previous_status for name, backup in backups.items()}

    return tell


def test_end_of_a_backup_is_read_of_each_volume(told):
    assert told() == {"first": "backing-up", "second": "backing-up"}


@pytest.mark.parametrize("gone", [(), ("first",), ("second",)])
def test_nothing_is_believed_of_a_cloud_that_drops_the_filter_whichever_volume_is_gone(cloud, told, gone):
    cloud.ignores_hidden_filters = True
    found = told(gone)
    assert {found[name] for name in found if name not in gone} == {Unknown(Gap.CONTROLS_FAILED)}
