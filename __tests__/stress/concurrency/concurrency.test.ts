// 64 logins and clean-ups at once in one home: among themselves, with some that die, and with another program that
// rewrites the same config. Real processes of `dist`, started together.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Stage } from '../../../emulator/runner/job.ts';
import { treeOf } from '../../unit/profiles/tree.ts';
import { figure } from '../figures.ts';
import { gather, hasOwnFiles, type Login, type SharedHome } from './jobs.ts';
import { COUNTER, faultsOf, OWN_CONFIG, sessionsIn, UNFINISHED_CONFIG } from './shared-config.ts';

const SUITE = 'logins in one home';

const open: SharedHome[] = [];
afterEach(async () => {
  for (const shared of open.splice(0)) await shared.end();
});

async function openHome(own: string, count: number, pairs: number): Promise<SharedHome> {
  const shared = await gather(own, count, pairs);
  open.push(shared);
  return shared;
}

interface Done {
  login: Login;
  stage: Stage;
  tookMs: number;
}

async function timed(login: Login, work: Promise<Stage>): Promise<Done> {
  const started = performance.now();
  const stage = await work;
  return { login, stage, tookMs: performance.now() - started };
}

const allIn = ({ logins }: SharedHome) => Promise.all(logins.map((login) => timed(login, login.main())));
const allOut = (done: readonly Done[]) =>
  Promise.all(done.map(({ login, stage }) => timed(login, login.post(stage))));

/** Whoever ended otherwise than well, with what it had to say. */
const troubles = (done: readonly Done[]) =>
  done
    .filter(({ stage }) => stage.exitCode !== 0 || stage.stderr !== '')
    .map(({ login, stage }) => [
      login.profile,
      stage.exitCode,
      stage.stderr,
      stage.stdout.match(/^::error.*$/m)?.[0],
    ]);

/** Profiles that should be there and are not, whole and with files of their own. */
function lost({ config, configText }: SharedHome, logins: readonly Login[]): string[] {
  const sessions = sessionsIn(configText());
  const profiles = new Set(logins.map(({ profile }) => profile));
  return [...profiles].filter((profile) => !hasOwnFiles(config, profile, sessions.get(profile) ?? ''));
}

function slowest(done: readonly Done[]): string {
  return `${(Math.max(...done.map(({ tookMs }) => tookMs)) / 1000).toFixed(1)} s`;
}

describe('64 logins, then 64 clean-ups, at once', () => {
  it('lose nothing, leave nothing, and show no torn config to a reader', async () => {
    const shared = await openHome(UNFINISHED_CONFIG, 64, 4);
    const before = treeOf(shared.home);
    const reader = await shared.beside<{ reads: number; torn: string[][] }>('reader', shared.config);
    const mains = await allIn(shared);
    expect(troubles(mains)).toEqual([]);
    expect(lost(shared, shared.logins)).toEqual([]);
    expect([faultsOf(shared.configText()), shared.lockFiles()]).toEqual([[], []]);
    const posts = await allOut(mains);
    const { reads, torn } = await reader.end();
    expect(troubles(posts)).toEqual([]);
    expect(torn).toEqual([]);
    expect(treeOf(shared.home)).toEqual(before);
    expect(reads).toBeGreaterThan(1000);
    figure(SUITE, 'logins, clean-ups', `${mains.length}, ${posts.length}`);
    figure(SUITE, 'reads of the config meanwhile, torn', `${reads}, ${torn.length}`);
    figure(SUITE, 'slowest login, slowest clean-up', `${slowest(mains)}, ${slowest(posts)}`);
  });
});

