# SPDX-License-Identifier: Apache-2.0
"""Who follows the guides."""

import dataclasses
from pathlib import Path

from tests.packaging import clean_horizon

ENABLED_FILE = "_2235_admin_backup_reset_panel.py"


@dataclasses.dataclass
class Operator:
    """Who types the README's commands. ``restarts`` records what they asked systemctl for."""

    horizon: clean_horizon.CleanHorizon
    folder: Path
    wheel: Path

    @property
    def restarts(self):
        log = self.folder / "systemctl.log"
        return log.read_text().splitlines() if log.exists() else []

    def types(self, command):
        """Run one command in a shell; "backup-reset-panel" comes from our wheel and systemctl only takes a note."""
        tools = self.folder / "bin"
        tools.mkdir(exist_ok=True)
        systemctl = tools / "systemctl"
        systemctl.write_text(f'#!/bin/sh\necho "$@" >> {self.folder}/systemctl.log\n')
        systemctl.chmod(0o755)
        pins = self.folder / "constraints.txt"
        pins.write_text(f"{clean_horizon.CONSTRAINTS.read_text()}\nbackup-reset-panel @ {self.wheel.as_uri()}\n")
        environment = self.horizon.environment
        environment |= {"PATH": f"{tools}:{environment['PATH']}", "PIP_CONSTRAINT": str(pins)}
        clean_horizon.run(["bash", "-euo", "pipefail", "-c", command], env=environment, cwd=self.folder)
