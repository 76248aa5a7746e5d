// Clients of registries with the credential helper of a login. Their registry is a real one, and its realm the emulated
// Container Registry.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { type Journey, writeHome } from '../e2e/journey.ts';
import { until } from '../e2e/refresher.ts';
import { installed } from './install.ts';
import { failureOf, stdoutOf } from './login.ts';
import { rowsOf } from './matrix.ts';
import { LONG_NAME, REGISTRY, startWithRegistry } from './registry.ts';
import { type Step, stepIn } from './step.ts';

const crane = rowsOf('crane');
const docker = rowsOf('Docker CLI');
const skopeo = rowsOf('skopeo');

const INPUTS = { 'export-for': 'ocir' };
const IMAGE = `${REGISTRY}/acmenamespace/web:1`;

interface Clients {
  journey: Journey;
  main: Awaited<ReturnType<Journey['main']>>;
  step: Step;
  /** `args` are separated by spaces. */
  crane(args: string, env?: Record<string, string>): ReturnType<Step>;
  docker(args: string): ReturnType<Step>;
  skopeo(args: string, env?: Record<string, string>): ReturnType<Step>;
}

/** `config.json` of a user who has logged in elsewhere. */
const CONFIG = '{\n\t"auths": {\n\t\t"registry.example": { "auth": "dTpw" }\n\t}\n}\n';

async function loggedIn(
  inputs: Record<string, string> = {},
  options?: Parameters<typeof startWithRegistry>[0],
): Promise<Clients> {
  const journey = await startWithRegistry(options);
  writeHome(journey.job.home, { '.docker/config.json': CONFIG });
  const main = await journey.main({ ...INPUTS, ...inputs });
  expect(main.exitCode).toBe(0);
  return { journey, main, ...clientsIn(journey) };
}

/** As a later step. An image in the workspace, `image.tar`, has one small file. */
function clientsIn({ emulator, job }: Pick<Journey, 'emulator' | 'job'>) {
  const libraries = ['usr/lib', 'lib'].map((name) => installed('debian', `${name}/x86_64-linux-gnu`));
  const variables = { SSL_CERT_FILE: emulator.caFile, LD_LIBRARY_PATH: libraries.join(':') };
  const step = stepIn(job, variables);
  const client = (file: string, first: readonly string[] = []) => {
    return (args: string, env: Record<string, string> = {}) =>
      step(file, [...first, ...args.split(' ')], env);
  };
  return {
    step,
    crane: client(installed('crane', 'crane')),
    docker: client(installed('docker', 'docker')),
    // The package has no policy for signatures.
    skopeo: client(installed('debian', 'usr/bin/skopeo'), ['--insecure-policy']),
  };
}

async function makeImage({ journey, step, crane }: Clients): Promise<void> {
  writeFileSync(path.join(journey.job.workspace, 'one'), 'hello');
  stdoutOf(await step('tar', ['cf', 'layer.tar', 'one']));
  stdoutOf(await crane(`append --new_layer layer.tar --output image.tar --new_tag ${IMAGE}`));
}

const configOf = ({ journey }: Clients) =>
  readFileSync(path.join(journey.job.home, '.docker/config.json'), 'utf8');

crane(
  { access: '`ocir`', remark: 'push, list of tags, pull, under both names of the registry' },
  async () => {
    const clients = await loggedIn();
    await makeImage(clients);
    stdoutOf(await clients.crane(`push image.tar ${IMAGE}`));
    expect(stdoutOf(await clients.crane(`ls ${REGISTRY}/acmenamespace/web`))).toBe('1\n');
    stdoutOf(await clients.crane(`pull ${IMAGE.replace(REGISTRY, LONG_NAME)} back.tar`));
    expect(stdoutOf(await clients.step('tar', ['tf', 'back.tar']))).toContain('manifest.json');
  },
);

crane(
  { access: '`ocir`', result: 'does not', remark: 'push without a policy: denied by the registry' },
  async () => {
    const clients = await loggedIn({}, { world: { ocirAccess: 'read' } });
    await makeImage(clients);
    expect(failureOf(await clients.crane(`push image.tar ${IMAGE}`))).toMatch(/UNAUTHORIZED|DENIED/);
  },
);

crane(
  { access: '`ocir`, `refresh: true`', remark: 'pushes after the first session has expired' },
  async () => {
    const clients = await loggedIn({ refresh: 'true' }, { world: { upstLifetimeSeconds: 5 } });
    const { journey, main } = clients;
    journey.emulator.world.settings.upstLifetimeSeconds = 3600;
    await makeImage(clients);
    await until(() => Date.now() > Date.parse(main.outputs['expires-at'] ?? ''));
    stdoutOf(await clients.crane(`push image.tar ${IMAGE}`));
    expect((await journey.post(main)).exitCode).toBe(0);
  },
);

