// T05, T06, T09–T13 and T15: the trusts themselves, and the objects that they name.
import { type IdentityPropagationTrust, USER_EXTENSION } from '../../domain/objects.ts';
import { comment } from '../../shell.ts';
import { deactivateTrust, lines, patchTrust, rawRequest, removeRule } from '../fixes.ts';
import { defineRule, type Found } from '../rule.ts';
import { narrowest, reachOf } from '../subject.ts';
import { clientReach, isGitHub } from '../trust-rules.ts';
import { ruleFound, shown, trustName, userName } from './names.ts';

function found(trust: IdentityPropagationTrust, evidence: string, fix: string, part = ''): Found {
  return { object: trustName(trust), key: [trust.id, part].join('\n'), evidence, fix };
}

const T05 = defineRule({
  id: 'T05',
  severity: 'high',
  title: 'A trust accepts any audience',
  why: 'Whoever gets a token that a job requested for another service can present it to this domain.',
  needs: ['trusts'],
  check: ({ trusts }, context) =>
    trusts
      .filter(({ type = 'JWT' }) => type === 'JWT')
      .filter(
        ({ clientClaimName, clientClaimValues = [] }) => !clientClaimName || clientClaimValues.length === 0,
      )
      .map((trust) => {
        const { clientClaimName } = trust;
        const evidence = clientClaimName ? `${shown(clientClaimName)} has no values` : 'has no client claim';
        const fix = lines(
          comment(`Every workflow that uses the trust then needs \`audience: ${context.domainUrl}\`.`),
          patchTrust(
            context,
            trust,
            { op: 'replace', path: 'clientClaimName', value: 'aud' },
            { op: 'replace', path: 'clientClaimValues', value: [context.domainUrl] },
          ),
        );
        return found(trust, evidence, fix);
      }),
});

/** Audiences that many parties use: the action's default, GitHub's default, and those of other services. */
const SHARED =
  /^(https:\/\/cloud\.oracle\.com\/?|https:\/\/github\.com\/[\w-]+|sts\.amazon(aws)?\.com|api:\/\/AzureADTokenExchange|sigstore|pypi|npm:registry\.npmjs\.org)$/;

const T06 = defineRule({
  id: 'T06',
  severity: 'low',
  title: 'A trust accepts an audience of others',
  why: 'Jobs request tokens with this audience for other services, too. Whoever gets one can present it to this domain.',
  needs: ['trusts'],
  check: ({ trusts }, context) =>
    trusts.flatMap((trust) => {
      const { clientClaimName, clientClaimValues: values = [] } = trust;
      if (clientClaimName !== 'aud') return [];
      const own = [...new Set([...values.filter((one) => !SHARED.test(one)), context.domainUrl])];
      const shared = values.filter((one) => SHARED.test(one));
      return shared.map((audience) => {
        const fix = lines(
          comment(`After every workflow that uses the trust has \`audience: ${own[0]}\`:`),
          patchTrust(context, trust, { op: 'replace', path: 'clientClaimValues', value: own }),
        );
        return found(trust, `accepts the audience ${shown(audience)}`, fix, audience);
      });
    }),
});

const T09 = defineRule({
  id: 'T09',
  severity: 'high',
  title: 'The user of a rule cannot be impersonated',
  why: 'The domain refuses the job. A user that is not a service user may also belong to a person.',
  needs: ['rules', 'users'],
  requiresAll: true,
  check: ({ rules, users }, context) =>
    rules.flatMap((entry) => {
      const user = users.find(({ id, ocid }) => id === entry.user || ocid === entry.user);
      const fault =
        user === undefined
          ? 'does not exist'
          : user[USER_EXTENSION]?.serviceUser !== true
            ? 'is not a service user'
            : user.active === false
              ? 'is inactive'
              : undefined;
      if (fault === undefined) return [];
      const evidence = `${userName(entry.user, users)} ${fault}`;
      return [ruleFound(entry, evidence, removeRule(context, entry))];
    }),
});

const T10 = defineRule({
  id: 'T10',
  severity: 'medium',
  title: 'An inactive trust has rules',
  why: 'No job can log in. Whoever activates the trust activates rules that nobody has looked at since.',
  needs: ['trusts', 'rules'],
  check: ({ trusts, rules }, context) =>
    trusts
      .filter(({ active }) => active !== true)
      .flatMap((trust) => {
        const count = rules.filter((one) => one.trust.id === trust.id).length;
        if (count === 0) return [];
        const fix = lines(
          '# If it is needed:',
          patchTrust(context, trust, { op: 'replace', path: 'active', value: true }),
          '# If it is not:',
          rawRequest(context, 'DELETE', `IdentityPropagationTrusts/${trust.id}`),
        );
        return [found(trust, `is inactive and has ${count} rule${count === 1 ? '' : 's'}`, fix)];
      }),
});

