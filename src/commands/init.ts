/**
 * `zerodrop init`: a commented scenario to start from, with the JSON Schema that its first line names.
 *
 * Rule: nothing that exists is written over.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { ZerodropError } from '../errors.ts';
import { makeFolders, writing } from '../run/folder.ts';
import { scenarioJsonSchema } from '../scenario/schema.ts';
import { scenarioTemplate } from '../scenario/template.ts';

const SCHEMA_FILE = 'zerodrop.schema.json';

/** Writes the two files. Throws ZerodropError `bad-arguments`, `file-exists` or `cannot-write`. */
export function init(file: string): void {
  if (existsSync(file)) {
    throw new ZerodropError('file-exists', `${file} already exists`, 'Name another file: zerodrop init FILE.');
  }
  if (!['.yaml', '.yml'].includes(extname(file))) {
    throw new ZerodropError(
      'bad-arguments',
      `${file} init writes YAML: use a .yaml or .yml name`,
      'Name it *.yaml or *.yml: zerodrop init FILE.',
    );
  }
  const name = basename(file, extname(file)).replace(/[^\w.-]/g, '-');
  const schema = join(dirname(file), SCHEMA_FILE);
  writing(file, () => {
    makeFolders(dirname(file));
    writeFileSync(file, scenarioTemplate({ name, schemaPath: `./${SCHEMA_FILE}` }), { flag: 'wx' });
    writeFileSync(schema, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  });
  process.stdout.write(`Wrote ${file} and ${schema}. Edit the command in it, then: zerodrop run ${file}\n`);
}
