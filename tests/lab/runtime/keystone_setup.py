# SPDX-License-Identifier: Apache-2.0
"""Several ``keystone-manage`` commands in one process: importing Keystone costs more than they do.

Usage: ``python -m tests.lab.runtime.keystone_setup KEYSTONE_CONF (schema | keys | bootstrap)...``
"""

import os
import sys

from keystone.cmd import cli
from oslo_config import cfg


def commands(step: str) -> list[list[str]]:
    """Return the ``keystone-manage`` commands of one step."""
    if step == "schema":
        return [["db_sync"]]
    if step == "keys":
        # Named explicitly when root, where keystone-manage would complain; the lab runs as whoever started it.
        owner = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
        return [["fernet_setup", *owner], ["credential_setup", *owner]]
    url = os.environ["LAB_KEYSTONE_URL"]
    return [
        [
            "bootstrap",
            "--bootstrap-password",
            os.environ["LAB_ADMIN_PASSWORD"],
            "--bootstrap-region-id",
            "RegionOne",
            *(part for kind in ("admin", "public", "internal") for part in (f"--bootstrap-{kind}-url", url)),
        ]
    ]


def main() -> None:
    """Run the steps named on the command line, in order."""
    conf, *steps = sys.argv[1:]
    for step in steps:
        for command in commands(step):
            cfg.CONF.reset()
            sys.argv = ["keystone-manage", "--config-file", conf, *command]
            cli.main(argv=sys.argv)


if __name__ == "__main__":
    main()
