/** How many connections a stream keeps after a burst. */
import { describe, expect, it } from 'vitest';
import { KEPT_MS, openSurplus } from '../../src/traffic/surplus.ts';

describe('surplus', () => {
  it("keeps what was needed at once a moment ago, then the stream's own", () => {
    const surplus = openSurplus(4);
    expect(surplus.due(0)).toBeUndefined();
    for (const busy of [1, 9, 3]) surplus.busy(busy);
    expect(surplus.due(KEPT_MS - 1)).toBeUndefined();
    expect(surplus.due(KEPT_MS)).toBe(9);
    surplus.busy(5);
    expect(surplus.due(2 * KEPT_MS - 1)).toBeUndefined();
    expect(surplus.due(2 * KEPT_MS)).toBe(9);
    expect(surplus.due(3 * KEPT_MS)).toBe(5);
    expect(surplus.due(4 * KEPT_MS)).toBe(4);
  });
});
