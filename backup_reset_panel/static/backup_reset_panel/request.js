// SPDX-License-Identifier: Apache-2.0
// Requests to Horizon from a page of ours. Horizon asks who somebody is and what they may do before it does anything: after
// 401 and 403 nothing was done.

const AJAX = { "X-Requested-With": "XMLHttpRequest" };

// signal: of an AbortController, where the answer may be wanted no more.
export function get(url, signal) {
  return fetch(url, { headers: AJAX, credentials: "same-origin", signal });
}

// fields: anything that URLSearchParams takes, the CSRF token among it. signal: as for get.
export function post(url, fields, signal) {
  const body = new URLSearchParams(fields);
  return fetch(url, { method: "POST", body, headers: AJAX, credentials: "same-origin", signal });
}

// Whether the session is over; then on to the log-in page.
export function leftForLogIn(response) {
  if (response.status !== 401) {
    return false;
  }
  window.location.href = response.headers.get("X-Horizon-Location") || window.location.href;
  return true;
}

export function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}
