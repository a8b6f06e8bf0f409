/**
 * The table of all fields, for the documentation.
 *
 * Rule: made from the schema that checks the files; nothing is written twice.
 */
import { Arm, Matrix, ScenarioHead } from '../model/scenario.ts';
import { inputSchemaOf, type JsonSchema } from './schema.ts';

/** One field: its path, how it is written, its default (as text), and what it means. */
export interface Field {
  path: string;
  type: string;
  byDefault: string;
  meaning: string;
}

/** What stands in a path for a name that the user chooses, or that is one of many. */
const CHOSEN: Readonly<Record<string, string>> = {
  'target.environment': 'NAME',
  'restart.environment': 'NAME',
  'traffic.arrivals': 'NAME',
  'traffic.sentinels': 'SENTINEL',
  'traffic.arrivals.NAME.headers': 'HEADER',
};

/** A Markdown table of all fields of a scenario. */
export function fieldTable(): string {
  const rows = fieldsOf().map(({ path, type, byDefault, meaning }) => {
    const cells = [`\`${path}\``, type, byDefault === '' ? '' : `\`${byDefault}\``, meaning];
    return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `${['| Field | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n')}\n`;
}

/** All fields, in the order of the schema. */
export function fieldsOf(): Field[] {
  const meaning = 'A variant to compare: any of the fields below; null takes away what stands above';
  const arms: Field = { path: 'arms.NAME', type: 'map', byDefault: '', meaning };
  const matrix: Field = {
    path: 'matrix',
    type: 'map',
    byDefault: '',
    meaning: inputSchemaOf(Matrix).description ?? '',
  };
  return [...inside(inputSchemaOf(ScenarioHead), ''), arms, matrix, ...inside(inputSchemaOf(Arm), '')];
}

function inside(schema: JsonSchema, path: string): Field[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    fieldAt(child, path === '' ? name : `${path}.${name}`, schema),
  );
  const names = schema.propertyNames?.enum ?? [];
  const chosen = CHOSEN[path];
  if (typeof schema.additionalProperties !== 'object' || chosen === undefined) return fields;
  const child = schema.additionalProperties;
  const several =
    names.length > 0
      ? [
          {
            path: `${path}.${chosen}`,
            type: typeOf(child),
            byDefault: '',
            meaning: `One of ${names.join(', ')}: a count, or a map`,
          },
        ]
      : [];
  return [...fields, ...several, ...within(child, `${path}.${chosen}`)];
}

function fieldAt(schema: JsonSchema, path: string, parent: JsonSchema): Field[] {
  const required = parent.required?.includes(path.slice(path.lastIndexOf('.') + 1)) === true;
  const field = {
    path,
    type: `${typeOf(schema)}${required ? ', required' : ''}`,
    byDefault: defaultOf(schema),
    meaning: schema.description ?? '',
  };
  return [field, ...within(schema, path)];
}

/** The fields of the maps and of the entries of the lists that a schema allows. A command is told by its type. */
function within(schema: JsonSchema, path: string): Field[] {
  if (schema.title === 'command') return [];
  const branches = schema.anyOf ?? [schema];
  return branches.flatMap((branch) => {
    if (branch.title === 'command') return [];
    if (branch.anyOf !== undefined) return within(branch, path);
    // The steps of a rollback are the same steps again.
    if (branch.items !== undefined) return path.endsWith('.rollback') ? [] : within(branch.items, `${path}[]`);
    return inside(branch, path);
  });
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'map',
  array: 'list',
  null: 'nothing',
};

function typeOf(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  return [schema.type ?? 'map']
    .flat()
    .map((type) => WORDS[type] ?? type)
    .join(' or ');
}

function defaultOf(schema: JsonSchema): string {
  const value = schema.default;
  if (
    value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0) ||
    value === ''
  ) {
    return '';
  }
  if (typeof value !== 'object') return JSON.stringify(value).replace(/^"|"$/g, '');
  // The streams by default are too long for a cell.
  return Object.entries(value as Record<string, { rate?: string }>)
    .map(([name, { rate }]) => `${name}: ${rate ?? ''}`)
    .join(', ');
}
