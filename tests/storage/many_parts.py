# SPDX-License-Identifier: Apache-2.0
"""One backup of many small parts, written by Cinder's driver into files: ``python -m tests.storage.many_parts FOLDER
flat|nested COUNT``. Leaves it there, and its record in ``record.json``.
"""

import json
import pathlib
import random
import sys
from unittest import mock

from cinder import objects
from cinder.volume import volume_utils
from oslo_config import cfg
from oslo_db import options as database

from tests.unit.storage.written_by_cinder import Row
from tests.unit.storage.written_by_cinder import Writer

PART = BLOCK = 1024


def main(folder, layout, count):
    cfg.CONF([], project="cinder", default_config_files=[])
    database.set_defaults(cfg.CONF, connection="sqlite://")
    for name in ("backup_file_size", "backup_swift_object_size"):
        cfg.CONF.set_override(name, PART)
    for name in ("backup_sha_block_size_bytes", "backup_swift_block_size"):
        cfg.CONF.set_override(name, BLOCK)
    for name in ("backup_enable_progress_timer", "backup_swift_enable_progress_timer"):
        cfg.CONF.set_override(name, False)
    folder = pathlib.Path(folder)
    folder.mkdir()
    backup = mock.Mock(get_by_id=lambda context, backup_id: Row.rows[backup_id])
    with (
        mock.patch.object(objects, "Backup", backup, create=True),
        mock.patch.object(volume_utils, "notify_about_backup_usage"),
    ):
        writer = Writer(folder, layout)
        writer.write("many", "none", random.Random(count).randbytes(PART * int(count)))
    (folder / "record.json").write_text(json.dumps(writer.made[0]))


if __name__ == "__main__":
    main(*sys.argv[1:])
