# SPDX-License-Identifier: Apache-2.0
"""A filter in front of Cinder's API that lets requests wait, as a slow database or a hanging service would.

What waits, and for how long, stands in a file that may change at any time; see ``tests.lab.slow``.
"""

import json
import pathlib
import re
import time
from collections.abc import Callable
from collections.abc import Iterable

#: A request that waits looks this often whether it still has to.
LOOK_SECONDS = 0.05


class Slow:
    """WSGI middleware.

    :param application: what answers in the end
    :param file: path of the JSON: a list of pattern of the path, and seconds
    """

    def __init__(self, application: Callable, file: str) -> None:
        self._application = application
        self._file = pathlib.Path(file)

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Wait, and then answer as usual."""
        end = time.monotonic() + self._seconds(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"])
        while time.monotonic() < end and self._file.exists():
            time.sleep(LOOK_SECONDS)
        return self._application(environ, start_response)

    def _seconds(self, path: str) -> float:
        try:
            rules = json.loads(self._file.read_text())
        except FileNotFoundError:
            return 0
        return next((seconds for pattern, seconds in rules if re.search(pattern, path)), 0)


def factory(_global: dict, file: str) -> Callable[[Callable], Slow]:
    """For ``paste.filter_factory`` in ``api-paste.ini``."""
    return lambda application: Slow(application, file)
