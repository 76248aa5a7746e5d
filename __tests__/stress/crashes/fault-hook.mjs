// Preloaded into a step (`NODE_OPTIONS=--import`): counts the calls that change the disk or send something, logs them to a
// file, and kills the process at one of them.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

/** @type {{ log: string, at?: number, when?: 'before' | 'partial' | 'after', signal?: string, watch?: string[], ignored?: string[], isBusy?: boolean }} */
const plan = JSON.parse(process.env['FAULT_HOOK_PLAN'] ?? '{}');
const { at = 0, when = 'before', signal = 'SIGKILL', watch = [], ignored = [], isBusy = false } = plan;
const real = { ...fs };
const logFile = real.openSync(plan.log, 'a');
const pathOfDescriptor = new Map();
const snapshot = await watcher();
let count = 0;
/** Functions of Node call each other by their public names. */
let inside = false;
let lastSnapshot = snapshot();

const WRITES = ['appendFileSync', 'writeFileSync', 'writeSync'];
const CHANGES = [
  ...[
    'chmodSync',
    'chownSync',
    'copyFileSync',
    'cpSync',
    'fchmodSync',
    'fchownSync',
    'ftruncateSync',
    'futimesSync',
  ],
  ...['linkSync', 'lutimesSync', 'mkdirSync', 'mkdtempSync', 'openSync', 'renameSync', 'rmSync', 'rmdirSync'],
  ...['symlinkSync', 'truncateSync', 'unlinkSync', 'utimesSync', 'writevSync', ...WRITES],
];
for (const name of CHANGES.filter((change) => !ignored.includes(change))) wrap(fs, name, changesDisk, pathOf);
wrap(
  process.getBuiltinModule('node:child_process'),
  'spawn',
  () => true,
  ([, [script]]) => script,
);
for (const scheme of ['https', 'http']) {
  wrap(
    process.getBuiltinModule(`node:${scheme}`),
    'request',
    () => true,
    ([url]) => url.pathname ?? url.path,
  );
}
fs.lstatSync = agedStats;
syncBuiltinESMExports();
process.on('exit', () => report(lastSnapshot === snapshot() ? [] : [{ uncounted: count + 1 }]));

function wrap(owner, name, counts, describe) {
  const original = owner[name];
  owner[name] = function (...parameters) {
    const call = () => Reflect.apply(original, this, parameters);
    if (inside || !counts(parameters, name)) return call();
    // Entry by entry, so that the process can be killed between any two.
    if (name === 'rmSync' && isDirectory(parameters[0])) return removeTree(...parameters);
    inside = true;
    try {
      return counted({ call: name, path: describe(parameters) }, call, parameters);
    } finally {
      inside = false;
    }
  };
}

function counted(named, call, parameters) {
  count += 1;
  report([{ n: count, ...named }, ...(lastSnapshot === snapshot() ? [] : [{ uncounted: count }])]);
  if (count === at && when === 'before') die();
  if (count === at && when === 'partial') {
    writeHalf(named.call, parameters);
    die();
  }
  const result = call();
  if (named.call === 'openSync') pathOfDescriptor.set(result, named.path);
  lastSnapshot = snapshot();
  if (count === at && when === 'after') {
    if (named.call === 'request') result.once('response', die).once('connect', die);
    else die();
  }
  return result;
}

/** `writeSync` gets an offset and a length in the buffer, and a position in the file. */
function writeHalf(name, [target, content, ...options]) {
  const bytes = Buffer.from(content);
  if (name !== 'writeSync') return real[name](target, bytes.subarray(0, bytes.length >> 1), ...options);
  const [offset = 0, length = bytes.length, position] = options;
  return real.writeSync(target, bytes, offset, length >> 1, position);
}

function die() {
  process.kill(process.pid, signal);
}

function report(lines) {
  for (const line of lines) real.writeSync(logFile, `${JSON.stringify(line)}\n`);
}

/** Opening to read changes nothing. Removing a missing entry changes nothing. */
function changesDisk([target, flags = 'r'], name) {
  if (name === 'openSync') {
    const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC } = fs.constants;
    return typeof flags === 'number'
      ? (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) !== 0
      : !/^r?s?$/.test(flags);
  }
  return name !== 'rmSync' || real.lstatSync(target, { throwIfNoEntry: false }) !== undefined;
}

function pathOf([target]) {
  return typeof target === 'number'
    ? (pathOfDescriptor.get(target) ?? `descriptor ${target}`)
    : String(target);
}

function isDirectory(target) {
  return real.lstatSync(target).isDirectory();
}

function removeTree(directory, options) {
  for (const name of real.readdirSync(directory)) fs.rmSync(path.join(directory, name), options);
  fs.rmdirSync(directory);
}

/** The action depends on the age of files. With fixed ages, below that of a stale lock, it makes the same calls however slow the test is. */
function agedStats(...parameters) {
  const stats = real.lstatSync(...parameters);
  const mtimeMs = Date.now() - (isBusy ? 500 : 5000);
  if (stats !== undefined) stats.mtimeMs = typeof stats.mtimeMs === 'bigint' ? BigInt(mtimeMs) : mtimeMs;
  return stats;
}

/** Returns the content of the watched directories as text. It is constant when none is watched. */
async function watcher() {
  if (watch.length === 0) return () => '';
  const { treeOf } = await import('../../unit/profiles/tree.ts');
  return () => JSON.stringify(watch.map(treeOf));
}
