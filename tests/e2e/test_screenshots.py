# SPDX-License-Identifier: Apache-2.0
"""The script that takes the documentation's pictures runs, and takes each of them."""

from doc import screenshots


def test_every_picture_of_the_documentation_can_be_taken_anew(tmp_path):
    screenshots.main(["--out", str(tmp_path)])
    for name in screenshots.NAMES:
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (screenshots.IMAGES / f"{name}.png").exists()
