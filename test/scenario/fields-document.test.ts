/** scenarios/FIELDS.md is made from the schema; `npx vitest run test/scenario -u` writes it anew. */
import { expect, it } from 'vitest';
import { fieldTable } from '../../src/scenario/table.ts';

const HEAD = `# Fields of a scenario

Made from the schema; \`zerodrop validate\` checks a file, \`zerodrop init\` writes one to start from.
Durations are such as \`250ms\`, rates such as \`500/s\`.
`;

it('documents every field of a scenario', async () => {
  await expect(`${HEAD}\n${fieldTable().trimEnd()}\n`).toMatchFileSnapshot('../../scenarios/FIELDS.md');
});
