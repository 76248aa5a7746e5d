// `client-auth: oke-workload-identity`: the service account of a pod signs the exchange.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { makeCertificates } from '../../emulator/server/certificates.ts';
import type { Fault } from '../../emulator/server/start.ts';
import { expectFailure, type Journey, logOf, maskedIn, warningsOf } from './journey.ts';
import { signedInputs, startInPod } from './oci-machines.ts';
import { until } from './refresher.ts';

const SIGNED = signedInputs('oke-workload-identity');
const TOKEN_FILE = 'OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH';
const CA_FILE = 'OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH';

const servicesOf = ({ emulator }: Journey) => emulator.journal.map(({ service }) => service);

/** The same pod, with other variables in a next job. */
function withEnv(journey: Journey, changes: Record<string, string>): Journey {
  const names = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT_PROXYMUX', TOKEN_FILE, CA_FILE];
  const env = Object.fromEntries(names.map((name) => [name, journey.job.env()[name] ?? '']));
  return { ...journey, ...journey.nextJob({ env: { ...env, ...changes } }) };
}

describe('a login in a pod', () => {
  it('gets a session of the job, says that this is experimental, and masks all tokens', async () => {
    const journey = await startInPod();
    const { emulator, main, post } = journey;
    const stage = await main(SIGNED);
    expect([stage.exitCode, stage.stderr, warningsOf(stage)]).toEqual([0, '', []]);
    expect(stage.outputs).toMatchObject({ tenancy: emulator.inputs.tenancy });
    expect(logOf(stage)).toContain(
      '`client-auth` oke-workload-identity with `token-type` rpst is experimental',
    );
    expect(servicesOf(journey).toSorted()).toEqual(['domain', 'github', 'workload']);
    // The request token, GitHub's, those of the service account and of the pod, and that of the session.
    const tokens = maskedIn(stage).filter((text) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text));
    expect(new Set(tokens).size).toBe(5);
    expect((await post(stage)).exitCode).toBe(0);
  });

  it('is renewed with a new token of the pod', async () => {
    const world = { rpstLifetimeSeconds: 15, githubJwtLifetimeSeconds: 60 };
    const journey = await startInPod({ world });
    const stage = await journey.main({ ...SIGNED, refresh: 'true', profile: 'LONG' });
    const token = () => readFileSync(stage.outputs['security-token-file'] ?? '', 'utf8');
    const first = token();
    await until(() => token() !== first);
    expect(servicesOf(journey).filter((one) => one === 'workload')).toHaveLength(2);
    expect(warningsOf(await journey.post(stage))).toEqual([]);
  });

  it('uses no proxy for the cluster', async () => {
    const journey = withEnv(await startInPod(), { HTTPS_PROXY: 'http://localhost:1' });
    expect((await journey.main(SIGNED)).exitCode).toBe(0);
  });

  it('tries again when the cluster is busy', async () => {
    const journey = await startInPod();
    journey.emulator.faults.add({ service: 'workload', times: 1, fault: { kind: 'status', status: 503 } });
    expect((await journey.main(SIGNED)).exitCode).toBe(0);
  });
});

describe('a login that gets no token for its pod', () => {
  it.each<[string, Record<string, string>, string]>([
    ['is not in a pod', { KUBERNETES_SERVICE_HOST: '' }, 'this job does not run in a pod'],
    [
      'has no token of a service account',
      { [TOKEN_FILE]: '/nonexistent/token' },
      'There is no /nonexistent/token',
    ],
    ['reaches nothing', { KUBERNETES_SERVICE_PORT_PROXYMUX: '1' }, 'ECONNREFUSED'],
  ])('reports when it %s', async (_what, env, reason) => {
    const journey = withEnv(await startInPod(), env);
    const { message } = await expectFailure(journey, 'OKE_WORKLOAD_IDENTITY_UNAVAILABLE', SIGNED);
    expect(message).toContain(reason);
    expect(servicesOf(journey).filter((one) => one === 'domain')).toEqual([]);
  });

  it.each<[string, Fault, string]>([
    ['a page', { kind: 'html' }, 'something that is no token'],
    ['nothing', { kind: 'reset-before-headers' }, 'ECONNRESET'],
    ['an error', { kind: 'status', status: 500 }, 'status 500'],
  ])('reports when the cluster sends %s', async (_what, fault, reason) => {
    const journey = await startInPod();
    journey.emulator.faults.add({ service: 'workload', fault });
    const { message } = await expectFailure(journey, 'OKE_WORKLOAD_IDENTITY_UNAVAILABLE', SIGNED);
    expect(message).toContain(reason);
  });

  it('trusts only the authority of the cluster', async () => {
    const journey = await startInPod();
    const file = journey.job.env()[CA_FILE] ?? '';
    writeFileSync(file, makeCertificates().ca);
    const { message } = await expectFailure(journey, 'OKE_WORKLOAD_IDENTITY_UNAVAILABLE', SIGNED);
    expect(message).toContain('the TLS certificate of');
    rmSync(file);
    await expectFailure(journey, 'OKE_WORKLOAD_IDENTITY_UNAVAILABLE', SIGNED);
  });

  it.each([
    // Node would trust public authorities.
    ['an empty authority', CA_FILE, '', 'contains no certificate'],
    ['a token of two lines', TOKEN_FILE, 'a.b\n.c', 'contains no JWT'],
    ['an empty token', TOKEN_FILE, '', 'contains no JWT'],
    ['a token of 65 MB', TOKEN_FILE, 'a'.repeat(65 * 2 ** 20), 'There is no'],
  ])('sends no request with %s', async (_what, variable, content, reason) => {
    const journey = await startInPod();
    writeFileSync(journey.job.env()[variable] ?? '', content);
    const { message } = await expectFailure(journey, 'OKE_WORKLOAD_IDENTITY_UNAVAILABLE', SIGNED);
    expect(message).toContain(reason);
    expect(servicesOf(journey)).not.toContain('workload');
  });

  it('does not repeat a request without any response', async () => {
    const journey = await startInPod();
    journey.emulator.faults.add({ service: 'workload', fault: { kind: 'stall-before-headers' } });
    const inputs = { ...SIGNED, 'retry-max-attempts': '3' };
    const { message } = await expectFailure(journey, 'OKE_WORKLOAD_IDENTITY_UNAVAILABLE', inputs);
    expect(message).toContain('(1 attempt)');
  });

  it('names the permission and the pod when the domain refuses it', async () => {
    const journey = await startInPod({ world: { exchangePolicies: [] } });
    const { stage } = await expectFailure(journey, 'OCI_EXCHANGE_REJECTED', SIGNED);
    expect(stage.summary).toContain('{GET_RPST}');
    const { namespace, serviceAccount } = journey.emulator.world.settings.workload;
    for (const name of [namespace, serviceAccount]) expect(stage.summary).toContain(`<code>${name}</code>`);
  });

  it('cannot be used with Terraform, which does not know it', async () => {
    const { message } = await expectFailure(await startInPod(), 'INPUT_INVALID', {
      ...SIGNED,
      'export-for': 'terraform',
    });
    expect(message).toContain('`export-for` terraform does not support');
  });
});
