/**
 * The command line.
 *
 * Rule: the only file, with its entry, that ends the process. It turns words into calls and results into exit codes,
 * and does nothing
 * else.
 */
import { hideBin } from 'yargs/helpers';
import yargs from 'yargs';
import { compare } from './commands/compare.ts';
import { doctor } from './commands/doctor.ts';
import { init } from './commands/init/init.ts';
import { judgeAgain, reportAgain } from './commands/judge.ts';
import { printFailure } from './commands/failure.ts';
import { quoted, runScenarios } from './commands/run.ts';
import { showStrategies } from './commands/strategies.ts';
import { programIn, wordsOf } from './commands/try/words.ts';
import { tryCommand } from './commands/try/try.ts';
import { validate } from './commands/validate.ts';
import { EXIT, ZerodropError } from './errors.ts';
import { VERSION } from './version.ts';

const outputs = {
  json: { type: 'string', describe: 'Also write result.json to FILE', requiresArg: true },
  html: { type: 'string', describe: 'Also write report.html to FILE', requiresArg: true },
  junit: { type: 'string', describe: 'Also write junit.xml to FILE', requiresArg: true },
  markdown: { type: 'string', describe: 'Also write summary.md to FILE', requiresArg: true },
  openmetrics: {
    type: 'string',
    describe: 'Also write metrics.prom to FILE, for a textfile collector or a push gateway',
    requiresArg: true,
  },
  expect: {
    type: 'boolean',
    default: false,
    describe: 'Exit with 0 when every verdict is as the scenario expects',
  },
  inconclusive: {
    choices: ['report', 'fail'] as const,
    default: 'report' as const,
    requiresArg: true,
    describe: 'fail: an inconclusive verdict exits with 1 and is an error in junit.xml',
  },
} as const;

/**
 * One signal asks for the end with a report, a second one leaves at once; what was started is cleared away by the
 * warden.
 */
function endOnSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write('\nStopping; a report follows. Press Ctrl-C again to quit now.\n');
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}

// A reader that goes away, such as `head`, or a full disk behind the output: the run, its files and its exit code hold.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// Where no promise carries an error, it still ends in words and with its code.
process.on('uncaughtException', (error) => process.exit(printFailure(error)));

