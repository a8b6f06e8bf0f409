/**
 * The workflow that `zerodrop init --ci` writes for GitHub Actions.
 *
 * Rule: it needs zerodrop among the devDependencies of the project, as the README shows it, and nothing else.
 */
import { stringify } from 'yaml';

/** The text of the workflow that runs this scenario. */
export function workflowText(file: string): string {
  return stringify(
    {
      name: 'Restarts',
      on: { push: { branches: ['main'] }, pull_request: {} },
      permissions: { contents: 'read' },
      jobs: {
        zerodrop: {
          'runs-on': 'ubuntu-latest',
          'timeout-minutes': 30,
          steps: [
            { uses: 'actions/checkout@v4' },
            { uses: 'actions/setup-node@v4', with: { 'node-version': 22, cache: 'npm' } },
            { run: 'npm ci' },
            { run: `npx zerodrop run ${file} --junit junit.xml --html zerodrop.html` },
            { if: 'always()', uses: 'actions/upload-artifact@v4', with: { name: 'zerodrop', path: 'zerodrop.html' } },
          ],
        },
      },
    },
    { lineWidth: 0 },
  );
}