const T11 = defineRule({
  id: 'T11',
  severity: 'high',
  title: 'The keys of a trust are not those of GitHub',
  why: 'Whoever controls the other address, or the key of the certificate, can sign a token for any job.',
  needs: ['trusts'],
  check: ({ trusts }, context) =>
    trusts.filter(isGitHub).flatMap((trust) => {
      const { issuer = '', publicKeyEndpoint, publicCertificate } = trust;
      const keys = `${issuer}/.well-known/jwks`;
      // The domain may be unable to reach a GitHub Enterprise Server, so a certificate is the documented way there.
      const isServer = issuer.endsWith('/_services/token');
      const isFixed = Boolean(publicCertificate) && !isServer;
      const isElsewhere =
        publicKeyEndpoint !== keys && !(isServer && publicCertificate && !publicKeyEndpoint);
      if (!isFixed && !isElsewhere) return [];
      const evidence = isFixed
        ? 'has a fixed certificate'
        : `takes the keys from ${shown(publicKeyEndpoint ?? 'nowhere')}, not from ${shown(keys)}`;
      const fix = patchTrust(
        context,
        trust,
        ...(isFixed ? [{ op: 'remove', path: 'publicCertificate' } as const] : []),
        { op: 'replace', path: 'publicKeyEndpoint', value: keys },
      );
      return [found(trust, evidence, fix)];
    }),
});

const T12 = defineRule({
  id: 'T12',
  severity: 'medium',
  title: 'A trust lists a client without an active application',
  why: 'The client cannot log in. If somebody can create an application with this ID, the trust accepts it.',
  needs: ['trusts', 'apps'],
  requiresAll: true,
  check: ({ trusts, apps }, context) =>
    trusts
      .filter(({ active }) => active === true)
      .flatMap((trust) => {
        const { oauthClients: clients = [] } = trust;
        const faults = new Map<string, string>();
        for (const client of clients) {
          const app = apps.find(({ name }) => name === client);
          if (app === undefined) faults.set(client, 'has no application');
          else if (app.active !== true)
            faults.set(client, `belongs to ${shown(app.displayName ?? '')}, which is inactive`);
        }
        const others = clients.filter((client) => !faults.has(client));
        // A trust has at least one client, so without another one it is deactivated.
        const fix =
          others.length === 0
            ? deactivateTrust(context, trust)
            : patchTrust(context, trust, { op: 'replace', path: 'oauthClients', value: others });
        return [...faults].map(([client, fault]) =>
          found(trust, `client ${shown(client)} ${fault}`, fix, client),
        );
      }),
});

const T13 = defineRule({
  id: 'T13',
  severity: 'high',
  title: 'A trust for resources does not check the repository',
  why: 'Every job whose token has the audience becomes a resource principal, from any repository.',
  needs: ['trusts'],
  check: ({ trusts }, context) =>
    trusts
      .filter(({ subjectType }) => subjectType === 'Resource')
      .flatMap((trust) => {
        const { claimValidations = [] } = trust;
        const reach = narrowest(
          clientReach(trust),
          ...claimValidations.map(({ name, value }) => reachOf(name, value)),
        );
        const isOpen = isGitHub(trust) ? reach === 'everyone' : claimValidations.length === 0;
        if (!isOpen) return [];
        const names = claimValidations.map(({ name }) => shown(name)).join(', ');
        const evidence =
          names === ''
            ? 'has no claim validations'
            : `validates only ${names}, which jobs of any repository can have`;
        const value = [...claimValidations, { name: 'repository_id', value: '<id of the repository>' }];
        const fix = patchTrust(context, trust, { op: 'replace', path: 'claimValidations', value });
        return [found(trust, evidence, fix)];
      }),
});

const MAX_SKEW_SECONDS = 300;

const T15 = defineRule({
  id: 'T15',
  severity: 'low',
  title: 'A trust accepts tokens long after expiry',
  why: "A stolen token stays usable for as long as the skew. GitHub's tokens expire after five minutes.",
  needs: ['trusts'],
  check: ({ trusts }, context) =>
    trusts
      .filter(({ clockSkewSeconds = 0 }) => clockSkewSeconds > MAX_SKEW_SECONDS)
      .map((trust) => {
        const fix = patchTrust(context, trust, { op: 'replace', path: 'clockSkewSeconds', value: 60 });
        return found(trust, `has a clock skew of ${trust.clockSkewSeconds} seconds`, fix);
      }),
});

export const TRUST_RULES = [T05, T06, T09, T10, T11, T12, T13, T15] as const;