describe('64 logins, and as many clean-ups, of which some are killed', () => {
  interface Killed {
    killed: number;
    holding: number;
  }

  const WITH_LOCK = 8;

  it('do not wait for the dead, and leave nothing once every clean-up has run', async () => {
    const shared = await openHome(UNFINISHED_CONFIG, 64, 0);
    const before = treeOf(shared.home);
    const directory = shared.config.replace(/\/config$/, '');
    const mainKiller = await shared.beside<Killed>('killer', directory, String(WITH_LOCK));
    const mains = await Promise.all(shared.logins.map((login, at) => timed(login, mainOrDie(login, at))));
    const ofMains = await mainKiller.end();
    const alive = mains.filter(({ stage }) => stage.exitCode !== null);
    expect(troubles(alive)).toEqual([]);
    const living = alive.map(({ login }) => login);
    expect(lost(shared, living)).toEqual([]);
    expect(faultsOf(shared.configText())).toEqual([]);
    const postKiller = await shared.beside<Killed>('killer', directory, String(WITH_LOCK));
    const posts = await allOut(mains);
    const ofPosts = await postKiller.end();
    const died = posts.flatMap(({ stage }, at) => (stage.exitCode === null ? [mains[at]] : []));
    expect(troubles(posts.filter(({ stage }) => stage.exitCode !== null))).toEqual([]);
    expect(troubles(await allOut(died.filter((main) => main !== undefined)))).toEqual([]);
    expect(treeOf(shared.home)).toEqual(before);
    expect([ofMains.killed, ofPosts.killed]).toEqual([WITH_LOCK, WITH_LOCK]);
    expect([ofMains.holding, ofPosts.holding].every((count) => count > 0)).toBe(true);
    const withLock = `${ofMains.killed} and ${ofPosts.killed} with a lock file down, ${ofMains.holding} and ${ofPosts.holding} of them alone`;
    figure(SUITE, 'logins killed, clean-ups killed', `${mains.length - alive.length}, ${died.length}`);
    figure(SUITE, 'logins and clean-ups killed with a lock', withLock);
    figure(SUITE, 'slowest login, slowest clean-up among the dead', `${slowest(alive)}, ${slowest(posts)}`);
  });

  /** Every eighth dies at a time of its own, wherever it is then. */
  async function mainOrDie(login: Login, at: number): Promise<Stage> {
    if (at % 8 !== 0) return login.main();
    const controller = new AbortController();
    const running = login.main(controller.signal);
    await Promise.race([running, sleep(200 + 60 * at)]);
    controller.abort();
    return running;
  }
});

describe('32 logins, then 32 clean-ups, while another program rewrites the config', () => {
  interface Rewritten {
    rewrites: number;
    missed: number;
  }

  it.each([
    ['at once', 'a finished last line', OWN_CONFIG],
    ['in pages', 'an unfinished one', UNFINISHED_CONFIG],
  ])('%s, with %s, lose nothing and leave nothing', async (manner, end, own) => {
    const shared = await openHome(own, 32, 2);
    const before = withoutCount(treeOf(shared.home));
    const rewriter = () => shared.beside<Rewritten>('rewriter', shared.config, manner);
    const first = await rewriter();
    const mains = await allIn(shared);
    const amongMains = await first.end();
    expect(troubles(mains)).toEqual([]);
    expect(faultsOf(shared.configText())).toEqual([]);
    expect(lost(shared, shared.logins)).toEqual([]);
    const second = await rewriter();
    const posts = await allOut(mains);
    const amongPosts = await second.end();
    expect(troubles(posts)).toEqual([]);
    expect(withoutCount(treeOf(shared.home))).toEqual(before);
    expect([amongMains.missed, amongPosts.missed]).toEqual([0, 0]);
    const [inMains, inPosts] = [amongMains.rewrites, amongPosts.rewrites];
    expect([inMains, inPosts].every((count) => count > 10)).toBe(true);
    const what = `rewrites ${manner} with ${end}`;
    const counted = Number(COUNTER.exec(shared.configText())?.[1]);
    figure(SUITE, `${what} among logins, among clean-ups`, `${inMains}, ${inPosts}`);
    figure(SUITE, `${what} that were lost to a login or clean-up`, inMains + inPosts - counted);
    figure(SUITE, `slowest login, slowest clean-up, ${what}`, `${slowest(mains)}, ${slowest(posts)}`);
  });

  function withoutCount(tree: Readonly<Record<string, string>>): Record<string, string> {
    const same = ([name, entry]: [string, string]) => [name, entry.replace(/counter=\d+/, 'counter=0')];
    return Object.fromEntries(Object.entries(tree).map(same));
  }
});
