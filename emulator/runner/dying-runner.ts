// A runner process that starts one step and ends with it, as if its machine had died. The step's environment comes as
// JSON, so that options for Node in it are the step's alone.
import { spawnSync } from 'node:child_process';

const [, , entry = ''] = process.argv;
const env = JSON.parse(process.env['STEP_ENV'] ?? '{}') as Record<string, string>;
const { status, signal } = spawnSync(process.execPath, [entry], { env, stdio: 'inherit' });
if (signal !== null) process.kill(process.pid, signal);
else process.exitCode = status ?? 1;
