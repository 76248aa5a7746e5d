// 64 logins and clean-ups at once in one home: alone, with some that are killed, and with another program that rewrites the
// same config. The processes run `dist/`.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Stage } from '../../../emulator/runner/job.ts';
import { treeOf } from '../../unit/profiles/tree.ts';
import { figure } from '../figures.ts';
import { hasOwnFiles, type Login, openSharedHome, type SharedHome } from './jobs.ts';
import {
  CONFIG_WITHOUT_LAST_LINE_END,
  COUNTER,
  faultsOf,
  fingerprintsIn,
  USER_CONFIG,
} from './shared-config.ts';

const SUITE = 'logins in one home';

const open: SharedHome[] = [];
afterEach(async () => {
  for (const shared of open.splice(0)) await shared.end();
});

async function openHome(config: string, count: number, pairs: number): Promise<SharedHome> {
  const shared = await openSharedHome(config, count, pairs);
  open.push(shared);
  return shared;
}

interface Finished {
  login: Login;
  stage: Stage;
  tookMs: number;
}

async function timed(login: Login, work: Promise<Stage>): Promise<Finished> {
  const started = performance.now();
  const stage = await work;
  return { login, stage, tookMs: performance.now() - started };
}

const loginAll = ({ logins }: SharedHome) => Promise.all(logins.map((login) => timed(login, login.main())));
const cleanUpAll = (done: readonly Finished[]) =>
  Promise.all(done.map(({ login, stage }) => timed(login, login.post(stage))));

/** Returns the steps that failed, with their error. */
const failuresOf = (done: readonly Finished[]) =>
  done
    .filter(({ stage }) => stage.exitCode !== 0 || stage.stderr !== '')
    .map(({ login, stage }) => [
      login.profile,
      stage.exitCode,
      stage.stderr,
      stage.stdout.match(/^::error.*$/m)?.[0],
    ]);

/** Returns the profiles of these logins that are incomplete in the config or have other files. */
function missingProfiles({ config, configText }: SharedHome, logins: readonly Login[]): string[] {
  const sessions = fingerprintsIn(configText());
  const profiles = new Set(logins.map(({ profile }) => profile));
  return [...profiles].filter((profile) => !hasOwnFiles(config, profile, sessions.get(profile) ?? ''));
}

function slowest(done: readonly Finished[]): string {
  return `${(Math.max(...done.map(({ tookMs }) => tookMs)) / 1000).toFixed(1)} s`;
}

describe('64 logins, then 64 clean-ups, at once', () => {
  it('install and remove every profile, and a reader never sees an incomplete config', async () => {
    const shared = await openHome(CONFIG_WITHOUT_LAST_LINE_END, 64, 4);
    const before = treeOf(shared.home);
    const reader = await shared.beside<{ reads: number; incomplete: string[][] }>('reader', shared.config);
    const mains = await loginAll(shared);
    expect(failuresOf(mains)).toEqual([]);
    expect(missingProfiles(shared, shared.logins)).toEqual([]);
    expect([faultsOf(shared.configText()), shared.lockFiles()]).toEqual([[], []]);
    const posts = await cleanUpAll(mains);
    const { reads, incomplete } = await reader.end();
    expect(failuresOf(posts)).toEqual([]);
    expect(incomplete).toEqual([]);
    expect(treeOf(shared.home)).toEqual(before);
    expect(reads).toBeGreaterThan(1000);
    figure(SUITE, 'logins, clean-ups', `${mains.length}, ${posts.length}`);
    figure(SUITE, 'reads of the config meanwhile, incomplete', `${reads}, ${incomplete.length}`);
    figure(SUITE, 'slowest login, slowest clean-up', `${slowest(mains)}, ${slowest(posts)}`);
  });
});

