import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inputSchemaOf, scenarioJsonSchema, type JsonSchema } from '../../src/scenario/schema.ts';
import { fieldsOf, fieldTable } from '../../src/scenario/table.ts';
import { SENTINELS } from '../../src/model/sentinel.ts';
import { Duration } from '../../src/model/units.ts';
import { EXAMPLE } from './files.ts';

const schema = scenarioJsonSchema() as JsonSchema;

/**
 * Fields of a value that a schema does not know. Enough of a validator to know that a file would not be underlined for
 * its names.
 */
function strangeIn(value: unknown, known: JsonSchema, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const branches = known.anyOf ?? [known];
  const answers = branches
    .filter((branch) => branch.type === 'object')
    .map((branch) =>
      Object.entries(value).flatMap(([key, child]) => {
        const next =
          branch.properties?.[key] ??
          (typeof branch.additionalProperties === 'object' ? branch.additionalProperties : undefined);
        return next === undefined ? [`${path}.${key}`] : strangeIn(child, next, `${path}.${key}`);
      }),
    );
  return answers.sort((a, b) => a.length - b.length)[0] ?? [`${path} is a map`];
}

describe('the JSON Schema', () => {
  it('is plain JSON of draft 7', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('knows the example and the misspelt field', () => {
    expect(strangeIn(parse(EXAMPLE), schema)).toEqual([]);
    expect(strangeIn({ arms: { a: { target: { comand: 'x' } } } }, schema)).toEqual(['.arms.a.target.comand']);
  });

  it('requires nothing in arms, and the whole without them', () => {
    expect(schema.required).toEqual(['name']);
    expect(schema.if).toEqual({ required: ['arms'] });
    expect(schema.else?.required).toEqual(['target', 'restart']);
    expect(schema.else?.properties?.['restart']?.required).toEqual(['strategy']);
    expect(schema.else?.properties?.['traffic']?.properties?.['arrivals']?.additionalProperties).toEqual({
      required: ['rate'],
    });
    const arms = schema.properties?.['arms']?.additionalProperties as JsonSchema;
    const withoutLists = JSON.stringify(arms, (key, value: unknown) => (key === 'items' ? undefined : value));
    expect(withoutLists).not.toContain('"required"');
    expect(arms.anyOf?.map((branch) => branch.type)).toEqual(['object', 'null']);
  });

  it('shows defaults and examples as they are written', () => {
    const healthcheck = schema.properties?.['target']?.properties?.['healthcheck']?.properties;
    expect(healthcheck?.['interval']).toMatchObject({
      title: 'duration',
      type: 'string',
      default: '50ms',
      examples: ['250ms', '2s', '1m30s'],
      description: 'Time between two probes',
    });
    expect(schema.properties?.['restart']?.properties?.['until']?.properties?.['confidence']).toMatchObject({
      default: '95%',
    });
  });

  it('has a pattern for a duration', () => {
    const { pattern } = inputSchemaOf(Duration) as { pattern: string };
    expect(['5ms', '1m30s', '0.5s'].every((text) => new RegExp(pattern).test(text))).toBe(true);
    expect(['5', '5 s', 's'].some((text) => new RegExp(pattern).test(text))).toBe(false);
  });
});

describe('the field table', () => {
  it('has a meaning for every field', () => {
    expect(
      fieldsOf()
        .filter((field) => field.meaning === '')
        .map((field) => field.path),
    ).toEqual([]);
  });

  it('has each field once', () => {
    const paths = fieldsOf().map((field) => field.path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('is Markdown', () => {
    const lines = fieldTable().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '| Field | Type | Default | Meaning |',
      '|---|---|---|---|',
      '| `name` | text, required |  | Name of the scenario, also of its folder under reports/ |',
    ]);
    expect(lines).toContain('| `target.stop_grace_period` | duration | `10s` | From stop_signal to SIGKILL |');
    expect(lines).toContain(
      '| `traffic.arrivals.NAME.rate` | rate, required |  | Requests that are due per second or minute, ' +
        'whatever the target does |',
    );
    expect(lines).toContain(
      '| `restart.strategy[].signal.to` | old, new | `old` | old: the instance that served when the restart ' +
        'began; new: the one that it brought |',
    );
    for (const name of SENTINELS) expect(fieldTable()).toContain(name);
  });
});
