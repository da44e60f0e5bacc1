# SPDX-License-Identifier: Apache-2.0
"""What setup.cfg cannot say: the catalogues are compiled before the package is built, by Babel and without gettext's
programs, a network or a repository. The rest is in setup.cfg.
"""

import pathlib

import setuptools
from setuptools.command import build_py

CATALOGUES = pathlib.Path(__file__).resolve().parent / "backup_reset_panel" / "locale"


class BuildPy(build_py.build_py):
    """Compiles what Django reads next to what translators write, and takes it along."""

    def run(self) -> None:
        if any(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
            self.run_command("compile_catalog")
        super().run()


setuptools.setup(cmdclass={"build_py": BuildPy})
