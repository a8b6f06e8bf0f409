import { describe, expect, it } from 'vitest';
import { shellSyntaxIn } from '../../src/scenario/shell-syntax.ts';

const ofTarget = (text: string): string[] | undefined =>
  shellSyntaxIn(text, { field: 'command', stays: true })?.instead;
const ofBuild = (text: string): string[] | undefined => shellSyntaxIn(text, { field: 'build', stays: false })?.instead;

describe('a command that needs no shell', () => {
  it.each([
    'node srv.mjs',
    './server --listen=0.0.0.0:${PORT}',
    'env FOO=1 ./x',
    'node -e "a && b; c > d | e $HOME `f`"',
    "nginx -g 'daemon off;'",
    'sh -c "exec ./x $PORT"',
    './x --separator=| --filter=count>5 http://h/?a=1&b=2',
    'pip install "a>=1" b >=2',
    'x --price $5 --end ^a$',
    'java -Dname=value -jar a.jar KEY=value',
    '',
    '   ',
  ])('is left alone: %s', (text) => {
    expect(ofTarget(text)).toBeUndefined();
  });
});

describe('a command that needs a shell', () => {
  it('has variables before the program', () => {
    expect(ofTarget('FOO=1 ./x')).toEqual([
      'command: ./x and environment: {FOO: "1"}',
      'command: {shell: "FOO=1 exec ./x"}',
    ]);
    expect(ofTarget(`A='b c' B="d" node srv.mjs --port \${PORT}`)?.[0]).toBe(
      'command: node srv.mjs --port ${PORT} and environment: {A: "b c", B: "d"}',
    );
    expect(ofBuild('CGO_ENABLED=0 go build')).toEqual(['build: {shell: "CGO_ENABLED=0 go build"}']);
    expect(ofTarget('FOO=1')).toEqual(['environment: {FOO: "1"}']);
  });

  it('changes its folder first', () => {
    expect(ofTarget('cd x && ./y')).toEqual([
      'command: ./y and working_dir: x',
      'command: {shell: "cd x && exec ./y"}',
    ]);
    expect(ofTarget('cd "my app" && FOO=1 ./y > log')).toEqual([
      'command: {shell: "cd \\"my app\\" && FOO=1 exec ./y > log"}',
    ]);
  });

  it.each([
    ['./x | tee log', 'command: {shell: "./x | tee log"}'],
    ['./x > log', 'command: {shell: "exec ./x > log"}'],
    ['./x 2>&1 >>log', 'command: {shell: "exec ./x 2>&1 >>log"}'],
    ['./x < in', 'command: {shell: "exec ./x < in"}'],
    ['./a; ./b', 'command: {shell: "./a; exec ./b"}'],
    ['./a || ./b', 'command: {shell: "./a || ./b"}'],
    ['. venv/bin/activate && ./x', 'command: {shell: ". venv/bin/activate && exec ./x"}'],
    ['ulimit -n 99', 'command: {shell: "ulimit -n 99"}'],
    ['cat a|nl', undefined],
  ])('%s', (text, shell) => {
    expect(ofTarget(text)).toEqual(shell === undefined ? undefined : [shell]);
  });

  it('uses what a scenario has itself', () => {
    expect(ofTarget('exec ./x')).toEqual(['command: ./x', 'command: {shell: "exec ./x"}']);
    expect(ofTarget('./x &')?.[0]).toBe('command: ./x');
    expect(ofTarget('./x --port $PORT')?.[0]).toBe('command: ./x --port ${PORT}');
    expect(ofBuild('kill -USR1 $(cat a.pid)')).toEqual(['build: {shell: "kill -USR1 $(cat a.pid)"}']);
  });
});
