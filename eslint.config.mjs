// SPDX-License-Identifier: Apache-2.0
// The rules of the plugin's own JavaScript. Run by "tox -e lint"; the versions are pinned in .pre-commit-config.yaml.

import { createRequire } from "node:module";

// pre-commit installs eslint outside this folder and says where by NODE_PATH, which "require" reads and "import" does not.
const require = createRequire(import.meta.url);
const js = require("@eslint/js");
const globals = require("globals");

const SCRIPTS = "backup_reset_panel/static/**/*.js";
const PURE = ["bulk/run", "bulk/csv", "bulk/kept", "bulk/arrival", "bulk/words", "dialog/steps"].map((name) => `backup_reset_panel/static/**/${name}.js`);

export default [
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    rules: {
      "array-callback-return": "error",
      "arrow-body-style": "error",
      complexity: ["error", 10],
      "consistent-return": "error",
      curly: "error",
      "default-case": "error",
      "dot-notation": "error",
      eqeqeq: "error",
      "max-lines": ["error", 200],
      "max-lines-per-function": ["error", 50],
      "max-params": ["error", 4],
      "no-alert": "error",
      "no-console": "error",
      "no-else-return": "error",
      "no-eval": "error",
      "no-implicit-coercion": "error",
      "no-implied-eval": "error",
      "no-lonely-if": "error",
      "no-nested-ternary": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-return-assign": "error",
      "no-script-url": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": "error",
      "no-use-before-define": ["error", { functions: false }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-object-spread": "error",
      "prefer-rest-params": "error",
      "prefer-spread": "error",
      "prefer-template": "error",
      radix: "error",
      strict: ["error", "never"],
    },
  },
  // What Horizon's pages have besides the browser's own names, window.jQuery and window.horizon, is reached by window.
  { files: [SCRIPTS], ignores: PURE, languageOptions: { globals: globals.browser } },
  // The state of a run, its CSV and what is kept of it touch no page: neither the browser's names nor node's are known there.
  { files: PURE, languageOptions: { globals: {} } },
  { files: ["tests/js/**", "*.mjs"], languageOptions: { globals: globals.nodeBuiltin } },
];
