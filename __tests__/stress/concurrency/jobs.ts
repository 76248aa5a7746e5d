// Many jobs in one home with one emulator, and other processes that read, rewrite or kill.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt } from 'jose';
import { type Job, type Stage, startJob } from '../../../emulator/runner/job.ts';
import { startEmulator } from '../../../emulator/server/start.ts';
import { REPLACED } from './shared-config.ts';

export interface Login {
  profile: string;
  main(signal?: AbortSignal): Promise<Stage>;
  post(main: Pick<Stage, 'state'>): Promise<Stage>;
}

export interface SharedHome {
  home: string;
  config: string;
  /** Names of the lock files. */
  lockFiles(): string[];
  configText(): string;
  logins: Login[];
  /** Runs `<script>.ts` at the same time. */
  beside<Result>(script: 'reader' | 'rewriter' | 'killer', ...given: string[]): Promise<Companion<Result>>;
  end(): Promise<void>;
}

export interface Companion<Result> {
  /** Ends the process. @returns its result */
  end(): Promise<Result>;
}

/** Long, because this machine is overloaded. */
const LONG_TIMEOUTS = { 'request-timeout-seconds': '120', 'timeout-seconds': '600' };

/** Logins to different profiles, some of which the user has already, and `pairs` of logins of one job to one profile. */
export async function openSharedHome(own: string, count: number, pairs: number): Promise<SharedHome> {
  const emulator = await startEmulator();
  const home = newHome(own);
  const config = path.join(home, '.oci/config');
  const jobs: Job[] = [];
  const companions: Companion<unknown>[] = [];
  const loginsOf = (profile: string, times: number): Login[] => {
    const job = startJob({ home, env: emulator.env });
    jobs.push(job);
    const overwrite = { 'overwrite-profile': String(REPLACED.includes(profile)) };
    const inputs = { ...emulator.inputs, ...LONG_TIMEOUTS, ...overwrite, profile };
    const main: Login['main'] = (signal) => job.main(inputs, signal ? { signal } : {});
    return Array.from({ length: times }, () => ({ profile, main, post: job.post }));
  };
  const single = count - REPLACED.length - 2 * pairs;
  return {
    home,
    config,
    lockFiles: () => readdirSync(path.dirname(config)).filter((name) => name.includes('.lock-')),
    configText: () => readFileSync(config, 'latin1'),
    logins: [
      ...Array.from({ length: pairs }, (_, at) => loginsOf(`PAIR${at}`, 2)),
      ...REPLACED.map((profile) => loginsOf(profile, 1)),
      ...Array.from({ length: single }, (_, at) => loginsOf(`P${at}`, 1)),
    ].flat(),
    async beside<Result>(script: string, ...given: string[]): Promise<Companion<Result>> {
      const { child, output } = await startCompanion(script, given);
      const companion = {
        async end() {
          child.stdin?.end();
          return JSON.parse((await output).replace('ready\n', '')) as Result;
        },
      };
      companions.push(companion);
      return companion;
    },
    async end() {
      await Promise.all(companions.map((companion) => companion.end()));
      for (const job of jobs) job.end();
      await emulator.close();
      rmSync(home, { recursive: true });
    },
  };
}

function newHome(own: string): string {
  const home = mkdtempSync(path.join(tmpdir(), 'shared-home-'));
  const put = (name: string, content: string) => {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(home, name), content, { mode: 0o600, encoding: 'latin1' });
  };
  put('.oci/config', own);
  for (const name of REPLACED) put(`.oci/sessions/${name}/token`, `token of the user for ${name}`);
  return home;
}

/** Whether the key matches the token of the profile and the fingerprint in its section. */
export function hasOwnFiles(config: string, profile: string, fingerprint: string): boolean {
  const directory = path.join(path.dirname(config), 'sessions', profile);
  const [keyFile, tokenFile] = ['oci_api_key.pem', 'token'].map((name) => path.join(directory, name));
  if (!keyFile || !tokenFile || !existsSync(keyFile) || !existsSync(tokenFile)) return false;
  const publicKey = createPublicKey(createPrivateKey(readFileSync(keyFile)));
  const digest = createHash('md5')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const bound = JSON.parse(String(decodeJwt(readFileSync(tokenFile, 'utf8'))['jwk']));
  return (
    digest === fingerprint.replaceAll(':', '') && bound['n'] === publicKey.export({ format: 'jwk' })['n']
  );
}

/** Starts a process that ends with its standard input and then prints its result as JSON. */
async function startCompanion(
  script: string,
  given: readonly string[],
): Promise<{ child: ChildProcess; output: Promise<string> }> {
  const file = path.join(import.meta.dirname, `${script}.ts`);
  const child = spawn(process.execPath, [file, ...given], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  const output = new Promise<string>((resolve) => child.once('close', () => resolve(text)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      resolve();
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${script} has ended`)));
  });
  return { child, output };
}
