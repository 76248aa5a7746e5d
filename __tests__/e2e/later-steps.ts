// Starts later steps of a job as processes that use its login while the refresher runs.
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Journey } from './journey.ts';
import type { StepReport } from './long-step.ts';

export interface LaterStep {
  /** Ends the step after its current calls. @returns its report */
  end(): Promise<StepReport>;
}

const SCRIPT = path.join(import.meta.dirname, 'long-step.ts');

/** Starts a step with the current environment of the job. */
export function startStep({ emulator, job }: Pick<Journey, 'emulator' | 'job'>): LaterStep {
  const { oci, sts, s3 } = emulator.urls;
  const endpoints = { OCI_EMULATOR_ENDPOINT: oci, AWS_ENDPOINT_URL_STS: sts, AWS_ENDPOINT_URL_S3: s3 };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT], {
    env: { ...job.env(), ...endpoints, AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the step ended with ${code}`)),
    );
  });
  // `end` reports the rejection; until then it must not count as unhandled.
  ended.catch(() => undefined);
  return {
    async end() {
      child.stdin.end();
      await ended;
      return JSON.parse(output) as StepReport;
    },
  };
}
