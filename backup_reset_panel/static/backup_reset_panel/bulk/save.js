// SPDX-License-Identifier: Apache-2.0
// Saves a plan or the results of a run as a file.

import { csv, fileName } from "./csv.js";

export function saveCsv(form, run) {
  const { userName, region } = form.dataset;
  const text = csv(run.rows, run.isBegun, { user: userName, region });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = fileName(run.isBegun, region, new Date());
  link.click();
  URL.revokeObjectURL(link.href);
}
