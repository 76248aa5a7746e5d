// Checks of `export-for` ocir: Docker's config file, and a token of each registry, which is discarded.
import type { OciConfig } from '../inputs/config.ts';
import { tokenHostOf } from '../inputs/registry-hosts.ts';
import { type OciSession, proofOf } from '../login/oci-session.ts';
import { hostsFor } from '../login/registries.ts';
import { requestRegistryToken } from '../login/registry-token.ts';
import { basicAuthOf } from '../oci/registry.ts';
import { dockerConfigFile } from '../profiles/docker-config.ts';
import { membersOf } from '../profiles/json-members.ts';
import type { DockerObject } from '../profiles/section-target.ts';
import type { CheckResult } from './check.ts';
import type { CheckContext } from './doctor.ts';
import { checkDirectory, checkProfile } from './machine.ts';

export async function checkRegistries(
  context: CheckContext,
  oci: OciConfig,
  session: CheckResult<Pick<OciSession, 'sessionToken' | 'keyPair'>>,
): Promise<void> {
  const { check, runner, validInputs } = context;
  const needs = [session, validInputs('ocir-registries', 'region')] as const;
  const registries = await check('registries', needs, (value) => {
    const hosts = hostsFor(oci, value.sessionToken.tenancy);
    return { value: { hosts, proof: proofOf(value) }, text: hosts.join(', ') };
  });
  const inputs = validInputs('overwrite-profile', 'ocir-login');
  await check('Docker config', [registries, inputs], ({ hosts }) => checkConfig(context, oci, hosts));
  await check('registry tokens', [registries], async ({ hosts, proof }) => {
    const tokenHosts = [...new Set(hosts.map(tokenHostOf))];
    for (const host of tokenHosts) {
      const granted = await requestRegistryToken(context, host, proof);
      for (const secret of [granted.token, basicAuthOf(granted)]) runner.mask(secret);
    }
    return { text: `granted by ${tokenHosts.join(', ')}` };
  });
}

function checkConfig(context: CheckContext, oci: OciConfig, hosts: readonly string[]) {
  const file = dockerConfigFile(context.files, context.runner.env, context.homes.home);
  const member: DockerObject = oci.registryLogin ? 'auths' : 'credHelpers';
  const targetOf = (section: string) => ({ file, section, member, directory: null });
  checkDirectory(context, targetOf(''));
  const checked = hosts.map((host) =>
    checkProfile(context, targetOf(host), oci.overwriteProfile, () => [], membersOf(member)),
  );
  const text = `${file}: ${checked.map((one) => one.text).join('; ')}`;
  return { text, advice: checked.flatMap(({ advice }) => advice) };
}