let exitCode: number = EXIT.pass;
const { own, command: commandToTry } = wordsOf(hideBin(process.argv));
const parser = yargs(own)
  .scriptName('zerodrop')
  .usage('$0 <command>\n\nRestarts your server under load and counts every request that it lost.')
  .command(
    'run <scenario...>',
    'Run scenarios, judge them and write their reports',
    (command) =>
      command
        .positional('scenario', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Scenario files: YAML, JSON, TypeScript or JavaScript',
        })
        .option('strategy', {
          alias: 's',
          type: 'string',
          requiresArg: true,
          describe: 'Restart strategy (overrides the scenario)',
        })
        .option('restarts', {
          alias: 'n',
          type: 'number',
          requiresArg: true,
          describe: 'Number of restarts (overrides the scenario)',
        })
        .option('threshold', {
          type: 'string',
          array: true,
          nargs: 1,
          requiresArg: true,
          describe: 'Set a threshold: name=value, such as lost=5 or gap=100ms',
        })
        .option('seed', { type: 'number', requiresArg: true, describe: 'Seed of an earlier run, to repeat its timing' })
        .option('bail', {
          type: 'boolean',
          default: false,
          describe: 'End an arm at its first restart that dropped requests',
        })
        .option('baseline', {
          type: 'string',
          requiresArg: true,
          describe: 'Fail when it is worse, beyond noise, than this earlier run (its folder)',
        })
        .option('controls', {
          type: 'boolean',
          default: true,
          describe: 'Measure a known-bad server and sham restarts first; --no-controls skips both',
        })
        .option('out-dir', { type: 'string', default: 'reports', requiresArg: true, describe: 'Folder for the runs' })
        .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'Print the verdicts only' })
        .options(outputs)
        .example('$0 run scenarios/demo.yaml', 'three ways to restart one small server')
        .example('$0 run api.yaml -n 59 --threshold gap=50ms', 'a stricter gate')
        .example('$0 run api.yaml -s kill-start --expect', 'a control that must be seen to fail'),
    async (argv) => {
      exitCode = await runScenarios({
        ...argv,
        thresholds: argv.threshold,
        files: argv.scenario,
        signal: endOnSignal(),
        args: hideBin(process.argv),
      });
    },
  )
  .command(
    'try [url]',
    'See in a minute what a restart costs, without a file: zerodrop try -- COMMAND',
    (command) =>
      command
        .usage(
          '$0 try -- COMMAND\n$0 try URL -- RESTART COMMAND\n\nStarts the server (or attaches to URL) and restarts it.',
        )
        .positional('url', { type: 'string', describe: 'A service that runs already; COMMAND restarts it' })
        .option('path', {
          type: 'string',
          requiresArg: true,
          describe: 'Path of the requests; default: one that answers',
        })
        .option('rate', {
          type: 'number',
          default: 100,
          requiresArg: true,
          describe: 'Requests per second, new and kept-alive each',
        })
        .option('signal', {
          type: 'string',
          default: 'SIGTERM',
          requiresArg: true,
          describe: 'The signal that ends the server',
        })
        .option('port', {
          type: 'number',
          requiresArg: true,
          describe: 'The port that it opens, when it opens several',
        })
        .option('count', { type: 'number', default: 2, requiresArg: true, describe: 'Plain restarts' })
        .option('header', {
          type: 'string',
          array: true,
          nargs: 1,
          default: [],
          requiresArg: true,
          describe: "'Name: value' of each request",
        })
        .option('save', {
          type: 'string',
          requiresArg: true,
          describe: 'Write the scenario that goes on from here to FILE',
        })
        .option('out-dir', { type: 'string', default: 'reports', requiresArg: true, describe: 'Folder for the runs' })
        .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'Print the answers only' })
        .example('$0 try -- ./api --verbose', 'a server that reads PORT')
        .example('$0 try http://127.0.0.1:8080/ -- systemctl restart api', 'a service that runs'),
    async (argv) => {
      exitCode = await tryCommand({
        ...argv,
        command: commandToTry,
        stopSignal: argv.signal,
        headers: argv.header,
        shown: ['zerodrop', ...hideBin(process.argv)].map(quoted).join(' '),
        signal: endOnSignal(),
      });
    },
  )
  .command(
    'compare <run|scenario...>',
    'Compare saved runs, or the arms of scenarios that are run now in turns, with the first one',
    (command) =>
      command
        .positional('run', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Folders of saved runs, scenario files, or both',
        })
        .option('restarts', {
          alias: 'n',
          type: 'number',
          requiresArg: true,
          describe: 'Scenarios: number of restarts (overrides theirs)',
        })
        .option('seed', {
          type: 'number',
          requiresArg: true,
          describe: 'Scenarios: seed of an earlier run, to repeat its timing',
        })
        .option('out-dir', {
          type: 'string',
          default: 'reports',
          requiresArg: true,
          describe: 'Folder for the comparison, and for the runs',
        })
        .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'Print the comparison only' })
        .option('json', { type: 'string', requiresArg: true, describe: 'Also write comparison.json to FILE' })
        .option('html', { type: 'string', requiresArg: true, describe: 'Also write report.html to FILE' })
        .option('markdown', { type: 'string', requiresArg: true, describe: 'Also write summary.md to FILE' })
        .option('junit', outputs.junit)
        .option('png', { type: 'string', requiresArg: true, describe: 'Also write comparison.png to FILE' })
        .option('inconclusive', outputs.inconclusive)
        .example(
          '$0 compare reports/api/20260101-120000 reports/api/20260102-120000',
          'is the second run worse than the first?',
        )
        .example('$0 compare express-4.yaml express-5.yaml -n 20', 'run both in turns, then compare'),
    async (argv) => {
      const command = ['zerodrop', ...hideBin(process.argv)].map(quoted).join(' ');
      exitCode = await compare({ ...argv, named: argv.run, command, signal: endOnSignal() });
    },
  )
  .command(
    'validate <scenario...>',
    'Check scenarios without running them; lists all problems at once',
    (command) =>
      command
        .positional('scenario', { type: 'string', array: true, demandOption: true })
        .example('$0 validate scenarios/*.yaml', 'check a whole folder'),
    async (argv) => {
      exitCode = await validate(argv.scenario);
    },
  )
  .command(
    'strategies [name]',
    'List the restart strategies, or explain one with its steps',
    (command) =>
      command
        .positional('name', { type: 'string' })
        .example('$0 strategies socket-activation', 'its steps and what uses it'),
    (argv) => showStrategies(argv.name),
  )
  .command(
    'judge <run>',
    'Judge a saved run again from its log',
    (command) =>
      command
        .positional('run', { type: 'string', demandOption: true, describe: 'The folder of a run' })
        .options(outputs)
        .example('$0 judge reports/demo/20260101-120000', 'the verdict, without running it again'),
    async (argv) => {
      exitCode = await judgeAgain(argv.run, argv);
    },
  )
  .command(
    'report <run>',
    'Write the reports of a saved run again',
    (command) =>
      command
        .positional('run', { type: 'string', demandOption: true, describe: 'The folder of a run' })
        .options(outputs)
        .example('$0 report reports/demo/20260101-120000 --html page.html', 'a copy of the page'),
    (argv) => reportAgain(argv.run, argv),
  )
  .command(
    'init [file]',
    'Write a commented scenario for the project in this folder, and its JSON Schema',
    (command) =>
      command
        .positional('file', { type: 'string', default: 'zerodrop.yaml' })
        .option('strategy', { alias: 's', type: 'string', requiresArg: true, describe: 'Restart strategy' })
        .option('ci', {
          type: 'boolean',
          default: false,
          describe: 'Also write a GitHub Actions workflow that runs it',
        })
        .example('$0 init staging/api.yaml', 'then edit it and run it'),
    (argv) => init(argv),
  )
  .command(
    'doctor [scenario]',
    'Check this machine, and measure what it can send and see',
    (command) =>
      command
        .positional('scenario', { type: 'string', describe: 'Hold the machine against what this scenario needs' })
        .option('json', { type: 'boolean', default: false, describe: 'Print the findings as JSON' })
        .example('$0 doctor api.yaml', 'is this machine fit for that scenario?'),
    async (argv) => {
      exitCode = await doctor({ scenario: argv.scenario, json: argv.json, signal: endOnSignal() });
    },
  )
  .completion('completion', 'Print a completion script for your shell')
  .option('color', { type: 'boolean', default: true, describe: 'Colours in the terminal; --no-color turns them off' })
  .version(VERSION)
  .help()
  .alias('help', 'h')
  .strict()
  .recommendCommands()
  .demandCommand(1, 'Name a command; zerodrop --help lists them.')
  .epilogue(
    'Exit codes: 0 pass, 1 fail, 2 inconclusive, 64 bad scenario or arguments, 69 the target never became ' +
      'healthy, 70 a bug of zerodrop, 130 interrupted.',
  )
  .wrap(Math.min(120, process.stdout.isTTY ? process.stdout.columns : 100))
  .exitProcess(false)
  .fail((message, error: Error | undefined) => {
    if (error !== undefined) throw error;
    // Without an error it is yargs that does not understand the words.
    const program = programIn(own, process.env['PATH']);
    throw new ZerodropError(
      'bad-arguments',
      program === undefined ? message.replace(/\s*\n\s*/g, ' ') : `${program[0]} is not a command of zerodrop`,
      program === undefined
        ? 'zerodrop --help shows the commands, zerodrop <command> --help their options.'
        : `Did you mean: zerodrop try -- ${program.map(quoted).join(' ')}`,
    );
  });

try {
  await parser.parseAsync();
} catch (error) {
  exitCode = printFailure(error);
}
// Everything is closed by now; a timer of a library must not keep the caller waiting.
process.exit(exitCode);
