// The linter's rules: its own recommended ones, and a few that keep the style. Names are TypeScript's to know.
import { createRequire } from "node:module";

const js = createRequire(`${process.cwd()}/build/npm/`)("@eslint/js");

export default [
  { ignores: ["build/**", ".venv*/**"] },
  js.configs.recommended,
  {
    rules: {
      "no-undef": "off",
      "no-empty": ["error", { allowEmptyCatch: true }],
      "no-control-regex": "off", // the twin spells out what Python calls a space
      "no-irregular-whitespace": "off",
      "no-unused-vars": ["error", { args: "after-used", caughtErrors: "none", varsIgnorePattern: "^_", argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" }],
      "prefer-const": ["error", { destructuring: "all" }],
      eqeqeq: "error",
      "no-var": "error",
      "object-shorthand": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      semi: "error",
    },
  },
];
