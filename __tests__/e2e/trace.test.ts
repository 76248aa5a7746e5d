// Debug logging: one line for every request, with the request id of the service.
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ConnectProxy, startConnectProxy } from '../../emulator/proxy.ts';
import type { Stage } from '../../emulator/runner/job.ts';
import type { Service } from '../../emulator/server/message.ts';
import type { JournalEntry } from '../../emulator/server/start.ts';
import { type Journey, QUICK, startJourney } from './journey.ts';

const LINE =
  /^::debug::(?<method>GET|POST) (?<host>[\w.:-]+) (?<path>\/[^\s?#]*): (?<what>\d{3}|[a-z-]+) in (?<ms>\d+) ms, request id (?<id>\S+)$/;

/** Returns the debug lines except those of a stack. Each must be a trace line. */
function traceOf({ stdout }: Pick<Stage, 'stdout'>) {
  const lines = stdout
    .split('\n')
    .filter((line) => /^::debug::(?!ActionError|\w*Error:|\s+at |$)/.test(line));
  return lines.map((line) => {
    expect(line).toMatch(LINE);
    const { method = '', host = '', path = '', what = '', id = '' } = LINE.exec(line)?.groups ?? {};
    return { method, host, path, what, id };
  });
}

const byId = (left: { id: string }, right: { id: string }) => (left.id < right.id ? -1 : 1);

function requestsOf({ emulator }: Journey) {
  const hostOf = ({ service }: JournalEntry) => new URL(emulator.urls[service as Service]).host;
  return emulator.journal
    .map((entry) => ({ ...entry, host: hostOf(entry) }))
    .map(({ method, host, path, status, requestId: id }) => ({
      method,
      host,
      path,
      what: String(status),
      id,
    }))
    .toSorted(byId);
}

let proxy: ConnectProxy | undefined;

afterEach(() => proxy?.close());

describe('debug logging', () => {
  it('has one line for each request with its id, including optional ones and those of the SDK', async () => {
    const journey = await startJourney();
    const verification = { verify: 'true', 'verify-endpoint': journey.emulator.urls.oci };
    const stage = await journey.toAws(verification);
    expect(stage.exitCode).toBe(0);
    const trace = traceOf(stage);
    expect(trace.toSorted(byId)).toEqual(requestsOf(journey));
    expect(new Set(journey.emulator.journal.map(({ service }) => service))).toEqual(
      new Set(['github', 'domain', 'oci', 'sts']),
    );
  });

  it('has one line for each further attempt', async () => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'status', status: 503 } });
    journey.emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'reset-before-headers' } });
    const stage = await journey.main();
    expect(stage.exitCode).toBe(0);
    const domain = journey.emulator.journal.filter(({ service }) => service === 'domain');
    expect(traceOf(stage).slice(1)).toMatchObject([
      { what: '503', id: domain[0]?.requestId },
      { what: 'unreachable', id: '(none)' },
      { what: '200', id: domain[2]?.requestId },
    ]);
  });

  it.each([
    ['stall-before-headers', 'timed-out', '1'],
    ['gzip-bomb', 'unusable', '30'],
    ['reset-inside-body', 'unreachable', '30'],
  ] as const)('names the failure of a request without a response: %s', async (kind, what, limit) => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'github', fault: { kind } });
    const stage = await journey.main({ ...QUICK, 'request-timeout-seconds': limit });
    expect(traceOf(stage)).toMatchObject([{ what, id: '(none)' }]);
  });

  it('names the host of the request, not the proxy or its password', async () => {
    const hosts = {
      github: 'run-1.actions.githubusercontent.com',
      domain: 'idcs-1.identity.oraclecloud.com',
    };
    const journey = await startJourney({ hosts });
    const { routes } = journey.emulator;
    const started = await startConnectProxy({ routes, credentials: { user: 'build', password: 'geheim12' } });
    proxy = started;
    const through = (password: string) => ({
      env: { HTTPS_PROXY: started.url.replace('://', `://build:${password}@`) },
    });
    const stage = await journey.main({}, through('geheim12'));
    expect(traceOf(stage).map(({ host, what }) => [host, what])).toEqual([
      [hosts.github, '200'],
      [hosts.domain, '200'],
    ]);
    const refused = await journey.main(QUICK, through('falsch12'));
    expect(traceOf(refused)).toMatchObject([{ host: hosts.github, what: 'proxy-refused', id: '(none)' }]);
  });

  it('is off by default', async () => {
    const journey = await startJourney();
    const stage = await journey.main({}, { env: { RUNNER_DEBUG: '' } });
    expect(stage.exitCode).toBe(0);
    expect(stage.stdout).not.toContain('::debug::');
  });
});
