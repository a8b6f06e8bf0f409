import { describe, expect, it } from 'vitest';
import { chosenOf, type Choice } from '../../../../src/report/page/client/filters.ts';
import { sampleView } from '../../sample.ts';

const { failures } = sampleView();
const ALL: Choice = { outcome: '', arm: '', restart: '', source: '', text: '' };
const chosen = (choice: Partial<Choice>): typeof failures => chosenOf(failures, { ...ALL, ...choice });

describe('chosenOf', () => {
  it('shows all when nothing was chosen', () => {
    expect(chosen({})).toEqual(failures);
  });

  it('takes each choice, and all of them together', () => {
    expect(
      chosen({ outcome: 'raced', arm: 'cluster' }).every(
        ({ outcome, arm }) => outcome === 'raced' && arm === 'cluster',
      ),
    ).toBe(true);
    expect(chosen({ outcome: 'raced', arm: 'cluster' })).toHaveLength(24);
    expect(chosen({ restart: '#3', arm: 'cluster' })).toHaveLength(2);
    expect(chosen({ restart: 'quiet time' })).toHaveLength(0);
  });

  it('tells a sentinel from a stream', () => {
    const sentinels = failures.filter(({ sentinel }) => sentinel);
    expect(sentinels.length).toBeGreaterThan(100);
    expect(chosen({ source: 'in-flight (sentinel)' })).toEqual(sentinels);
    expect(chosen({ source: 'in-flight' })).toEqual([]);
  });

  it('looks for every word in what a row says, whatever its case', () => {
    expect(chosen({ text: 'econnrefused' })).toEqual(failures.filter(({ outcome }) => outcome === 'refused'));
    expect(chosen({ text: ' econnREFUSED  fresh ' })).toEqual(
      failures.filter(({ outcome, source }) => outcome === 'refused' && source === 'fresh'),
    );
    expect(chosen({ text: 'no such thing' })).toEqual([]);
  });
});
