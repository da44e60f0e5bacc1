// SPDX-License-Identifier: Apache-2.0
// What the page of a bulk run begins with: a plan to be made, or a run that this tab has kept. Pure.

// source: of the page: ids, a filter (query), or the name of a run. isReturn: whether one came by reload, Back or Forward.
// newName: function that gives a name that no other run has.
// Returns name: under which the run is kept; source: what to plan; shown: a kept run to show instead of a plan; earlier: one
// that can be shown; isMissing: whether there is nothing to show or plan; isRenamed: whether the page has a new address.
export function arrival(source, kept, lost, { isReturn, newName }) {
  if (source.run) {
    const found = kept.load(source.run, lost);
    return { name: source.run, source: found?.source || {}, shown: begun(found), isMissing: !found };
  }
  if (source.query) {
    const name = nameOf(source.query);
    const found = begun(kept.load(name, lost));
    return { name, source, shown: isReturn ? found : null, earlier: isReturn ? null : found };
  }
  const name = newName();
  return { name, source, isRenamed: source.ids.length > 0 && kept.plan(name, source) };
}

function begun(found) {
  return found?.isBegun ? found : null;
}

function nameOf(query) {
  return Object.keys(query).sort().map((name) => `${name}=${encodeURIComponent(query[name])}`).join("&") || "all";
}
