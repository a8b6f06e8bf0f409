/**
 * The scenario without its secrets, as it is saved and shown.
 *
 * Rule: a secret is known by the name of its header or environment variable. Rather one masked too many than one shown.
 */

/** What stands in the place of a secret. */
export const MASK = '***';

const SECRET_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key', 'set-cookie']);
const SECRET_VARIABLE = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|CREDENTIAL/i;
const URL_PASSWORD = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):[^/?#@]*@/i;

/** A copy of a scenario, as its author writes it, in which secrets are masked. */
export function maskedScenario(source: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source).map(([field, value]) => [field, masked(field, value)]));
}

function masked(field: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replace(URL_PASSWORD, `$1:${MASK}@`);
  if (Array.isArray(value)) return value.map((item: unknown) => masked(field, item));
  if (!isRecord(value)) return value;
  if (field === 'headers') return maskedWhere(value, (name) => SECRET_HEADERS.has(name.toLowerCase()));
  if (field === 'environment') return maskedWhere(value, (name) => SECRET_VARIABLE.test(name));
  return maskedScenario(value);
}

function maskedWhere(map: Record<string, unknown>, isSecret: (name: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, isSecret(name) && value !== null ? MASK : masked(name, value)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
