# SPDX-License-Identifier: Apache-2.0
"""Writing of the INI files that oslo.config reads."""

import pathlib

Sections = dict[str, dict[str, object]]


def write(path: pathlib.Path, sections: Sections) -> None:
    """Write sections of options; a ``$`` or ``%`` in a value is left for oslo.config to expand."""
    lines = []
    for section, options in sections.items():
        lines.append(f"[{section}]")
        lines.extend(f"{name} = {value}" for name, value in options.items())
        lines.append("")
    path.write_text("\n".join(lines))
    path.chmod(0o600)
