# SPDX-License-Identifier: Apache-2.0
"""The clock of a page in the test's hands: what waits for a second or longer runs when the test says so."""

SCRIPT = """
(() => {
  const now = Date.now.bind(Date), set = window.setTimeout.bind(window), clear = window.clearTimeout.bind(window);
  let ahead = 0, number = 1e9, waiting = [];
  Date.now = () => now() + ahead;
  window.setTimeout = (work, pause, ...values) => {
    if (!(pause >= 1000)) {
      return set(work, pause, ...values);
    }
    waiting.push({ id: ++number, due: ahead + pause, name: work.name, run: () => work(...values) });
    return number;
  };
  window.clearTimeout = id => {
    waiting = waiting.filter(each => each.id !== id);
    clear(id);
  };
  window.testClock = {
    pauses: name => waiting.filter(each => each.name === name).map(each => each.due - ahead),
    advance: seconds => {
      const end = ahead + 1000 * seconds;
      for (;;) {
        const [next] = waiting.filter(each => each.due <= end).sort((a, b) => a.due - b.due);
        if (!next) {
          break;
        }
        waiting = waiting.filter(each => each !== next);
        ahead = Math.max(ahead, next.due);
        next.run();
      }
      ahead = end;
    },
  };
})();
"""


class Clock:
    """The clocks of all pages that are opened while this is used as a context manager."""

    def __init__(self, driver):
        self.driver = driver

    def __enter__(self):
        answer = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SCRIPT})
        self._script = answer["identifier"]
        return self

    def __exit__(self, *exc):
        self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": self._script})

    def advance(self, seconds):
        """Let time pass: what is due in it runs, in order."""
        self.driver.execute_script("testClock.advance(arguments[0])", seconds)

    def pauses(self, name):
        """How many seconds are left until the JavaScript function of that name is called: a list, one a call."""
        return [left / 1000 for left in self.driver.execute_script("return testClock.pauses(arguments[0])", name)]
