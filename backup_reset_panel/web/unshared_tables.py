# SPDX-License-Identifier: Apache-2.0
"""Tables that share nothing with the tables of other requests.

Horizon (25.3 to 27.0, ``horizon/tables/base.py``) makes the actions, columns and options of a table class once per
process, and each new table binds the actions to itself. With several threads, a table then asks the actions of another
request: ``BatchAction._allowed`` reads ``self.table.data``, and a page with rows loses its buttons and tick boxes
because a table without rows was made meanwhile. Its filter text and its "next page" leak in the same way.
"""

from __future__ import annotations

import copy
import types
from typing import Any


class UnsharedTable:
    """Mixin for a ``horizon.tables.DataTable``, to stand before it: actions, columns and options are copied per table.

    They are put where Horizon looks for them, on the instance, before its own ``__init__`` binds them.
    """

    base_actions: dict[str, Any]
    _columns: dict[str, Any]
    _meta: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.base_actions = {name: _own(action) for name, action in self.base_actions.items()}
        self._columns = {name: _own(column) for name, column in self._columns.items()}
        self._meta = _own(self._meta)
        if self._meta._filter_action:
            self._meta._filter_action = self.base_actions[self._meta._filter_action.name]
        super().__init__(*args, **kwargs)


def _own(shared: Any) -> Any:
    """A copy with containers of its own, and with those methods bound to it that Horizon bound to the original
    (``single`` and ``multiple``, in ``Action.__init__``).
    """
    own = copy.copy(shared)
    for name, value in vars(shared).items():
        if isinstance(value, types.MethodType) and value.__self__ is shared:
            own.__dict__[name] = types.MethodType(value.__func__, own)
        elif isinstance(value, (dict, list)):
            own.__dict__[name] = copy.copy(value)
    return own
