// SPDX-License-Identifier: Apache-2.0
// The texts of a page's script, which the server put into a form's attributes in the reader's language.

export class Words {
  // dataset: of the form. Its "plurals" hold the texts that count something, as bulk/plurals.py makes them.
  constructor(dataset) {
    this.dataset = dataset;
    this.plurals = JSON.parse(dataset.plurals);
  }

  text(name, values = {}) {
    return this.dataset[`text${name}`].replace(/\{(\w+)\}/g, (all, key) => values[key]);
  }

  // A text in the form that goes with a number. The server lists for 0 to 199 which one that is; what lies beyond takes that of
  // the number from 100 to 199 with the same last two digits.
  counted(name, count) {
    const { forms, which } = this.plurals[name];
    return forms[which[count < which.length ? count : 100 + (count % 100)]].replace("{count}", count);
  }

  // What is confirmed of the processes of a host, as Run.hosts() describes it.
  ofHost(host) {
    const parts = [this.counted("HostRows", host.rows), host.locks ? this.counted("HostLocks", host.locks) : ""];
    const known = host.isUp ? "HostUp" : "Host";
    return this.text(host.name ? known : "HostUnknown", { host: host.name, what: parts.filter(Boolean).join(", ") });
  }
}
