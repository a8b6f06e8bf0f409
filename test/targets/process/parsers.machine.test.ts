import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { watchedIn } from '../../../src/processes/accepting.ts';
import { commandText, filledIn, programOf } from '../../../src/processes/command.ts';
import { kernelAddress, listenersIn } from '../../../src/processes/listeners.ts';
import { keepLastLines } from '../../../src/processes/output.ts';
import { chosenRange } from '../../../src/processes/port.ts';
import { below, isSameGeneration, processIn, processOf, type ProcessStat } from '../../../src/processes/proc.ts';

const STAT =
  '4711 (a (very) odd name) S 1 4711 4710 0 -1 4194304 100 0 0 0 5 2 0 0 20 0 11 0 123456 1000000 2500 ' +
  '18446744073709551615 1 2 140722000000000 0 0 0 0 0 0';

describe('/proc/pid/stat', () => {
  it('is read past a name with spaces and parentheses', () => {
    expect(processIn(STAT)).toEqual({
      pid: 4711,
      name: 'a (very) odd name',
      state: 'S',
      parent: 1,
      group: 4711,
      session: 4710,
      startTicks: 123456,
      image: 140722000000000,
    });
  });

  it('is not read when it is cut', () => {
    expect(processIn('')).toBeUndefined();
    expect(processIn('4711 (node) S 1')).toBeUndefined();
  });

  it('shows this very process', () => {
    expect(processOf(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid });
    expect(processOf(2 ** 30)).toBeUndefined();
  });
});

describe('generations', () => {
  const one = { pid: 5, startTicks: 100, image: 7 };
  it('differ by start time and image, unless the image could not be read', () => {
    expect(isSameGeneration(one, { ...one })).toBe(true);
    expect(isSameGeneration(one, { ...one, startTicks: 101 })).toBe(false);
    expect(isSameGeneration(one, { ...one, image: 8 })).toBe(false);
    expect(isSameGeneration(one, { ...one, image: 0 })).toBe(true);
  });
});

describe('ancestry', () => {
  it('finds all below, whatever the order', () => {
    const process = (pid: number, parent: number): ProcessStat => ({
      pid,
      parent,
      name: '',
      state: 'S',
      group: 0,
      session: 0,
      startTicks: 0,
      image: 0,
    });
    const processes = [process(12, 11), process(11, 10), process(10, 1), process(20, 1)];
    expect(below(processes, new Set([10])).map(({ pid }) => pid)).toEqual([12, 11]);
  });
});

describe('/proc/net/tcp', () => {
  const text = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1267 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 111 1 0 100 0 0 10 0',
    '   1: 00000000:1267 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 222 1 0 100 0 0 10 0',
    '   2: 0200007F:1267 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 333 1 0 100 0 0 10 0',
    '   3: 0100007F:1268 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 444 1 0 100 0 0 10 0',
    '   4: 0100007F:1267 0100007F:AAAA 01 00000000:00000000 00:00000000 00000000  1000        0 555 1 0 100 0 0 10 0',
    '   5: 0100007F:1267 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 666 1 0 100 0 0 10 0',
  ].join('\n');

  it('gives the listeners of an address and of all addresses, and is read no further than they go', () => {
    expect(listenersIn(text, { addresses: ['127.0.0.1'], port: 4711 })).toEqual({
      inodes: ['111', '222'],
      more: false,
    });
    expect(listenersIn(text.split('\n').slice(0, 3).join('\n'), { addresses: ['127.0.0.1'], port: 4711 }).more).toBe(
      true,
    );
  });

  it('writes addresses as the kernel does', () => {
    expect(kernelAddress('127.0.0.1')).toBe('0100007F');
    expect(kernelAddress('::1')).toBe('00000000000000000000000001000000');
    expect(kernelAddress('fe80::1:2')).toBe('000080FE000000000000000002000100');
  });
});

describe('/proc/pid/fdinfo of an epoll instance', () => {
  it('names the inodes that are watched', () => {
    const text = 'pos:\t0\nflags:\t02\ntfd:        3 events:       19 data:                3  pos:0 ino:2f59 sdev:8\n';
    expect(watchedIn(text)).toEqual(['12121']);
  });
});

describe('ports', () => {
  it('are chosen where the kernel takes none for clients', () => {
    expect(chosenRange('32768\t60999\n')).toEqual({ from: 10_000, to: 32_767 });
    expect(chosenRange('1024\t50000\n')).toEqual({ from: 50_001, to: 65_535 });
    expect(chosenRange('')).toEqual({ from: 10_000, to: 32_767 });
  });
});

describe('commands', () => {
  it('are split as a shell would, then filled in', () => {
    const variables = { PORT: '4711', NAME: 'two words' };
    expect(programOf('serve --port=${PORT} "a b" ${NAME}', variables)).toEqual({
      file: 'serve',
      args: ['--port=4711', 'a b', 'two words'],
    });
    expect(programOf(['serve', '${NAME}'], variables)).toEqual({ file: 'serve', args: ['two words'] });
    expect(programOf({ shell: 'serve $PORT | cat' }, variables)).toEqual({
      file: '/bin/sh',
      args: ['-c', 'serve $PORT | cat'],
    });
  });

  it('refuse a name that is not set', () => {
    expect(() => filledIn('${NOBODY}', {})).toThrow(/uses \$\{NOBODY\}, which is not set/);
  });

  it('read as they were typed', () => {
    expect([commandText('a b'), commandText(['a', 'b']), commandText({ shell: 'a | b' })]).toEqual([
      'a b',
      'a b',
      'a | b',
    ]);
  });
});

describe('output', () => {
  it('keeps the last lines, bounded in number and length', async () => {
    const stream = new PassThrough();
    const { lines } = keepLastLines([stream]);
    for (let n = 0; n < 60; n += 1) stream.write(`line ${n}\n`);
    stream.write('x'.repeat(100_000));
    stream.end('\nand no end of line');
    await new Promise((resolve) => stream.once('end', resolve));
    expect(lines()).toHaveLength(50);
    expect(lines().at(-1)).toBe('and no end of line');
    expect(lines().at(-2)).toHaveLength(503);
    expect(lines()[0]).toBe('line 12');
  });
});
