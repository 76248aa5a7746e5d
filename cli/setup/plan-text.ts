// Shows a plan to people. Pure functions, also for `remove`.
import { plain, type Style } from '../terminal.ts';
import type { Operation, Plan, PlannedAction } from './plan-types.ts';
import { count as counted } from './steps.ts';

const SIGNS: Readonly<Record<Operation, readonly [sign: string, style: Style]>> = {
  create: ['+', 'green'],
  append: ['~', 'cyan'],
  change: ['~', 'cyan'],
  keep: ['=', 'dim'],
  warn: ['!', 'yellow'],
  refuse: ['x', 'red'],
  remove: ['-', 'red'],
};

/** Operations that change something. */
const CHANGES: readonly Operation[] = ['create', 'append', 'change', 'remove'];

export const changesOf = ({ actions }: Plan) => actions.filter(({ op }) => CHANGES.includes(op));
export const refusalsOf = ({ actions }: Plan) => actions.filter(({ op }) => op === 'refuse');

const MAX_NAME_WIDTH = 32;

/** The plan in one line for each action, and its details below it. @param style as that of a terminal */
export function planText(plan: Plan, style: (style: Style, text: string) => string): string {
  const width = (of: (action: PlannedAction) => string, most: number) =>
    Math.min(most, Math.max(...plan.actions.map((action) => of(action).length)));
  const objectWidth = width(({ object }) => object, 12);
  const nameWidth = width(({ name }) => name, MAX_NAME_WIDTH);
  const lines = plan.actions.flatMap(({ op, object, name, text, details = [] }) => {
    const [sign, color] = SIGNS[op];
    const start = `  ${sign} ${object.padEnd(objectWidth)}  ${name.padEnd(nameWidth)}  `;
    const below = details.map((line) => ' '.repeat(objectWidth + nameWidth + 8) + line);
    return [`${start}${text}`.trimEnd(), ...below].map((line) => style(color, plain(line)));
  });
  return [...plan.header.map((line) => style('bold', plain(line))), ...lines].join('\n');
}

const COUNTED: readonly (readonly [Operation, string])[] = [
  ['create', 'to add'],
  ['append', 'to extend'],
  ['change', 'to change'],
  ['remove', 'to remove'],
];

/** For example: `2 to add, 2 to extend, 1 warning`. */
export function planTotals({ actions }: Plan): string {
  const of = (op: Operation) => actions.filter((action) => action.op === op).length;
  const totals = [
    ...COUNTED.flatMap(([op, words]) => (of(op) > 0 ? [`${of(op)} ${words}`] : [])),
    ...(of('refuse') > 0 ? [counted(of('refuse'), 'refusal')] : []),
    ...(of('warn') > 0 ? [counted(of('warn'), 'warning')] : []),
  ];
  return totals.length === 0 ? 'nothing to do' : totals.join(', ');
}
