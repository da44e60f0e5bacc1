// SPDX-License-Identifier: Apache-2.0
// To the log-in page when the session expired while a dialog was open. Horizon itself would leave its "Working" on the page
// for ever, since it expects a redirect of its own to follow.
(function () {
  "use strict";

  if (window.backupResetSession) {
    return; // each dialog brings this file along
  }
  window.backupResetSession = true;
  window.jQuery(document).on("ajaxError", function (event, response, request) {
    var logIn = response.getResponseHeader("X-Horizon-Location");
    if (response.status === 401 && logIn && request.url.indexOf("/backup_reset/") !== -1) {
      window.location.href = logIn;
    }
  });
})();
