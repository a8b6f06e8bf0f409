/**
 * Lint rules: what the compiler does not see.
 *
 * Rule: a rule that is turned off says why.
 */
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const GLOBALS_OF_NODE = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'URL',
  'clearInterval',
  'clearTimeout',
  'console',
  'fetch',
  'performance',
  'process',
  'setImmediate',
  'setInterval',
  'setTimeout',
];

/** What is wrong, or misleading, in any JavaScript. */
const everywhere = {
  'array-callback-return': 'error',
  'constructor-super': 'error',
  curly: ['error', 'multi-line'],
  eqeqeq: 'error',
  'for-direction': 'error',
  'no-constant-binary-expression': 'error',
  'no-constructor-return': 'error',
  'no-control-regex': 'off', // bytes are our trade
  'no-debugger': 'error',
  'no-dupe-else-if': 'error',
  'no-dupe-keys': 'error',
  'no-duplicate-case': 'error',
  'no-empty': 'error',
  'no-eval': 'error',
  'no-fallthrough': 'error',
  'no-promise-executor-return': 'off', // `new Promise((resolve) => setImmediate(resolve))` is plain enough
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-template-curly-in-string': 'off', // ${PORT} in a scenario is text
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-catch': 'error',
  'no-useless-escape': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error',
};

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', 'coverage/', 'reports/']),
  {
    files: ['**/*.{ts,mts,js,mjs}'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: everywhere,
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: Object.fromEntries(GLOBALS_OF_NODE.map((name) => [name, 'readonly'])) },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  {
    files: ['src/report/png/canvas/*.js'],
    languageOptions: { sourceType: 'commonjs' },
  },
  {
    files: ['**/*.{ts,mts}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `return this.drop()` ends a function in one line.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Our objects are closures: their methods have no this.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // expect.any() and its like are of type any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // What stands in for something that takes time may take none.
      '@typescript-eslint/require-await': 'off',
    },
  },
);
