// S01–S03: settings of the whole identity domain.

import { inShellIfNeeded } from '../../shell.ts';
import { lines, patch } from '../fixes.ts';
import { defineRule } from '../rule.ts';
import { hostOf, providerName, shown } from './names.ts';

const S02 = defineRule({
  id: 'S02',
  severity: 'high',
  title: 'Every application may request tokens for every resource',
  why: 'The setting overrides the trust scope of all applications: any client of the domain gets a token for AWS, too.',
  needs: ['settings'],
  check: ({ settings }, context) => {
    if (settings.accountAlwaysTrustScope !== true) return [];
    const fix = lines(
      '# Concerns every application of the domain. First list the scopes that each one needs in its allowedScopes.',
      patch(context, 'Settings/Settings', settings.meta, {
        op: 'replace',
        path: 'accountAlwaysTrustScope',
        value: false,
      }),
    );
    return [
      {
        object: 'settings of the domain',
        key: 'accountAlwaysTrustScope',
        evidence: '`accountAlwaysTrustScope` is true',
        fix,
      },
    ];
  },
});

const S01 = defineRule({
  id: 'S01',
  severity: 'high',
  title: 'AWS cannot read the keys of the domain',
  why: 'AWS reads them without credentials, so every login to AWS fails. The keys are public keys.',
  needs: ['settings', 'providers'],
  check: ({ settings, providers }, context) => {
    if (providers.length === 0 || settings.signingCertPublicAccess === true) return [];
    const fix = patch(context, 'Settings/Settings', settings.meta, {
      op: 'replace',
      path: 'signingCertPublicAccess',
      value: true,
    });
    const evidence = '`signingCertPublicAccess` is not true';
    return [{ object: 'settings of the domain', key: 'signingCertPublicAccess', evidence, fix }];
  },
});

const S03 = defineRule({
  id: 'S03',
  severity: 'high',
  title: 'The domain has another issuer than AWS expects',
  why: 'AWS compares the issuer with the URL of the provider, character by character, so every login to AWS fails.',
  needs: ['discovery', 'providers'],
  check: ({ discovery, providers, settings }, context) =>
    providers
      .map((provider) => ({ provider, url: `https://${hostOf(provider)}` }))
      .filter(({ url }) => url !== discovery)
      .map(({ provider, url }) => {
        const isSetting = url === context.domainUrl;
        const fix = isSetting
          ? lines(
              '# Concerns every token that the domain issues. Ask first who else compares the issuer.',
              patch(context, 'Settings/Settings', settings?.meta, {
                op: 'replace',
                path: 'issuer',
                value: url,
              }),
            )
          : `aws iam create-open-id-connect-provider --url ${inShellIfNeeded(context.domainUrl)} --client-id-list ${provider.clientIds.map(inShellIfNeeded).join(' ')}`;
        const evidence = `the discovery document has the issuer ${shown(discovery)}`;
        return { object: providerName(provider), key: provider.arn, evidence, fix };
      }),
});

export const SETTINGS_RULES = [S01, S02, S03] as const;
