import { afterEach, describe, expect, it, vi } from 'vitest';
import { needs } from './needs.ts';

describe('needs', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('finds a program in PATH, or one of several', () => {
    vi.stubEnv('CI', 'true');
    expect(needs('sh')).toBe(true);
    expect(needs('no-such-program-anywhere', 'sh')).toBe(true);
  });

  it('skips with a notice on a user’s machine', () => {
    vi.stubEnv('CI', '');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(needs('no-such-program-anywhere')).toBe(false);
    expect(warn).toHaveBeenCalledWith(
      'NOTICE: no-such-program-anywhere is not installed; the tests that need it are skipped.',
    );
  });

  it('fails in CI', () => {
    vi.stubEnv('CI', 'true');
    expect(() => needs('no-such-program-anywhere')).toThrow('no-such-program-anywhere is not installed');
  });
});
