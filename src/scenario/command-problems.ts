/**
 * Commands that need a shell and do not ask for one.
 *
 * Rule: a command is text that is split into words; what only a shell understands would be handed to the program as
 * arguments, so it is refused, with the YAML that says what was meant.
 */
import { isMap, valueAt, type Source } from './layers.ts';
import { shellSyntaxIn } from './shell-syntax.ts';
import { stepsOf } from './steps.ts';
import { gotText, pathText, type Path, type Problem } from './wording.ts';

/** What is wrong with the commands of an arm. */
export function commandProblems(arm: Source): Problem[] {
  const services = valueAt(arm, ['services']);
  const steps = stepsOf(arm)
    .filter(({ name }) => name === 'run')
    .map(({ path, name, options }) => (isMap(options) ? [...path, name, 'command'] : [...path, name]));
  return [
    ...[
      ['target', 'command'],
      ...Object.keys(isMap(services) ? services : {}).map((name) => serviceCommand(name)),
    ].flatMap((path) => problemAt(arm, path, true)),
    ...[['target', 'build'], ['target', 'identity', 'command'], ['restart', 'command'], ...steps].flatMap((path) =>
      problemAt(arm, path, false),
    ),
  ];
}

const serviceCommand = (name: string): string[] => ['services', name, 'command'];

function problemAt(arm: Source, path: Path, stays: boolean): Problem[] {
  const command = valueAt(arm, path);
  const field = String(path.at(-1));
  const found = typeof command === 'string' ? shellSyntaxIn(command, { field, stays }) : undefined;
  if (found === undefined) return [];
  const at = pathText(path.slice(0, -1));
  const [better, other] = found.instead;
  return [
    {
      path,
      text:
        `expected a program and its arguments, since no shell is started; got ${gotText(command)}, in which ` +
        `${JSON.stringify(found.sign)} is for a shell. Under ${at} write ${better}` +
        `${other === undefined ? '' : `, or ${other}`}; if it is an argument, put it in quotes`,
    },
  ];
}
