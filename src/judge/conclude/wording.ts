/**
 * Numbers in sentences.
 *
 * Rule: for people who were not there: thousands are grouped, nothing has more digits than it is worth, and a bound is
 * rounded to the side on which it stays true.
 */

/** `1 request`, `37 requests`, `1,200 requests`. */
export function quantity(count: number, noun: string): string {
  const plural = noun.endsWith('s') || noun.endsWith('ch') ? `${noun}es` : `${noun}s`;
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}

/** `0.95 ms`, `12 ms`, `1.2 s`. */
export function msText(ms: number): string {
  if (ms >= 9_950) return `${(ms / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 10) return `${ms.toFixed(0)} ms`;
  return `${Number(ms.toPrecision(2))} ms`;
}

/** An upper bound of a share as a percentage, rounded up: `14 %`, `4.96 %` as `5 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  return `${percent >= 10 ? Math.ceil(percent - 1e-9) : Math.ceil(percent * 10 - 1e-9) / 10} %`;
}

/** A share as a percentage, rounded: `87 %`. */
export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** What became of some requests, the classes that did not occur left out: `90 were lost and 10 raced`. */
export function fatesText(fates: readonly (readonly [count: number, fate: string])[]): string {
  const occurred = fates.filter(([count]) => count > 0);
  return listText(
    occurred.map(
      ([count, fate], position) =>
        `${count.toLocaleString('en-US')} ${position > 0 ? '' : count === 1 ? 'was ' : 'were '}${fate}`,
    ),
  );
}

/** A message of others as the beginning of a sentence: with a capital, without its full stop. */
export function openingText(message: string): string {
  const bare = bareText(message);
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** A message of others as a part of a sentence: without its full stop. */
export function bareText(message: string): string {
  return message.trimEnd().replace(/\.$/, '');
}
