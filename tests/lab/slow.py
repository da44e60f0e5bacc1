# SPDX-License-Identifier: Apache-2.0
"""Making Cinder's API slow, or letting it hang, for some of its requests."""

import contextlib
import json
from collections.abc import Iterator

from tests.lab import cinder_release
from tests.lab.state import State

#: For a request that hangs: longer than anybody waits.
FOR_EVER = 600.0
FILE = "slow.json"
_FILTER = """
[filter:lab_slow]
paste.filter_factory = tests.lab.runtime.slow:factory
file = {file}
"""


def write_paste(state: State) -> None:
    """Write the lab's ``api-paste.ini``: Cinder's own with our filter in front."""
    text = cinder_release.settings(state, "api-paste.ini").read_text()
    ours = text.replace("keystone = request_id", "keystone = lab_slow request_id")
    assert ours != text, "Cinder's api-paste.ini has another form now."
    state.path("cinder", "api-paste.ini").write_text(ours + _FILTER.format(file=state.path("cinder", FILE)))


@contextlib.contextmanager
def slow(state: State, pattern: str, seconds: float = FOR_EVER) -> Iterator[None]:
    """Let each request whose path matches wait that long; those that still wait at the end go on at once.

    :param pattern: regular expression, searched in the path
    """
    file = state.path("cinder", FILE)
    made = file.with_suffix(".new")
    made.write_text(json.dumps([(pattern, seconds)]))
    made.replace(file)
    try:
        yield
    finally:
        file.unlink()
