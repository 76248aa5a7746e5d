// Starts later steps of a job as processes, which use its login while the refresher runs.
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Journey } from './journey.ts';
import type { StepReport } from './long-step.ts';

export interface LaterStep {
  /** Lets it finish the round it is at; @returns what it has to say */
  end(): Promise<StepReport>;
}

const SCRIPT = path.join(import.meta.dirname, 'long-step.ts');

/** Works from now on, with the environment that the job has now. */
export function startStep({ emulator, job }: Pick<Journey, 'emulator' | 'job'>): LaterStep {
  const { oci, sts, s3 } = emulator.urls;
  const endpoints = { OCI_EMULATOR_ENDPOINT: oci, AWS_ENDPOINT_URL_STS: sts, AWS_ENDPOINT_URL_S3: s3 };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT], {
    env: { ...job.env(), ...endpoints, AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the step ended with ${code}`)),
    );
  });
  // Whoever waits for it later shall learn of it; until then it is no unhandled rejection.
  ended.catch(() => undefined);
  return {
    async end() {
      child.stdin.end();
      await ended;
      return JSON.parse(said) as StepReport;
    },
  };
}
