/**
 * `zerodrop init`: a commented scenario to start from, as far as the files of the project say what to write, with the
 * JSON Schema that its first line names.
 *
 * Rule: nothing that exists is written over. What was taken from where is said.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { ZerodropError } from '../../errors.ts';
import { makeFolders, writing } from '../../run/folder.ts';
import { scenarioJsonSchema } from '../../scenario/schema.ts';
import { scenarioTemplate } from '../../scenario/template.ts';
import { listText } from '../../report/view/words.ts';
import { cluesIn } from './look.ts';
import { proposalFrom, UNKNOWN, withStrategy } from './proposal.ts';
import { workflowText } from './workflow.ts';

const SCHEMA_FILE = 'zerodrop.schema.json';
const WORKFLOW = '.github/workflows/zerodrop.yml';

export interface InitArguments {
  file: string;
  /** In place of the strategy that the project suggests. */
  strategy?: string | undefined;
  /** Also write a workflow that runs it. */
  ci: boolean;
}

/** Writes the files. Throws ZerodropError `bad-arguments`, `file-exists` or `cannot-write`. */
export function init({ file, strategy, ci }: InitArguments): void {
  checkFile(file);
  const found = proposalFrom(cluesIn(resolve('.'))) ?? UNKNOWN;
  const wanted = strategy === undefined ? found : withStrategy(found, strategy);
  if (ci) checkNew(WORKFLOW);
  const folder = dirname(file);
  const back = relative(folder, '.');
  const begin = back === '' ? wanted : { ...wanted, workingDir: back };
  const name = basename(file, extname(file)).replace(/[^\w.-]/g, '-');
  const schema = join(folder, SCHEMA_FILE);
  writing(file, () => {
    makeFolders(folder);
    writeFileSync(file, scenarioTemplate({ name, schemaPath: `./${SCHEMA_FILE}`, begin }), { flag: 'wx' });
    writeFileSync(schema, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  });
  if (ci) {
    writing(WORKFLOW, () => {
      makeFolders(dirname(WORKFLOW));
      writeFileSync(WORKFLOW, workflowText(file), { flag: 'wx' });
    });
  }
  const written = [file, schema, ...(ci ? [WORKFLOW] : [])];
  process.stdout.write(
    `Wrote ${listText(written)}.\n${begin.reasons.map((reason) => `  ${reason}`).join('\n')}\n` +
      `Next: ${found === UNKNOWN ? 'correct the command in it, then ' : ''}zerodrop run ${file}\n`,
  );
}

function checkFile(file: string): void {
  checkNew(file);
  if (['.yaml', '.yml'].includes(extname(file))) return;
  throw new ZerodropError(
    'bad-arguments',
    `init writes YAML, and ${file} is not named so`,
    'Name it *.yaml or *.yml: zerodrop init FILE.',
  );
}

function checkNew(file: string): void {
  if (!existsSync(file)) return;
  throw new ZerodropError('file-exists', `${file} already exists`, 'Name another file: zerodrop init FILE.');
}