crane(
  { access: '`ocir`', result: 'does not', remark: 'an expired session: the helper says so' },
  async () => {
    const clients = await loggedIn({ refresh: 'false' }, { world: { upstLifetimeSeconds: 4 } });
    await until(() => Date.now() > Date.parse(clients.main.outputs['expires-at'] ?? ''));
    const failure = failureOf(await clients.crane(`ls ${REGISTRY}/acmenamespace/web`));
    expect(failure).toMatch(/^oci-wif-action: OCIR_TOKEN_REFUSED: .*Log in again .* the session expired at /);
  },
);

crane({ access: '`ocir-login: true`', remark: 'push without the helper on PATH' }, async () => {
  const clients = await loggedIn({ 'ocir-login': 'true' });
  await makeImage(clients);
  stdoutOf(await clients.crane(`push image.tar ${IMAGE}`, { PATH: '/usr/bin:/bin' }));
});

crane({ access: '`ocir, docker`, `ocir-login: true`', remark: 'push in a Docker action' }, async () => {
  const clients = await loggedIn({ 'export-for': 'ocir, docker', 'ocir-login': 'true' });
  await makeImage(clients);
  const home = path.join(clients.journey.job.temp, '_github_home');
  stdoutOf(await clients.crane(`push image.tar ${IMAGE}`, { PATH: '/usr/bin:/bin', HOME: home }));
});

crane({ access: 'after the post step', result: 'does not', remark: 'the entries are removed' }, async () => {
  const clients = await loggedIn({ 'ocir-login': 'true' });
  expect((await clients.journey.post(clients.main)).exitCode).toBe(0);
  expect(configOf(clients)).toBe(CONFIG);
  expect(failureOf(await clients.crane(`ls ${REGISTRY}/acmenamespace/web`))).toContain('Anonymous users');
});

docker({ access: '`ocir`', remark: '`manifest inspect`' }, async () => {
  const clients = await loggedIn();
  await makeImage(clients);
  stdoutOf(await clients.crane(`push image.tar ${IMAGE}`));
  expect(stdoutOf(await clients.docker(`manifest inspect ${IMAGE}`))).toContain('"schemaVersion": 2');
});

docker(
  {
    access: '`ocir`',
    remark: '`login` and `logout` succeed; the post step removes the entry that `login` leaves',
  },
  async () => {
    const clients = await loggedIn();
    const password = await passwordFromHelper(clients);
    const file = path.join(clients.journey.job.workspace, 'password');
    writeFileSync(file, password);
    const login = `'${installed('docker', 'docker')}' login -u BEARER_TOKEN --password-stdin ${REGISTRY} <password`;
    expect(stdoutOf(await clients.step('sh', ['-c', login]))).toContain('Login Succeeded');
    expect(configOf(clients)).not.toContain(password);
    stdoutOf(await clients.docker(`logout ${REGISTRY}`));
    stdoutOf(await clients.step('sh', ['-c', login]));
    rmSync(file);
    expect((await clients.journey.post(clients.main)).exitCode).toBe(0);
    expect(JSON.parse(configOf(clients))).toEqual(JSON.parse(CONFIG));
  },
);

/** As Docker asks for it. */
async function passwordFromHelper(clients: Clients): Promise<string> {
  const helper = JSON.parse(configOf(clients)).credHelpers[REGISTRY];
  const printed = await clients.step('sh', ['-c', `echo ${REGISTRY} | docker-credential-${helper} get`]);
  return JSON.parse(stdoutOf(printed)).Secret;
}

skopeo(
  { access: '`ocir`', remark: '`copy` of an archive to a repository, and from there to another' },
  async () => {
    const clients = await loggedIn();
    await makeImage(clients);
    stdoutOf(await clients.skopeo(`copy docker-archive:image.tar docker://${IMAGE}`));
    const other = `docker://${REGISTRY}/acmenamespace/other:1`;
    stdoutOf(await clients.skopeo(`copy docker://${IMAGE} ${other}`));
    expect(stdoutOf(await clients.skopeo(`inspect ${other}`))).toContain('acmenamespace/other');
  },
);

skopeo({ access: '`ocir-login: true`', remark: 'without the helper on PATH' }, async () => {
  const clients = await loggedIn({ 'ocir-login': 'true' });
  await makeImage(clients);
  stdoutOf(
    await clients.skopeo(`copy docker-archive:image.tar docker://${IMAGE}`, { PATH: '/usr/bin:/bin' }),
  );
});
