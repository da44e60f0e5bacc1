# SPDX-License-Identifier: Apache-2.0
"""Objects as rows of a container, by Swift's own code: for a listing of a length that would take long to write.

``python swift_rows.py DEVICES CONTAINER`` with ``name size md5`` lines as its input; runs in Swift's environment.
"""

import pathlib
import sys

from swift.common.utils import Timestamp
from swift.container.backend import ContainerBroker


def main(devices, container):
    for path in pathlib.Path(devices).glob("*/containers/*/*/*/*.db"):
        broker = ContainerBroker(str(path))
        if broker.get_info()["container"] == container:
            now = Timestamp.now().internal
            shared = {"created_at": now, "content_type": "application/octet-stream", "deleted": 0}
            shared |= {"storage_policy_index": 0, "ctype_timestamp": None, "meta_timestamp": None}
            rows = (line.split() for line in sys.stdin)
            broker.merge_items([{"name": name, "size": int(size), "etag": md5, **shared} for name, size, md5 in rows])
            return
    raise SystemExit(f"no container {container} in {devices}")


if __name__ == "__main__":
    main(*sys.argv[1:])
