import type { App } from '../../domain/objects.ts';
import { TAG } from '../../setup/names.ts';
import { lines, patch, rawRequest, revoke } from '../fixes.ts';
import { defineRule } from '../rule.ts';
import type { Sources } from '../snapshot.ts';
import { isGitHub } from '../trust-rules.ts';
import { appName, shown } from './names.ts';
import { subjectsOf } from './role-policy.ts';

type AppSources = Pick<Sources, 'apps' | 'trusts'> & Partial<Pick<Sources, 'roles' | 'providers'>>;

const roleClients = (roles: Sources['roles'] = [], providers: Sources['providers'] = []) =>
  roles.flatMap((role) => subjectsOf(role, providers));

/** Applications whose secret a job has: clients of a trust for GitHub, and those that an AWS role names. */
function jobApps({ apps, trusts, roles, providers }: AppSources): App[] {
  const clients = new Set([
    ...trusts.filter(isGitHub).flatMap(({ oauthClients = [] }) => oauthClients),
    ...roleClients(roles, providers),
  ]);
  return apps.filter(({ name }) => name !== undefined && clients.has(name));
}

const A01 = defineRule({
  id: 'A01',
  severity: 'critical',
  title: 'An application of jobs is an administrator',
  why: 'Whoever has the client secret administers the identity domain, without any token of GitHub.',
  needs: ['apps', 'trusts'],
  uses: ['roles', 'providers'],
  check: ({ grants, ...sources }, context) =>
    jobApps(sources).flatMap((app) =>
      (app.grantedAppRoles ?? [])
        .filter(({ adminRole }) => adminRole === true)
        .map(({ display, value = '' }) => ({
          object: appName(app),
          key: `${app.id}\n${value || display}`,
          evidence: `has the role ${shown(display ?? value)}`,
          fix: revoke(context, app.id, value, grants),
        })),
    ),
});

const A02 = defineRule({
  id: 'A02',
  severity: 'medium',
  title: 'An application can do more than needed',
  why: 'It needs client credentials and the scopes that it lists. Everything else adds to what a stolen secret can do.',
  needs: ['apps', 'trusts'],
  uses: ['roles', 'providers'],
  check: (sources, context) =>
    jobApps(sources).flatMap((app) => {
      const { allowedGrants = [], clientType, trustScope = 'Explicit' } = app;
      const grants = allowedGrants.filter((one) => one !== 'client_credentials');
      const faults = [
        grants.length > 0 && `has the grants ${grants.map(shown).join(', ')}`,
        clientType === 'public' && 'is a public client',
        trustScope !== 'Explicit' && `has the trust scope ${shown(trustScope)}`,
      ].filter((one) => one !== false);
      if (faults.length === 0) return [];
      const fix = patch(
        context,
        `Apps/${app.id}`,
        app.meta,
        ...(grants.length > 0
          ? [{ op: 'replace', path: 'allowedGrants', value: ['client_credentials'] } as const]
          : []),
        ...(clientType === 'public'
          ? [{ op: 'replace', path: 'clientType', value: 'confidential' } as const]
          : []),
        ...(trustScope === 'Explicit'
          ? []
          : [{ op: 'replace', path: 'trustScope', value: 'Explicit' } as const]),
      );
      return [{ object: appName(app), key: app.id, evidence: faults.join(', '), fix }];
    }),
});

/** Documented for domains of the type Free. */
const FREE_APPS = 2;

/** `setup` tags its applications. Applications made by hand have the name or the description in docs/setup.md. */
function isForJobs({ displayName = '', description = '', tags = [] }: App): boolean {
  return (
    /^github-actions/i.test(displayName) ||
    /github actions/i.test(description) ||
    tags.some(({ key }) => key === TAG)
  );
}

const A03 = defineRule({
  id: 'A03',
  severity: 'low',
  title: 'An application is not used',
  why: 'Nobody needs its secret, and somebody may steal it. A domain of the type Free has room for two applications.',
  needs: ['apps', 'trusts'],
  uses: ['roles', 'providers'],
  requiresAll: true,
  check: ({ apps, trusts, roles, providers, domain }, context) => {
    const custom = apps.filter(({ isOPCService }) => isOPCService !== true);
    const isFull = domain?.licenseType.toLowerCase() === 'free' && custom.length >= FREE_APPS;
    const clients = new Set([
      ...trusts.flatMap(({ oauthClients = [] }) => oauthClients),
      ...roleClients(roles, providers),
    ]);
    const unused = custom.filter((app) => {
      // Without an AWS account, an application that asks for tokens for AWS may be in use there.
      const mayServeAws =
        roles === undefined && (app.isOAuthResource === true || (app.allowedScopes ?? []).length > 0);
      return isForJobs(app) && !clients.has(app.name ?? '') && !mayServeAws;
    });
    return unused.map((app) => {
      const evidence = `is in no trust${roles === undefined ? '' : ' and in no AWS role'}`;
      const room = isFull ? `; the domain has ${custom.length} of ${FREE_APPS} applications` : '';
      const schemas = ['urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger'];
      const fix = lines(
        `${rawRequest(context, 'PUT', `AppStatusChanger/${app.id}`, { body: { schemas, active: false } })} &&`,
        rawRequest(context, 'DELETE', `Apps/${app.id}`),
      );
      return { object: appName(app), key: app.id, evidence: evidence + room, fix };
    });
  },
});

export const APPLICATION_RULES = [A01, A02, A03] as const;
