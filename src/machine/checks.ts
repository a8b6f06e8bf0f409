/**
 * The checks of doctor, from what was read and measured.
 *
 * Rule: pure, one function a property, and every limit is a named number.
 */
import { check, type Check } from './check.ts';
import type { MachineFacts } from './facts.ts';
import type { Need } from './need.ts';
import type { Noise } from './noise.ts';

/** Files that a process has open besides its connections. */
const OTHER_FILES = 50;
/** How long the port of an ended connection rests (Linux: TCP_TIMEWAIT_LEN), s. */
const REST_S = 60;
/** A restart that keeps connections waiting for so long must not overflow the accept queue, s. */
const ORDINARY_PAUSE_S = 1;
const MIB = 1024 * 1024;
const GOOD_MEMORY_BYTES = 1024 * MIB;
const LEAST_MEMORY_BYTES = 256 * MIB;

/** All checks that need no traffic, in the order in which they are shown. */
export function checksOf(facts: MachineFacts, noise: Noise, need: Need): Check[] {
  return [
    clock(facts, noise),
    ...files(facts, need),
    ...ports(facts, need),
    ...acceptQueue(facts, need),
    migration(facts),
    cores(facts),
    ...neighbours(facts, noise),
    check(
      'proc',
      facts.procReadable ? '/proc shows processes and sockets' : '/proc does not show processes and sockets',
      [
        !facts.procReadable,
        'warn',
        'Give the target an identity header (target.identity): without /proc it is the only proof of a restart.',
      ],
    ),
    memory(facts),
  ];
}

function clock({ clockSource }: MachineFacts, { clockStepNs, timerP50Ms, timerP99Ms }: Noise): Check {
  const found =
    `steps of ${clockStepNs} ns${clockSource === undefined ? '' : ` (${clockSource})`}; a 1 ms timer is late by ` +
    `${ms(timerP50Ms)} (median), ${ms(timerP99Ms)} (p99)`;
  return check(
    'clock',
    found,
    [clockStepNs > 100_000, 'problem', 'Choose a better clock source: this one cannot time a request.'],
    [
      timerP99Ms > 20,
      'problem',
      'Wait until the machine is quiet, or take one with more free cores: requests cannot leave on time.',
    ],
    [timerP99Ms > 5, 'warn', 'End other work on this machine while zerodrop runs: requests leave late now and then.'],
  );
}

function files({ openFiles }: MachineFacts, { connections }: Need): Check[] {
  if (openFiles === undefined) return [];
  const needed = connections + OTHER_FILES;
  return [
    check('files', `${count(openFiles)} files may be open; ${count(needed)} are needed when the target stands still`, [
      openFiles < needed,
      'problem',
      `Raise the limit (ulimit -n ${needed}), or lower the rates or traffic.client.timeout.`,
    ]),
  ];
}

function ports({ ports: range, twReuse = 0 }: MachineFacts, { freshPerSecond, connections }: Need): Check[] {
  if (range === undefined) return [];
  const available = range[1] - range[0] + 1;
  const restingPerSecond = Math.floor(available / REST_S);
  const found = `${count(available)} ephemeral ports, tcp_tw_reuse is ${twReuse}`;
  const widen = 'Widen net.ipv4.ip_local_port_range';
  return [
    check(
      'ports',
      found,
      [available < connections, 'problem', `${widen}: ${count(connections)} connections may be open at once.`],
      [
        twReuse === 0 && freshPerSecond > restingPerSecond,
        'problem',
        `Set net.ipv4.tcp_tw_reuse to 1, or keep new connections below ${restingPerSecond}/s: each port rests ` +
          `for ${REST_S} s where the client closes first.`,
      ],
      [
        twReuse === 0,
        'warn',
        `Keep new connections below ${restingPerSecond}/s, or set net.ipv4.tcp_tw_reuse to 1: each port rests ` +
          `for ${REST_S} s where the client closes first.`,
      ],
      [
        twReuse === 2 && freshPerSecond > restingPerSecond,
        'warn',
        `Against a target on another machine keep new connections below ${restingPerSecond}/s, or set ` +
          'net.ipv4.tcp_tw_reuse to 1: 2 covers the loopback only.',
      ],
    ),
  ];
}

function acceptQueue({ somaxconn }: MachineFacts, { freshPerSecond }: Need): Check[] {
  if (somaxconn === undefined) return [];
  const needed = Math.ceil(freshPerSecond * ORDINARY_PAUSE_S);
  return [
    check('somaxconn', `${count(somaxconn)} connections may wait to be accepted`, [
      somaxconn < needed,
      'warn',
      `Raise net.core.somaxconn to ${needed} or more: a target that pauses for ${ORDINARY_PAUSE_S} s would ` +
        'overflow its queue, and connects would be repeated a second later.',
    ]),
  ];
}

function migration({ migrateReq }: MachineFacts): Check {
  const found =
    migrateReq === 1
      ? 'tcp_migrate_req is 1: connections that wait for a SO_REUSEPORT listener which closes go to the others'
      : `tcp_migrate_req is ${migrateReq ?? 'not known to this kernel'}: connections that wait for a ` +
        'SO_REUSEPORT listener which closes are reset, as on most machines';
  return check('reuse-port', found, [
    migrateReq === 1,
    'warn',
    'Compare with production: where it is 0 (the default), a target that passed here with SO_REUSEPORT may ' +
      'lose connections.',
  ]);
}

function cores({ cores: own, quotaCores }: MachineFacts): Check {
  const usable = Math.min(own, quotaCores ?? own);
  const found =
    `${own} ` +
    (own === 1 ? 'core' : 'cores') +
    (quotaCores === undefined ? '' : `, of which a control group allows ${quotaCores.toFixed(1)}`);
  return check(
    'cores',
    found,
    [
      usable < 1,
      'problem',
      'Raise the CPU limit of this container to 2 or more: every pause of the control group looks like a stall ' +
        'of the target.',
    ],
    [usable < 2, 'warn', 'Take a machine with two cores or more: here the traffic takes its time from the target.'],
  );
}

function neighbours(
  { loadAverage, cores: own }: MachineFacts,
  { lostShare, longestHoleMs, stealShare }: Noise,
): Check[] {
  const quieter = 'End other work on this machine, or take a quieter one: its pauses look like stalls of the target.';
  return [
    check('load', `load average ${loadAverage.toFixed(1)} on ${own} ${own === 1 ? 'core' : 'cores'}`, [
      loadAverage > own / 2,
      'warn',
      'Wait until other work has ended: it takes time from the target and from the traffic.',
    ]),
    check(
      'neighbours',
      `a busy process lost ${percent(lostShare)} of its time, ${ms(longestHoleMs)} at a time at ` +
        `most${stealShare === undefined ? '' : `; the host took ${percent(stealShare)}`}`,
      [lostShare > 0.25 || longestHoleMs > 100 || (stealShare ?? 0) > 0.1, 'problem', quieter],
      [lostShare > 0.02 || longestHoleMs > 5 || (stealShare ?? 0) > 0.01, 'warn', quieter],
    ),
  ];
}

function memory({ memoryBytes }: MachineFacts): Check {
  return check(
    'memory',
    `${count(Math.round(memoryBytes / MIB))} MiB free`,
    [memoryBytes < LEAST_MEMORY_BYTES, 'problem', 'Free some memory: too little of it pauses zerodrop and the target.'],
    [memoryBytes < GOOD_MEMORY_BYTES, 'warn', 'Keep an eye on memory in long runs.'],
  );
}

const count = (value: number): string => (value === Infinity ? 'any number of' : value.toLocaleString('en-US'));
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
