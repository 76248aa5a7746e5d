// A runner process that starts one step and ends with it, as if the machine had died. The environment of the step is
// passed as JSON, so that NODE_OPTIONS applies to the step only.
import { spawnSync } from 'node:child_process';

const [, , entry = ''] = process.argv;
const env = JSON.parse(process.env['STEP_ENV'] ?? '{}') as Record<string, string>;
const { status, signal } = spawnSync(process.execPath, [entry], { env, stdio: 'inherit' });
if (signal !== null) process.kill(process.pid, signal);
else process.exitCode = status ?? 1;