describe('64 logins, then 64 clean-ups, some of which are killed', () => {
  interface Killed {
    killed: number;
    holding: number;
  }

  const WITH_LOCK = 8;

  it('do not wait for the killed ones, and remove every profile after each clean-up has run', async () => {
    const shared = await openHome(CONFIG_WITHOUT_LAST_LINE_END, 64, 0);
    const before = treeOf(shared.home);
    const directory = shared.config.replace(/\/config$/, '');
    const mainKiller = await shared.beside<Killed>('killer', directory, String(WITH_LOCK));
    const mains = await Promise.all(shared.logins.map((login, at) => timed(login, mainOrKill(login, at))));
    const ofMains = await mainKiller.end();
    const alive = mains.filter(({ stage }) => stage.exitCode !== null);
    expect(failuresOf(alive)).toEqual([]);
    const living = alive.map(({ login }) => login);
    expect(missingProfiles(shared, living)).toEqual([]);
    expect(faultsOf(shared.configText())).toEqual([]);
    const postKiller = await shared.beside<Killed>('killer', directory, String(WITH_LOCK));
    const posts = await cleanUpAll(mains);
    const ofPosts = await postKiller.end();
    const killedPosts = posts.flatMap(({ stage }, at) => (stage.exitCode === null ? [mains[at]] : []));
    expect(failuresOf(posts.filter(({ stage }) => stage.exitCode !== null))).toEqual([]);
    expect(failuresOf(await cleanUpAll(killedPosts.filter((main) => main !== undefined)))).toEqual([]);
    expect(treeOf(shared.home)).toEqual(before);
    expect([ofMains.killed, ofPosts.killed]).toEqual([WITH_LOCK, WITH_LOCK]);
    expect([ofMains.holding, ofPosts.holding].every((count) => count > 0)).toBe(true);
    const withLock = `${ofMains.killed} and ${ofPosts.killed} with a lock file, ${ofMains.holding} and ${ofPosts.holding} of them alone`;
    figure(SUITE, 'logins killed, clean-ups killed', `${mains.length - alive.length}, ${killedPosts.length}`);
    figure(SUITE, 'logins and clean-ups killed with a lock', withLock);
    figure(
      SUITE,
      'slowest login, slowest clean-up beside killed ones',
      `${slowest(alive)}, ${slowest(posts)}`,
    );
  });

  /** Kills every eighth main, each after another time. */
  async function mainOrKill(login: Login, at: number): Promise<Stage> {
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
    /** Writes that came too late after their reading for any login to notice. */
    late: number;
  }

  const MAX_ATTEMPTS = 5;

  it.each([
    ['at once', 'a last line end', USER_CONFIG],
    ['in pages', 'no last line end', CONFIG_WITHOUT_LAST_LINE_END],
  ])('%s, with %s: install and remove every profile', async (manner, end, own) => {
    let run = await runBeside(manner, own);
    for (let attempt = 1; run.late > 0 && attempt < MAX_ATTEMPTS; attempt += 1)
      run = await runBeside(manner, own);
    expect(run).toMatchObject({
      late: 0,
      failedMains: [],
      faults: [],
      missing: [],
      failedPosts: [],
      missed: 0,
    });
    expect(run.after).toEqual(run.before);
    const [inMains, inPosts] = run.rewrites;
    expect(run.rewrites.every((count) => count > 10)).toBe(true);
    const what = `rewrites ${manner} with ${end}`;
    figure(SUITE, `${what} among logins, among clean-ups`, `${inMains}, ${inPosts}`);
    figure(SUITE, `${what} that were lost to a login or clean-up`, inMains + inPosts - run.counted);
    figure(SUITE, `slowest login, slowest clean-up, ${what}`, `${slowest(run.mains)}, ${slowest(run.posts)}`);
  });

  async function runBeside(manner: string, own: string) {
    const shared = await openHome(own, 32, 2);
    const before = withoutCount(treeOf(shared.home));
    const rewriter = () => shared.beside<Rewritten>('rewriter', shared.config, manner);
    const first = await rewriter();
    const mains = await loginAll(shared);
    const amongMains = await first.end();
    const faults = faultsOf(shared.configText());
    const missing = missingProfiles(shared, shared.logins);
    const second = await rewriter();
    const posts = await cleanUpAll(mains);
    const amongPosts = await second.end();
    return {
      ...{ before, after: withoutCount(treeOf(shared.home)), mains, posts, faults, missing },
      ...{ failedMains: failuresOf(mains), failedPosts: failuresOf(posts) },
      late: amongMains.late + amongPosts.late,
      missed: amongMains.missed + amongPosts.missed,
      rewrites: [amongMains.rewrites, amongPosts.rewrites] as const,
      counted: Number(COUNTER.exec(shared.configText())?.[1]),
    };
  }

  function withoutCount(tree: Readonly<Record<string, string>>): Record<string, string> {
    const same = ([name, entry]: [string, string]) => [name, entry.replace(/counter=\d+/, 'counter=0')];
    return Object.fromEntries(Object.entries(tree).map(same));
  }
});
