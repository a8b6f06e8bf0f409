/**
 * The JSON Schema of scenario files, for editors.
 *
 * Rule: made from the schema that checks the files. Draft 7, the one that editors know best.
 */
import { z } from 'zod';
import { Arm, Matrix, ScenarioHead } from '../model/scenario.ts';

/** The parts of a JSON Schema that are used here. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  type?: string | string[];
  enum?: unknown[];
  pattern?: string;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  if?: JsonSchema;
  else?: JsonSchema;
}

/**
 * The schema of a whole file. An arm is a part of the fields at the top, where null takes away what stands above; when
 * there are arms, nothing is required at the top but the name.
 */
export function scenarioJsonSchema(): object {
  const head = inputSchemaOf(ScenarioHead);
  const body = inputSchemaOf(Arm);
  const whole: JsonSchema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:zerodrop:scenario',
    title: 'zerodrop scenario',
    description: 'A server, how it is restarted, the traffic meanwhile, and what is still a pass',
    type: 'object',
    properties: {
      ...head.properties,
      ...partOf(body, false).properties,
      matrix: inputSchemaOf(Matrix),
      arms: {
        description: 'Variants to compare, by name; each overrides what stands above',
        type: 'object',
        // The names of arms follow the same rule as that of the scenario.
        propertyNames: { pattern: head.properties?.['name']?.pattern ?? '' },
        additionalProperties: orNull(partOf(body, true)),
      },
    },
    required: ['name'],
    additionalProperties: false,
    if: { required: ['arms'] },
    else: requirementsOf(body) ?? {},
  };
  return whole;
}

/**
 * A zod schema as its input is written, with defaults and examples as text too, which zod leaves out behind a codec.
 */
export function inputSchemaOf(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema instanceof z.ZodDefault) {
        jsonSchema.default = z.encode(zodSchema.unwrap() as z.ZodType, zodSchema.def.defaultValue);
      }
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as JsonSchema;
  delete json.$schema;
  return json;
}

/** The schema with nothing required, down to lists, which are replaced as a whole. */
function partOf(schema: JsonSchema, nullable: boolean): JsonSchema {
  const rest = { ...schema };
  delete rest.required;
  const part = (child: JsonSchema): JsonSchema =>
    nullable ? orNull(partOf(child, nullable)) : partOf(child, nullable);
  return {
    ...rest,
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties, part) }),
    ...(typeof schema.additionalProperties === 'object'
      ? { additionalProperties: part(schema.additionalProperties) }
      : {}),
    ...(schema.anyOf === undefined ? {} : { anyOf: schema.anyOf.map((branch) => partOf(branch, nullable)) }),
  };
}

/** The same schema, or null; what editors show stays outside. */
function orNull(schema: JsonSchema): JsonSchema {
  const { title, description, default: byDefault, examples, ...rest } = schema;
  const shown = { title, description, default: byDefault, examples };
  const present = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
  const branches = schema.anyOf ?? [rest];
  return { ...present, anyOf: [...branches.filter((branch) => branch.type !== 'null'), { type: 'null' }] };
}

/** Only what a schema requires, down to lists and unions; undefined when that is nothing. */
function requirementsOf(schema: JsonSchema): JsonSchema | undefined {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const requirements = requirementsOf(child);
    return requirements === undefined ? [] : [[name, requirements] as const];
  });
  const others =
    typeof schema.additionalProperties === 'object' ? requirementsOf(schema.additionalProperties) : undefined;
  if (schema.required === undefined && inside.length === 0 && others === undefined) return undefined;
  return {
    ...(schema.required === undefined ? {} : { required: schema.required }),
    ...(inside.length === 0 ? {} : { properties: Object.fromEntries(inside) }),
    ...(others === undefined ? {} : { additionalProperties: others }),
  };
}

function mapValues(
  map: Record<string, JsonSchema>,
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(map).map(([name, schema]) => [name, change(schema)]));
}
