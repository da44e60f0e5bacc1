// SPDX-License-Identifier: Apache-2.0
// A bulk run: works out the plan chunk by chunk, carries it out chunk by chunk, and says what became of every row.
// The server keeps nothing: to close this page is to stop.
(function () {
  "use strict";

  var form = document.getElementById("bulk");
  if (!form) {
    return;
  }
  var SHOWN_AT_ONCE = 100;
  var SECONDS_A_CHUNK = 1.5;
  var LOOKS = 8;
  var PAUSE_BEFORE_LOOKS = 100; // what was left open by earlier chunks has had time
  var PAUSE_BETWEEN_LOOKS = 1500;
  var MOST_LOOKED_AT = 200;
  var GROUPS = ["available", "error", "repair"];
  // A chunk costs something by itself, however few rows it has: smaller ones would only make a slow cloud slower.
  var SMALLEST_CHUNK = 20;
  var FIRST_CHUNK = 50;
  var source = JSON.parse(form.elements.source.value);
  var rows = []; // of the plan, in order; each with .result once there is one
  var planNumber = 0; // a plan that was begun earlier is dropped when another is asked for
  var lookNumber = 0; // likewise the looks that follow a run, when it goes on
  var isRunning = false;
  var isStopped = false;
  var isBegun = false;
  var isOver = false; // nothing can be sent from this page any more

  function part(id) {
    return document.getElementById("bulk-" + id);
  }

  function text(name, values) {
    return form.dataset["text" + name].replace(/\{(\w+)\}/g, function (all, key) {
      return values[key];
    });
  }

  function show(element, isShown) {
    element.classList.toggle("hidden", !isShown);
  }

  // Posts fields; gives back the decoded answer, which has a list of that name or says why not ("stop"). Where there is no
  // such answer, the text for what is lost is the reason. Horizon asks who somebody is and what they may do before it does
  // anything: after 401 and 403 nothing was sent.
  function ask(url, fields, name, lost) {
    var body = new URLSearchParams(fields);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return fetch(url, {
      method: "POST",
      body: body,
      headers: { "X-Requested-With": "XMLHttpRequest" },
      credentials: "same-origin"
    }).then(function (response) {
      if (response.status === 401) {
        return { stop: text("Expired", {}), log_in: true };
      }
      return response.status === 403 ? { stop: text("Refused", {}), is_over: true } : response.json();
    }).then(function (answer) {
      return answer[name] || answer.stop ? answer : { stop: lost, isLost: true };
    }).catch(function () {
      return { stop: lost, isLost: true };
    });
  }

  function settings() {
    var fields = { mode: form.querySelector("input[name=mode]:checked").value };
    if (form.elements.include_live.checked) {
      fields.include_live = "yes";
    }
    return fields;
  }

  // --- the plan -----------------------------------------------------------------------------------------------------

  function makePlan() {
    var number = ++planNumber;
    rows = [];
    showPause("");
    show(part("again"), false);
    part("run").disabled = true;
    part("csv").disabled = true;
    drawRows();
    planIds(number, source.ids || [], function () {
      if (source.query) {
        planQuery(number, "", planned);
      } else {
        planned();
      }
    });
    function planned() {
      if (number === planNumber) {
        // Grouped by what becomes of them; what is left out comes last.
        rows.sort(function (a, b) { return group(a) - group(b); });
        drawPlan();
      }
    }
  }

  function group(row) {
    return row.left_out ? GROUPS.length : GROUPS.indexOf(row.target);
  }

  function planIds(number, ids, then) {
    if (number !== planNumber || !ids.length) {
      then();
      return;
    }
    var fields = Object.assign(settings(), { ids: JSON.stringify(ids.slice(0, 1000)) });
    ask(form.dataset.planUrl, fields, "rows", text("LostPlan", {})).then(function (answer) {
      if (take(number, answer)) {
        planIds(number, answer.ids.concat(ids.slice(1000)), then);
      }
    });
  }

  function planQuery(number, after, then) {
    var fields = Object.assign({}, source.query, settings(), { after: after });
    ask(form.dataset.planUrl, fields, "rows", text("LostPlan", {})).then(function (answer) {
      if (take(number, answer)) {
        planIds(number, answer.ids, function () {
          if (answer.after && number === planNumber) {
            planQuery(number, answer.after, then);
          } else {
            then();
          }
        });
      }
    });
  }

  function take(number, answer) {
    if (number !== planNumber) {
      return false;
    }
    if (answer.stop) {
      showStop(answer);
      show(part("again"), !isOver);
      return false;
    }
    rows = rows.concat(answer.rows);
    part("head").firstChild.textContent = text("Reading", { total: rows.length });
    return true;
  }

  function drawPlan() {
    var counts = { total: rows.length, available: 0, error: 0, repair: 0, out: 0 };
    rows.forEach(function (row) {
      counts[row.left_out ? "out" : row.target]++;
    });
    var count = rows.length - counts.out;
    part("head").firstChild.textContent = text(rows.length ? "PlanHead" : "Nothing", counts);
    part("run").textContent = text(count === 1 ? "ButtonOne" : "Button", { count: count });
    part("run").disabled = !count;
    show(part("run"), count > 0);
    part("csv").disabled = !rows.length;
    drawRows();
  }

  // --- the table ----------------------------------------------------------------------------------------------------

  function drawRows() {
    var body = part("rows").tBodies[0];
    body.replaceChildren();
    rows.slice(0, SHOWN_AT_ONCE).forEach(drawRow);
    drawMore();
  }

  function drawMore() {
    var hidden = rows.length - part("rows").tBodies[0].rows.length;
    show(part("more"), hidden > 0);
    part("more").textContent = text("More", { count: Math.min(hidden, SHOWN_AT_ONCE) });
  }

  function drawRow(row) {
    var line = part("rows").tBodies[0].insertRow();
    line.dataset.objectId = row.id;
    row.line = line;
    var why = row.left_out ? text("LeftOut", { why: row.left_out }) : row.why;
    var now = [row.from, row.age].filter(Boolean).join(", ");
    var to = row.to || (row.left_out ? "" : text("RepairOnly", {}));
    [row.name, row.project, now, to, why, row.also, ""].forEach(function (value) {
      var name = document.createElement("bdi");
      name.textContent = value;
      line.insertCell().appendChild(name);
    });
    line.cells[0].title = row.id;
    line.cells[4].className = "backup-reset-why";
    line.cells[5].className = "backup-reset-also";
    drawResult(row);
  }

  function drawResult(row) {
    if (!row.line || !row.result) {
      return;
    }
    var cell = row.line.cells[6];
    cell.className = "backup-reset-result text-" + row.result.level;
    cell.dataset.result = row.result["class"];
    cell.firstChild.textContent = [row.result.said].concat(row.result.repairs).join(" ");
  }

  // --- the run ------------------------------------------------------------------------------------------------------

  function pending() {
    return rows.filter(function (row) { return row.ticket && !row.result; });
  }

  function run() {
    var isByKey = document.activeElement === part("run") || document.activeElement === part("resume");
    isRunning = isBegun = true;
    form.classList.add("backup-reset-begun");
    isStopped = false;
    lookNumber++;
    show(part("run"), false);
    document.querySelectorAll("#bulk-mode input").forEach(function (input) { input.disabled = true; });
    show(part("progress"), true);
    show(part("stop"), true);
    part("stop").classList.remove("disabled");
    show(part("resume"), false);
    if (isByKey) {
      part("stop").focus();
    }
    showPause("");
    level("info");
    delete part("head").dataset.finished;
    drawProgress();
    window.addEventListener("beforeunload", warn);
    next(Math.min(FIRST_CHUNK, Number(form.dataset.chunk)));
  }

  function warn(event) {
    event.preventDefault();
  }

  function next(size) {
    var chunk = pending().slice(0, size);
    if (!chunk.length || isStopped) {
      finish();
      return;
    }
    var begun = Date.now();
    var tickets = JSON.stringify(chunk.map(function (row) { return row.ticket; }));
    var lost = text(chunk.length === 1 ? "LostRunOne" : "LostRun", { count: chunk.length });
    ask(form.dataset.applyUrl, { tickets: tickets }, "results", lost).then(function (answer) {
      var byId = {};
      (answer.results || []).forEach(function (result) { byId[result.id] = result; });
      chunk.forEach(function (row) {
        var result = byId[row.id];
        // What was not sent because the run was paused is still to be done.
        if (result && !(answer.pause && result["class"] === "not_sent")) {
          row.result = result;
        } else if (!result && answer.isLost) {
          row.result = { "class": "unknown", level: "warning", said: text("LostRow", {}), repairs: [], request_id: "" };
        }
        drawResult(row);
      });
      drawProgress();
      if (answer.pause || answer.stop) {
        isStopped = true;
        showStop(answer);
      }
      var seconds = (Date.now() - begun) / 1000;
      var wished = Math.max(SMALLEST_CHUNK, Math.round(chunk.length * SECONDS_A_CHUNK / Math.max(seconds, 0.1)));
      next(Math.min(Number(form.dataset.chunk), wished));
    });
  }

  function counts() {
    var found = { total: 0, done: 0, applied: 0, open: 0, unknown: 0, failed: 0, unsent: 0 };
    rows.forEach(function (row) {
      if (!row.ticket) {
        return;
      }
      found.total++;
      if (!row.result) {
        found.unsent++;
        return;
      }
      found.done++;
      if (row.result["class"] === "applied" || row.result["class"] === "repaired") {
        found.applied++;
      } else if (row.result["class"] === "accepted") {
        found.open++;
      } else if (row.result["class"] === "unknown") {
        found.unknown++;
      } else {
        found.failed++;
      }
    });
    return found;
  }

  function drawProgress() {
    var found = counts();
    var bar = part("progress").firstChild;
    bar.style.width = (found.total ? 100 * found.done / found.total : 0) + "%";
    bar.setAttribute("aria-valuemax", found.total);
    bar.setAttribute("aria-valuenow", found.done);
    var progress = text(found.unknown ? "ProgressUnknown" : "Progress", found);
    part("head").firstChild.textContent = isStopped && isRunning ? text("Stopping", {}) : progress;
  }

  function finish() {
    var isByKey = document.activeElement === part("stop");
    isRunning = false;
    window.removeEventListener("beforeunload", warn);
    show(part("stop"), false);
    show(part("resume"), pending().length > 0 && !isOver);
    if (isByKey) {
      part(pending().length > 0 && !isOver ? "resume" : "csv").focus();
    }
    lookAgain(++lookNumber, isOver ? 0 : LOOKS);
  }

  // Some resets are applied a moment after their chunk was answered: a few more looks before the summary stands.
  function lookAgain(number, left) {
    var open = rows.filter(function (row) { return row.result && row.result.watch; });
    // Those that were looked at least often come first.
    open = open.sort(function (a, b) { return (a.looks || 0) - (b.looks || 0); }).slice(0, MOST_LOOKED_AT);
    drawSummary(!open.length || !left);
    if (!open.length || !left) {
      return;
    }
    window.setTimeout(function () {
      if (number !== lookNumber) {
        return;
      }
      var tickets = JSON.stringify(open.map(function (row) { return row.result.watch; }));
      ask(form.dataset.lookUrl, { tickets: tickets }, "results", text("LostLook", {})).then(function (answer) {
        if (number !== lookNumber) {
          return;
        }
        (answer.results || []).forEach(function (result, index) {
          takeLook(open[index], result);
        });
        if (answer.stop) {
          showStop(answer);
        }
        lookAgain(number, answer.stop ? 0 : left - 1);
      });
    }, left === LOOKS ? PAUSE_BEFORE_LOOKS : PAUSE_BETWEEN_LOOKS);
  }

  function takeLook(row, result) {
    row.looks = (row.looks || 0) + 1;
    result.repairs = row.result.repairs;
    row.result = result;
    drawResult(row);
  }

  function drawSummary(isLast) {
    var found = counts();
    part("head").firstChild.textContent = text(found.unknown ? "SummaryUnknown" : "Summary", found);
    level(found.applied === found.total ? "success" : "warning");
    if (isLast) {
      part("head").dataset.finished = "yes";
    } else {
      delete part("head").dataset.finished;
    }
  }

  function level(name) {
    part("head").className = "alert alert-" + name;
  }

  function showStop(answer) {
    isOver = isOver || Boolean(answer.log_in || answer.is_over);
    show(part("log-in"), Boolean(answer.log_in));
    showPause(answer.pause ? text("Paused", { why: answer.pause }) : answer.stop);
  }

  function showPause(message) {
    part("pause").textContent = message;
    show(part("pause"), Boolean(message));
  }

  // --- CSV ----------------------------------------------------------------------------------------------------------

  function csv() {
    var columns = ["id", "name", "project", "from", "age", "to", "verdict", "why", "also", "left_out"];
    var lines = [columns.concat("result", "said", "repairs", "request_id")].concat(rows.map(function (row) {
      var result = row.result || { "class": isBegun && row.ticket ? "not_sent" : "", said: "", repairs: [], request_id: "" };
      return columns.map(function (column) { return row[column]; })
        .concat(result["class"], result.said, result.repairs.join(" "), result.request_id);
    }));
    return lines.map(function (line) { return line.map(quote).join(","); }).join("\r\n") + "\r\n";
  }

  // A =, +, - or @, narrow or wide, makes a formula of a cell that begins with it; and of the part behind a semicolon, tab or
  // line break, where a spreadsheet takes that for the end of a cell.
  function quote(value) {
    value = String(value).replace(/(^|[;\t\r\n])(\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g, "$1$2'");
    return '"' + (/^[\t\r\n]/.test(value) ? "'" + value : value).replace(/"/g, '""') + '"';
  }

  function saveCsv() {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
    link.download = "backup-statuses.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // --- the page -----------------------------------------------------------------------------------------------------

  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.querySelectorAll("#bulk-mode input").forEach(function (input) {
    input.addEventListener("change", function () {
      if (!isRunning) {
        makePlan();
      }
    });
  });
  part("run").addEventListener("click", run);
  part("resume").addEventListener("click", run);
  part("again").addEventListener("click", makePlan);
  part("stop").addEventListener("click", function () {
    isStopped = true;
    part("stop").classList.add("disabled");
    drawProgress();
  });
  part("csv").addEventListener("click", saveCsv);
  show(part("all"), true);
  part("more").addEventListener("click", function () {
    var drawn = part("rows").tBodies[0].rows.length;
    rows.slice(drawn, drawn + SHOWN_AT_ONCE).forEach(drawRow);
    drawMore();
  });
  makePlan();
})();
