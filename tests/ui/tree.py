# SPDX-License-Identifier: Apache-2.0
"""A page as a screen reader gets it, Chromium's accessibility tree, and hands that find their way by nothing else."""

import typing
from collections.abc import Callable

from selenium.webdriver import Keys

from tests.pages.horizon import Horizon
from tests.ui.keyboard import Keyboard

#: More stops than a page of Horizon has, its menu included.
MOST = 150


class Node(typing.NamedTuple):
    """What is told of one element: its ``role``, its ``name``, what it is ``described`` by, and its ``states`` by name;
    ``text`` is all that it holds.
    """

    role: str
    name: str
    described: str
    states: dict[str, typing.Any]
    text: str


def _value(node: dict, field: str) -> str:
    return str(node.get(field, {}).get("value", ""))


def _text(node: dict, by_id: dict[str, dict]) -> str:
    """Return the words that an element holds, in their order."""
    if _value(node, "role") == "StaticText":
        return _value(node, "name")
    inner = (by_id[each] for each in node.get("childIds", []) if each in by_id)
    return " ".join(filter(None, (_text(each, by_id) for each in inner)))


def _all_of(node: Node) -> str:
    return f"{node.name} {node.described} {node.text}"


def _node(node: dict, by_id: dict[str, dict]) -> Node:
    states = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
    return Node(_value(node, "role"), _value(node, "name"), _value(node, "description"), states, _text(node, by_id))


class Listener:
    """A person who hears what a page says of itself, and presses keys."""

    def __init__(self, horizon: Horizon, keyboard: Keyboard) -> None:
        self.horizon = horizon
        self.keyboard = keyboard

    def _ask(self, method: str, **fields: typing.Any) -> dict:
        return self.horizon.driver.execute_cdp_cmd(method, fields)

    def nodes(self) -> list[Node]:
        """Return the tree from its beginning, without what is ignored."""
        tree = self._ask("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in tree}
        return [_node(node, by_id) for node in tree if not node.get("ignored")]

    @property
    def focus(self) -> Node:
        """What has the focus, without what it holds: quickly told."""
        active = self._ask("Runtime.evaluate", expression="document.activeElement")["result"]["objectId"]
        found = self._ask("Accessibility.getPartialAXTree", objectId=active, fetchRelatives=False)["nodes"]
        return _node(found[0], {})

    def hears(self, role: str, words: str) -> bool:
        """Tell whether an element of that role says these words, in its name or in what it holds."""
        return any(node.role == role and words in _all_of(node) for node in self.nodes())

    def is_told(self, role: str, words: str) -> Node:
        """Wait until the focus is on an element of that role, which holds these words; return it."""

        focused: list[Node] = []

        def told() -> Node | None:
            # The innermost: the document says that it has the focus too.
            focused[:] = [node for node in self.nodes() if node.states.get("focused")][-1:]
            return next((node for node in focused if node.role == role and words in _all_of(node)), None)

        try:
            return self.horizon.wait(told, f"the focus to be on a {role} that says {words!r}")
        except AssertionError as error:
            raise AssertionError(f"{error} It is on {focused}; for scripts it is on {self.focus}.") from error

    def goes_to(self, role: str, name: str) -> Node:
        """Press Tab until an element of that role has the focus, whose name has these words; return it."""
        return self._goes(lambda: self.keyboard.press(Keys.TAB), role, name)

    def goes_back_to(self, role: str, name: str) -> Node:
        """Press Tab backwards until an element of that role has the focus, whose name has these words; return it."""
        return self._goes(self.keyboard.back, role, name)

    def _goes(self, step: Callable[[], None], role: str, name: str) -> Node:
        stops = []
        for _ in range(MOST):
            step()
            stop = self.focus
            if stop.role == role and name in stop.name:
                return stop
            stops.append(f"{stop.role} {stop.name}")
        raise AssertionError(f"no {role} {name!r} among {stops}")

    def presses(self, role: str, name: str, key: str = Keys.ENTER) -> None:
        """Go to something and press a key."""
        self.goes_to(role, name)
        self.keyboard.press(key)
