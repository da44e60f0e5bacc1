# SPDX-License-Identifier: Apache-2.0
"""One Cinder service in a process of its own: ``python -m tests.lab.runtime.cinder_service BINARY --config-file
...``.
"""

import importlib
import sys


def main() -> None:
    """Start ``cinder-scheduler``, ``cinder-volume`` or ``cinder-backup`` as its own command would."""
    binary = sys.argv.pop(1)
    # First, since the import of Cinder's command patches the standard library.
    command = importlib.import_module(f"cinder.cmd.{binary.removeprefix('cinder-')}")
    from tests.lab.runtime import cinder_common

    cinder_common.settle()
    sys.argv[0] = binary
    command.main()


if __name__ == "__main__":
    main()
