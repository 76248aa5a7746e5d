// Runs under Wine: starts one step with exactly the variables that the runner sets, and ends with its exit code.
import { spawn } from 'node:child_process';

const { file, args, env } = JSON.parse(process.env['WINDOWS_STEP'] ?? '{}');
/** Wine 8 fails to start a process now and then, when many start at once. */
const ATTEMPTS = 5;

function start(attempt) {
  const child = spawn(file, args, { env, stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });
  child.once('error', (error) => {
    if (error.code !== 'UNKNOWN' || attempt === ATTEMPTS) throw error;
    start(attempt + 1);
  });
  child.once('exit', (code) => {
    process.exitCode = code;
  });
}

start(1);
