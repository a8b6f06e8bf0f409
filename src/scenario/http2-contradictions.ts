/**
 * What a client that speaks HTTP/2 cannot do.
 *
 * Rule: said before the run, with what to do instead.
 */
import type { SentinelName } from '../model/sentinel.ts';
import { isMap, valueAt, type Source } from './layers.ts';
import { expectedText, type Problem } from './wording.ts';

/** Sentinels that stand before such a target. The others are connections of HTTP/1.1. */
export const OF_HTTP2: readonly SentinelName[] = ['http2'];

/** Headers that HTTP/2 forbids (RFC 9113 8.2.2), or that the client sets. */
const FORBIDDEN = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** The problems of one arm that have to do with HTTP/2. */
export function http2Problems(arm: Source): Problem[] {
  const kindPath = ['traffic', 'client', 'kind'];
  if (valueAt(arm, kindPath) !== 'http2') return [];
  const because = 'since traffic.client.kind is http2';
  return [
    ...(isMap(valueAt(arm, ['fleet']))
      ? [
          {
            path: kindPath,
            text: expectedText('wire or undici, since the front door of a fleet speaks HTTP/1.1', 'http2'),
          },
        ]
      : []),
    ...(isMap(valueAt(arm, ['traffic', 'pressure']))
      ? [{ path: ['traffic', 'pressure'], text: `expected nothing, ${because} and autocannon speaks HTTP/1.1 only` }]
      : []),
    ...namesAt(arm, ['traffic', 'sentinels'])
      .filter((name) => !OF_HTTP2.some((known) => known === name))
      .map((name) => ({
        path: ['traffic', 'sentinels', name],
        text: `expected a sentinel of HTTP/2 (${OF_HTTP2.join(', ')}), ${because}; got ${name}, one of HTTP/1.1`,
      })),
    ...namesAt(arm, ['traffic', 'arrivals']).flatMap((stream) => {
      const path = ['traffic', 'arrivals', stream, 'headers'];
      return namesAt(arm, path)
        .filter((name) => FORBIDDEN.has(name.toLowerCase()))
        .map((name) => ({
          path: [...path, name],
          text: expectedText(`a header that HTTP/2 allows, ${because}`, name),
        }));
    }),
  ];
}

function namesAt(arm: Source, path: string[]): string[] {
  const map = valueAt(arm, path);
  return isMap(map) ? Object.keys(map) : [];
}
