// SPDX-License-Identifier: Apache-2.0
// What the page of a bulk run asks Horizon.

import { post } from "../request.js";

const MOST_IDS = 1000;

export class Server {
  // text: function that gives the page's text of a name.
  constructor(form, text) {
    this.form = form;
    this.text = text;
  }

  // The chunks of a plan: for each an answer with rows, or one that says why there is no plan.
  // source: ids of backups, or a filter (query). wished: what the run is for.
  async *plan(source, wished) {
    yield* this.planIds(source.ids || [], wished);
    let after = "";
    while (source.query) {
      const answer = await this.planChunk({ ...source.query, ...wished, after });
      yield answer;
      yield* this.planIds(answer.ids || [], wished);
      after = answer.after;
      if (!after) {
        return;
      }
    }
  }

  async *planIds(ids, wished) {
    let left = ids;
    while (left.length) {
      const answer = await this.planChunk({ ...wished, ids: JSON.stringify(left.slice(0, MOST_IDS)) });
      yield answer;
      left = [...(answer.ids || []), ...left.slice(MOST_IDS)];
    }
  }

  planChunk(fields) {
    return this.ask("planUrl", fields, "rows", this.text("LostPlan"));
  }

  // Has rows carried out. lost: what to say where no answer comes.
  apply(rows, lost) {
    return this.ask("applyUrl", { tokens: JSON.stringify(rows.map((row) => row.token)) }, "results", lost);
  }

  look(rows) {
    const tokens = JSON.stringify(rows.map((row) => row.result.watch));
    return this.ask("lookUrl", { tokens }, "results", this.text("LostLook"));
  }

  // The decoded answer, which has a list of that name or says why not ("stop"); with lost as the reason where there is no such
  // answer. Horizon asks who somebody is and what they may do first: after 401 and 403 nothing was sent.
  async ask(url, fields, name, lost) {
    const csrfmiddlewaretoken = this.form.elements.csrfmiddlewaretoken.value;
    try {
      const response = await post(this.form.dataset[url], { ...fields, csrfmiddlewaretoken });
      if (response.status === 401) {
        return { stop: this.text("Expired"), log_in: true };
      }
      if (response.status === 403) {
        return { stop: this.text("Refused"), is_over: true };
      }
      const answer = await response.json();
      return answer[name] || answer.stop ? answer : { stop: lost, isLost: true };
    } catch {
      return { stop: lost, isLost: true };
    }
  }
}
