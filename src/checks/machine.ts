// Checks of this machine: home directory, files, variables, proxy. They write nothing.
import path from 'node:path';
import { awsFileWarning } from '../aws/profile.ts';
import { awsProfileWarning } from '../aws/variables.ts';
import { homeVariable } from '../inputs/paths.ts';
import { homeDirectoryNote } from '../inputs/warnings.ts';
import { planAwsProfile } from '../login/install-role.ts';
import { adviseOnFaults } from '../profiles/ini-faults.ts';
import { assertSafe } from '../profiles/install.ts';
import { entryOfSection, missingDirectories, readLedger } from '../profiles/ledger.ts';
import { adviseOnConfigText, ociTarget } from '../profiles/oci-profile.ts';
import { assertUnused } from '../profiles/outdated.ts';
import { assertReadable, findReplaceable, INI, type SectionTarget } from '../profiles/section-target.ts';
import { readText } from '../profiles/shared-file.ts';
import { overrideWarning } from '../targets/cli.ts';
import type { CheckContext } from './doctor.ts';

export async function checkMachine(context: CheckContext): Promise<void> {
  const { check, validInputs, runner, homes } = context;
  const { oci, aws } = context.config;
  await check('home', [], () => checkHome(context));
  if (oci !== undefined) {
    const target = () => ociTarget(oci.configFile, oci.profile);
    const directory = await check('config directory', [validInputs('config-file')], () =>
      checkDirectory(context, target()),
    );
    await check('profile', [directory, validInputs('profile', 'overwrite-profile')], () =>
      checkProfile(context, target(), oci.overwriteProfile, (content) =>
        adviseOnConfigText(content, oci.profile),
      ),
    );
  }
  if (aws?.profile !== undefined && homes.home !== undefined) {
    const { env } = runner;
    for (const kind of ['credentials', 'config'] as const) {
      await check(`AWS ${kind}`, [validInputs('aws-profile', 'overwrite-profile')], () => {
        const target = planAwsProfile({ ...context, ...homes, env }, aws, oci)?.[kind];
        if (target === undefined) return { text: '' };
        checkDirectory(context, target);
        const adviseOn = (content: string) => [adviseOnFaults(content)].flatMap((one) => one ?? []);
        const { text, advice } = checkProfile(context, target, aws.overwriteProfile, adviseOn);
        return { text, advice: [...advice, awsFileWarning(env, kind, target.file)] };
      });
    }
  }
  await check('variables', [], () => checkVariables(context));
  await check('proxy', [], () => checkProxy(context));
}

function checkHome({ homes, config }: CheckContext) {
  const { home, account } = homes;
  const absent = `Neither ${homeVariable()} nor the account has an absolute home directory. Set ${homeVariable()}.`;
  if (home === undefined) return { text: '', advice: [absent] };
  const differs = config.oci && homeDirectoryNote(config.oci.configFile, homes) !== undefined;
  const note = differs ? `; clients in Go and Java use the account's, ${account}` : '';
  return { text: `${home}${note}` };
}

/** Checks the directories in which a login creates and replaces files. */
export function checkDirectory({ files }: Pick<CheckContext, 'files'>, target: SectionTarget) {
  assertSafe(files, target);
  const directory = path.dirname(target.file);
  const [missing] = missingDirectories(files, directory);
  files.assertWritable(missing === undefined ? directory : path.dirname(missing));
  const sessions = target.directory === null ? directory : path.dirname(target.directory);
  if (files.kind(sessions) === 'directory') files.assertWritable(sessions);
  // On Windows, Node does not read who else may write.
  const writable = process.platform === 'win32' ? 'exists' : 'writable by this user, not by others';
  const state = missing === undefined ? writable : 'the login will create it';
  return { text: `${directory}: ${state}` };
}

/** Checks that a login can write a section. */
export function checkProfile(
  { files, clock, jobId, runnerProcesses }: CheckContext,
  target: SectionTarget,
  overwrite: boolean,
  adviseOn: (content: string) => string[],
  format = INI,
) {
  const { file, section, member } = target;
  const name = member === undefined ? `[${section}]` : `${section} in ${member}`;
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  const ledger = readLedger(files, file);
  assertUnused({ jobId, runnerProcesses, now: clock.now(), warn }, ledger, target);
  const content = readText(files, file);
  assertReadable(target, content, format);
  const isKnown: Parameters<typeof findReplaceable>[2] = (one) =>
    entryOfSection(ledger, target, one, format) !== undefined;
  const present = findReplaceable(content, { target, overwrite }, isKnown, format);
  const advice = [...warnings, ...adviseOn(content).map((one) => `${file} ${one}.`)];
  if (present === undefined) return { text: `${name} is free`, advice };
  if (format.writerOf(present.text) === undefined && !isKnown(present)) {
    advice.push(`${name} exists; the login replaces it and the clean-up restores it.`);
    return { text: `${name} was not written by a login`, advice };
  }
  return {
    text: `${name} was written by another login. A login replaces it when the job of that login has ended`,
    advice,
  };
}

function checkVariables({ runner: { env }, config: { oci, aws } }: CheckContext) {
  const advice = [
    ...(oci ? overrideWarning(env, oci.profile) : []),
    aws?.exportEnvironment ? awsProfileWarning(env, aws.profile) : undefined,
  ];
  return { text: 'none overrides the profile', advice };
}

/** @throws ActionError PROXY_UNREACHABLE when a proxy variable is not a URL */
function checkProxy({ findIdTokens, proxyFor, validInputs, config: { domainUrl, oci, aws } }: CheckContext) {
  const urls = [
    ...(oci ? idTokenUrls(findIdTokens) : []),
    ...(validInputs('domain-url').done ? [domainUrl] : []),
    ...(aws ? [aws.stsEndpoint] : []),
  ];
  const proxies = urls.flatMap((url) => {
    const proxy = proxyFor(url);
    return proxy === undefined ? [] : [`${proxy.url.host} for ${url.hostname}`];
  });
  return { text: proxies.join(', ') || 'none' };
}

/** Empty without a source, which another check reports. */
function idTokenUrls(findIdTokens: CheckContext['findIdTokens']): URL[] {
  try {
    const { url } = findIdTokens();
    return url === undefined ? [] : [url];
  } catch {
    return [];
  }
}
