// `verify: true`: a signed call finds out whether OCI accepts the session. A refused session is never written.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ConnectProxy, startConnectProxy } from '../../emulator/proxy.ts';
import { defaultSettings } from '../../emulator/server/settings.ts';
import type { EmulatorOptions, WireFault } from '../../emulator/server/start.ts';
import { expectFailure, type Journey, logOf, startJourney } from './journey.ts';

const HOSTS = {
  github: 'run-actions-1-azure-eastus.actions.githubusercontent.com',
  domain: 'idcs-0123456789abcdef.identity.oraclecloud.com',
  oci: 'objectstorage.us-ashburn-1.oraclecloud.com',
};

let proxy: ConnectProxy | undefined;

afterEach(() => proxy?.close());

const verifying = ({ emulator }: Journey, endpoint = emulator.urls.oci) => ({
  verify: 'true',
  'verify-endpoint': endpoint,
});
const asked = ({ emulator }: Journey) => emulator.journal.filter(({ service }) => service === 'oci');

/** Expects a failure with the request ID of the last response of OCI. */
async function refusedBy(
  journey: Journey,
  code: string,
  changes: Record<string, string> = {},
): Promise<string> {
  const { message } = await expectFailure(journey, code, { ...verifying(journey), ...changes });
  expect(message).toContain(`Request ID: ${asked(journey).at(-1)?.requestId}.`);
  return message;
}

const apiError = (status: number, code: string): WireFault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ code, message: 'Authorization failed or requested resource not found.' }),
});

describe('a session that OCI accepts', () => {
  it('is logged with namespace and request id, and then written', async () => {
    const journey = await startJourney();
    const stage = await journey.main(verifying(journey));
    expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
    expect(asked(journey)).toMatchObject([{ method: 'GET', path: '/n/', status: 200 }]);
    const [{ requestId } = { requestId: '' }] = asked(journey);
    const line = `OCI accepts the session (namespace acmenamespace). Policies were not tested. Request ID: ${requestId}.`;
    expect(logOf(stage).split('\n')).toContain(line);
    expect((await journey.post(stage)).exitCode).toBe(0);
  });

  it.each([
    ['with `tenancy`', {}],
    ['without `tenancy`', { tenancy: '' }],
  ])('is used at Object Storage of its region and realm, also through a proxy: %s', async (_what, inputs) => {
    const journey = await startJourney({ hosts: HOSTS });
    const { routes } = journey.emulator;
    proxy = await startConnectProxy({ routes });
    const stage = await journey.main({ verify: 'true', ...inputs }, { env: { HTTPS_PROXY: proxy.url } });
    expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
    expect(proxy.tunnels.map(({ authority }) => authority)).toEqual(
      Object.values(HOSTS).map((host) => `${host}:443`),
    );
  });

  it('may belong to an old tenancy, whose OCIDs have another form', async () => {
    const tenancy = 'ocidv1:tenancy:oc1:phx:1460406592660:aaaaaaaab4faofrfkxecohhjuivjq262pu';
    const ocid = 'ocidv1:user:oc1:phx:1460406592659:aaaaaaaawcbqrkycbolrirg2n3xjl5fyxe';
    const { serviceUser } = defaultSettings();
    const rules = [{ rule: 'sub eq repo:acme/infra:*', value: serviceUser.id }];
    const world = { tenancy, serviceUser: { ...serviceUser, ocid }, rules };
    const journey = await startJourney({ hosts: HOSTS, world });
    proxy = await startConnectProxy({ routes: journey.emulator.routes });
    const stage = await journey.main({ verify: 'true' }, { env: { HTTPS_PROXY: proxy.url } });
    expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
    expect(stage.outputs).toMatchObject({ principal: ocid, tenancy });
    expect(readFileSync(stage.outputs['config-file'] ?? '', 'utf8')).toContain(`tenancy=${tenancy}\n`);
    expect(proxy.tunnels.at(-1)?.authority).toBe(`${HOSTS.oci}:443`);
  });

  it('may be accepted by a later attempt', async () => {
    const journey = await startJourney();
    journey.emulator.faults.add({
      service: 'oci',
      times: 2,
      fault: apiError(404, 'NotAuthorizedOrNotFound'),
    });
    const stage = await journey.main(verifying(journey));
    expect(stage.exitCode).toBe(0);
    expect(asked(journey).map(({ status }) => status)).toEqual([404, 404, 200]);
    expect(logOf(stage)).toMatch(/verifies the session: 404 NotAuthorizedOrNotFound; trying again in/);
  });
});

describe('a session that OCI refuses', () => {
  /** A clock of all services that advances when the session token is issued. */
  async function leaping(minutes: number, options: EmulatorOptions = {}): Promise<Journey> {
    let journey: Journey | undefined;
    const isIssued = () =>
      journey?.emulator.journal.some(({ service, status }) => service === 'domain' && status === 200);
    const clock = () => Date.now() + (isIssued() ? minutes * 60_000 : 0);
    journey = await startJourney({ clock, ...options });
    return journey;
  }

  it('fails with OCI_SESSION_REFUSED for its token or signature', async () => {
    // Expired for OCI two minutes before it expires here: less than the maximum skew.
    const journey = await leaping(3, { world: { upstLifetimeSeconds: 120 } });
    const message = await refusedBy(journey, 'OCI_SESSION_REFUSED');
    expect(message).toContain('refused the session (401): NotAuthenticated: The required information');
    expect(asked(journey)).toMatchObject([{ reason: expect.stringMatching(/^token: .*"exp"/) }]);
  });

  it.each([
    [10, 'slow'],
    [-10, 'fast'],
  ])('fails with OCI_CLOCK_SKEWED when the clocks differ by %i min', async (minutes, direction) => {
    const journey = await leaping(minutes);
    const message = await refusedBy(journey, 'OCI_CLOCK_SKEWED', { 'retry-max-attempts': '5' });
    expect(message).toMatch(new RegExp(`clock is (59|60)\\d s ${direction}; OCI allows 300 s`));
    expect(asked(journey)).toHaveLength(1);
  });

  it.each([
    [404, 'NotAuthorizedOrNotFound'],
    [403, 'NotAuthorized'],
  ])('fails with OCI_NOT_AUTHORIZED after all attempts: %i %s', async (status, code) => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'oci', fault: apiError(status, code) });
    const message = await refusedBy(journey, 'OCI_NOT_AUTHORIZED', { 'retry-max-attempts': '3' });
    expect(message).toContain(`${status} (3 attempts): ${code}`);
    expect(message).toContain('This call needs no policy');
    expect(asked(journey)).toHaveLength(3);
  });
});

describe('an unknown realm', () => {
  const TENANCY = 'ocid1.tenancy.oc99..aaaaelsewhere';

  it.each([
    ['before the first request with `tenancy`', TENANCY, 0],
    ['after the exchange without `tenancy`', '', 2],
  ])('is refused %s', async (_when, tenancy, requests) => {
    const journey = await startJourney({ world: { tenancy: TENANCY } });
    const { message } = await expectFailure(journey, 'OCI_REALM_UNKNOWN', { verify: 'true', tenancy });
    expect(message).toContain('realm "oc99"');
    expect(message).toContain('`verify-endpoint`');
    expect(journey.emulator.journal).toHaveLength(requests);
  });

  it('is accepted with `verify-endpoint`', async () => {
    const journey = await startJourney({ world: { tenancy: TENANCY } });
    expect((await journey.main(verifying(journey))).exitCode).toBe(0);
  });
});
