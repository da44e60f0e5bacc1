// SPDX-License-Identifier: Apache-2.0
// The steps of a reading of contents, one after the other. It touches no page and asks nobody by itself.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 8000;
const TOLD_EVERY = 25; // percent

export class Steps {
  // ask: sends fields, and gives the answer; rejects where none comes. pause: waits for so many milliseconds.
  constructor(ask, pause) {
    this.ask = ask;
    this.pause = pause;
    this.place = ""; // where the next step begins
    this.result = ""; // what was found, if it counts already
    this.isStopped = false;
    this.said = 0; // percent
  }

  stop() {
    this.isStopped = true;
  }

  // Reads to the end, from where it was left. depth: "all" or "sample". show: is given each answer, and whether it is worth saying
  // aloud. How it ended: "over"; "broken", where it can be tried again from the same place; or "stopped".
  async run(depth, show) {
    this.isStopped = false;
    let wait = FIRST_PAUSE;
    while (!this.isStopped) {
      const answer = await this.step(depth);
      if (answer === null) {
        return this.isStopped ? "stopped" : "broken";
      }
      this.result = answer.result || this.result;
      if (answer.busy) {
        show(answer, wait === FIRST_PAUSE);
        await this.pause(wait);
        wait = Math.min(wait * 2, LONGEST_PAUSE);
        continue;
      }
      wait = FIRST_PAUSE;
      show(answer, this.isNews(answer));
      if (!answer.place) {
        return answer.again ? "broken" : "over";
      }
      this.place = answer.place;
    }
    return "stopped";
  }

  // The answer, or null where none came.
  async step(depth) {
    try {
      return await this.ask(this.place ? { place: this.place } : { depth });
    } catch {
      return null;
    }
  }

  // The end, and each quarter on the way there: nobody wants to listen to every step.
  isNews(answer) {
    if (!answer.place) {
      return true;
    }
    const quarter = Math.floor((answer.percent || 0) / TOLD_EVERY);
    const isNew = quarter > this.said;
    this.said = Math.max(this.said, quarter);
    return isNew;
  }
}
