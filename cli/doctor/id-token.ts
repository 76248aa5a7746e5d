// Checks of the ID token of the job: its source, its claims, its issuer.
import { type CheckResult, createCheck, Skip } from '../../src/checks/check.ts';
import { diagnosticClaims } from '../../src/diagnosis/job-claims.ts';
import type { IdToken, IdTokenSource } from '../../src/oci/id-token.ts';
import type { StepDeps } from '../../src/ports.ts';
import type { CheckReport } from '../../src/report/doctor-report.ts';
import { checkIssuer, type IssuerDeps } from './issuer.ts';

export interface FoundIdToken {
  source: IdTokenSource | undefined;
  token: IdToken | undefined;
  /** Where the issuer's keys can be read; undefined if they cannot. */
  keysUrl: string | undefined;
}

/** @param find as `findIdTokens`; `warn` gets warnings about the source */
export async function checkIdToken(
  deps: StepDeps & Pick<IssuerDeps, 'proxyFor'>,
  find: (warn: (text: string) => void) => IdTokenSource,
  audience: string,
  report: (result: CheckReport) => void,
): Promise<FoundIdToken> {
  const { clock } = deps;
  const check = createCheck('ID token', report);
  const source = await check('source', [], () => {
    const dangers: string[] = [];
    const value = find((text) => dangers.push(text));
    return { value, text: describeSource(value, clock.now()), advice: dangers };
  });
  const token = await check('ID token', [source], async (value) => {
    const received = await value.request(deps, audience);
    const facts = diagnosticClaims(received, value.adviseOn(received.claims));
    return {
      value: received,
      text: `issued by ${value.issuer}, valid for ${lengthOf(received.expiresAt - clock.now())}`,
      facts,
    };
  });
  const issuer: CheckResult<string> = token.done
    ? { done: true, value: token.value.claims['iss'] ?? '' }
    : token;
  const keysUrl = await checkIssuer({ ...deps, check }, issuer);
  return { source: valueIn(source), token: valueIn(token), keysUrl };
}

const valueIn = <T>(result: CheckResult<T>): T | undefined => (result.done ? result.value : undefined);

const SUPPLIES: Readonly<Record<IdTokenSource['supply'], string>> = {
  'on-demand': 'new tokens on demand',
  file: 'a file that another program rewrites',
  once: 'one token for the whole job',
};

function describeSource({ issuer, supply, endsAt }: IdTokenSource, now: number): string {
  const end =
    endsAt === undefined ? '' : `, until ${new Date(endsAt).toISOString()} (${lengthOf(endsAt - now)})`;
  // The issuer of a file and of a command is known with their first token.
  const name = /^[A-Z]/.test(issuer) ? `${issuer}: ` : '';
  return `${name}${SUPPLIES[supply]}${end}`;
}

const MINUTE_MS = 60_000;

function lengthOf(milliseconds: number): string {
  const isLong = milliseconds >= 2 * MINUTE_MS;
  return isLong ? `${Math.round(milliseconds / MINUTE_MS)} min` : `${Math.round(milliseconds / 1000)} s`;
}

/**
 * The source for the checks of the exchange. Its first request gets the token that is known already.
 * @throws Skip without a token: the check of the token has failed
 */
export function sourceFor(found: FoundIdToken | undefined, audience: string | undefined): IdTokenSource {
  const { source, token } = found ?? {};
  if (source === undefined || token === undefined) throw new Skip('needs ID token');
  let first: IdToken | undefined = token;
  return {
    ...source,
    async request(deps, wanted) {
      const known = wanted === audience ? first : undefined;
      if (known !== undefined) first = undefined;
      return known ?? source.request(deps, wanted);
    },
  };
}
