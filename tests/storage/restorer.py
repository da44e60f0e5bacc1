# SPDX-License-Identifier: Apache-2.0
"""Test restores by Cinder's own posix driver: ``python -m tests.storage.restorer LAB FILE``.

Takes ids of backups, one a line, and answers with one line each: whether Cinder would call the restore a success. As in
Cinder itself nothing else is asked: what is in the volume then, nobody looks at.
"""

import json
import pathlib
import sys
import tempfile

from tests.storage.writer import real
from tests.unit.storage.written_by_cinder import Row


def restored(driver, row):
    """Restore one; Cinder's manager takes any exception for a failure."""
    with tempfile.TemporaryFile() as volume:
        try:
            driver.restore(row, row.volume_id, volume, True)
        except Exception as exc:  # noqa: BLE001
            print(row.id, type(exc).__name__, exc, file=sys.stderr)
            return False
    return True


def main(lab, file):
    with real(lab, "posix") as writer:
        for record in json.loads(pathlib.Path(file).read_text()):
            Row(record, service_metadata=record["prefix"], status="restoring").save()
        for line in sys.stdin:
            driver = writer.driver()
            driver.put_metadata = lambda volume_id, metadata: None
            print(json.dumps(restored(driver, Row.rows[line.strip()])), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
