// Released SDKs on Windows that use what a login left.
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { NodeCommand } from '../../emulator/runner/job.ts';
import { type Journey, warningsOf } from '../e2e/journey.ts';
import { installed } from '../interop/install.ts';
import { failureOf, stdoutOf } from '../interop/login.ts';
import { stepIn } from '../interop/step.ts';
import { preloaded, startOnWindows } from './windows-journey.ts';
import { windowsNode, windowsProgram } from './wine.ts';

const root = path.join(import.meta.dirname, '../..');

function later(
  { emulator, job }: Journey,
  command: NodeCommand,
  args: readonly string[],
  more: Record<string, string> = {},
) {
  const { oci, sts, s3 } = emulator.urls;
  const {
    file,
    args: all,
    env,
  } = command(args, {
    ...job.env(),
    OCI_EMULATOR_ENDPOINT: oci,
    AWS_ENDPOINT_URL_STS: sts,
    AWS_ENDPOINT_URL_S3: s3.replace('localhost', '127.0.0.1'),
    AWS_EC2_METADATA_DISABLED: 'true',
    OCI_DEFAULT_CERTS_PATH: emulator.caFile, // Go takes the CAs of Windows otherwise
    TENANCY: emulator.inputs.tenancy,
    ...more,
  });
  return stepIn({ env: () => ({}), workspace: job.workspace }, env)(file, all);
}

const go: NodeCommand = (args, env) => windowsProgram(installed('go-windows', 'go.exe'), args, env);

/** Wine 8 cannot connect a socket with these options, which `fetch` sets. */
const WITHOUT_KEEP_ALIVE =
  "import net from 'node:net'; net.Socket.prototype.setKeepAlive = function () { return this; };";

describe('on Windows', () => {
  it("Oracle's SDK for TypeScript uses the profile", async () => {
    const journey = await startOnWindows();
    expect((await journey.main()).exitCode).toBe(0);
    const script = path.join(root, 'scripts/demo/consumer-oci.ts');
    const env = preloaded(journey.job, WITHOUT_KEEP_ALIVE);
    expect(stdoutOf(await later(journey, windowsNode, [script], env))).toContain('bucket deleted');
  });

  it.each([
    ['session', { profile: 'CI' }],
    ['plain', { profile: 'CI' }],
    ['terraform', { 'export-for': 'terraform' }],
    ['terraform', { 'export-for': 'terraform-session', profile: 'CI' }],
  ])(
    "Oracle's SDK for Go works with the provider %s and %j",
    async (provider, inputs: Record<string, string>) => {
      const journey = await startOnWindows();
      expect((await journey.main(inputs)).exitCode).toBe(0);
      const output = stdoutOf(await later(journey, go, [provider, 'objects']));
      expect(output).toBe(`${journey.emulator.inputs.region}\n`);
    },
  );

  it("Oracle's SDK for Go does not find the files of `resource-principal`, as the login warns", async () => {
    const journey = await startOnWindows();
    const stage = await journey.main({ 'export-for': 'resource-principal' });
    expect(warningsOf(stage)).toEqual([expect.stringContaining('clients in Go use the paths')]);
    const output = failureOf(await later(journey, go, ['resource-principal-in-tenancy', 'objects']));
    expect(output).toContain('PEM data was not found');
  });

  it.each([
    ['exported credentials', {}],
    ['`web-identity`', { 'aws-credential-source': 'web-identity' }],
    ['a profile', { 'aws-profile': 'default', 'aws-export-environment': 'false' }],
  ])("AWS's SDK for JavaScript works with %s", async (_what, inputs: Record<string, string>) => {
    const journey = await startOnWindows();
    expect((await journey.toAws(inputs)).exitCode).toBe(0);
    const script = path.join(root, 'scripts/demo/consumer-aws.ts');
    expect(stdoutOf(await later(journey, windowsNode, [script]))).toContain(':assumed-role/');
  });
});
