// The surroundings of a login: home, files it would write, variables, proxy. Looks, and changes nothing.
import path from 'node:path';
import { awsFiles, awsPlace } from '../aws/profile.ts';
import { stsEndpoint } from '../aws/sts-endpoint.ts';
import { adviseOnAwsProfiles } from '../aws/variables.ts';
import { findIdTokenSource } from '../github/id-token.ts';
import * as text from '../profiles/ini-text.ts';
import { assertReadable, assertSafe, missingDirectories, replaceable } from '../profiles/install.ts';
import { adviseOnConfigText, ociPlace } from '../profiles/oci-profile.ts';
import { ownerOf, type Place } from '../profiles/section-target.ts';
import { readText } from '../profiles/shared-file.ts';
import { adviseOnOutranking } from '../targets/cli.ts';
import { noteOnHomes } from '../targets/homes.ts';
import type { Consultation } from './doctor.ts';

export async function checkMachine(consultation: Consultation): Promise<void> {
  const { checkup, config, given, homes } = consultation;
  const { oci, aws } = config;
  await checkup.check('home', [], () => checkHome(consultation));
  if (oci !== undefined) {
    const needs = [given('config-file')];
    const place = () => ociPlace(oci.configFile, oci.profile);
    const ready = await checkup.check('config directory', needs, () => checkDirectory(consultation, place()));
    await checkup.check('profile', [ready, given('profile', 'overwrite-profile')], () =>
      checkProfile(consultation, place(), oci.overwriteProfile, (content) =>
        adviseOnConfigText(content, oci.profile),
      ),
    );
  }
  const { home } = homes;
  if (aws?.profile !== undefined && home !== undefined) {
    const { profile } = aws;
    for (const kind of ['credentials', 'config'] as const) {
      await checkup.check(`AWS ${kind}`, [given('aws-profile', 'overwrite-profile')], () => {
        const place = awsPlace(kind, awsFiles(home, consultation.runner.env)[kind], profile);
        checkDirectory(consultation, place);
        return checkProfile(consultation, place, aws.overwriteProfile, () => []);
      });
    }
  }
  await checkup.check('variables', [], () => checkVariables(consultation));
  await checkup.check('proxy', [], () => checkProxy(consultation));
}

function checkHome({ homes, config }: Consultation) {
  const { home, account } = homes;
  if (home === undefined) {
    return { value: null, text: '', advice: ['Neither HOME nor the account names an absolute directory.'] };
  }
  const isSplit = config.oci && noteOnHomes(config.oci.configFile, homes) !== undefined;
  const note = isSplit ? `; clients in Go and Java go by the account's, ${account}` : '';
  return { value: null, text: `${home}${note}` };
}

/** What a login would make, rename or replace lies in these. */
function checkDirectory({ files, assertWritable }: Consultation, place: Place) {
  assertSafe(files, place);
  const directory = path.dirname(place.file);
  const [missing] = missingDirectories(files, directory);
  assertWritable(missing === undefined ? directory : path.dirname(missing));
  if (files.kind(place.store) === 'directory') assertWritable(place.store);
  const state = missing === undefined ? 'writable by this user, not by others' : 'will be made';
  return { value: null, text: `${directory}: ${state}` };
}

function checkProfile(
  { files }: Consultation,
  place: Place,
  overwrite: boolean,
  adviseOn: (content: string) => string[],
) {
  const { file, section } = place;
  const content = assertReadable(place, readText(files, file));
  const present = replaceable(content, { place, overwrite });
  const advice = adviseOn(content).map((one) => `${file} ${one}.`);
  const owner = present && ownerOf(text.textOf(content, present));
  if (present !== undefined && owner === undefined)
    advice.push(`[${section}] is there already; it will be replaced, and put back by the post step.`);
  const left = `[${section}] is an earlier login's and may be replaced`;
  return { value: null, text: present === undefined ? `[${section}] is free` : left, advice };
}

function checkVariables({ runner: { env }, config: { oci, aws } }: Consultation) {
  const advice = [
    oci && adviseOnOutranking(env, oci.profile),
    aws?.exportEnvironment ? adviseOnAwsProfiles(env, aws.profile) : undefined,
  ];
  return { value: null, text: 'none that would outrank the profile', advice };
}

/** @throws ActionError PROXY_UNREACHABLE for a variable without an address */
function checkProxy({ runner, proxyFor, given, config: { domainUrl, oci, aws } }: Consultation) {
  const urls = [
    ...(oci ? githubUrls(runner.env) : []),
    ...(given('domain-url').done ? [domainUrl] : []),
    ...(aws ? [stsEndpoint({ ...aws, endpoint: aws.stsEndpoint })] : []),
  ];
  const ways = urls.flatMap((url) => {
    const proxy = proxyFor(url);
    return proxy === undefined ? [] : [`${proxy.url.host} for ${url.hostname}`];
  });
  return { value: null, text: ways.length > 0 ? ways.join(', ') : 'none' };
}

/** Whether there is such an address is another check's question. */
function githubUrls(env: (name: string) => string | undefined): URL[] {
  try {
    return [findIdTokenSource(env).url];
  } catch {
    return [];
  }
}
