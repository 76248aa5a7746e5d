// GitHub, and Forgejo, which has its protocol and its variables. The `iss` of a token tells which of them it is.
import { isForgejo } from '../../src/diagnosis/job-claims.ts';
import { ActionError } from '../../src/errors/action-error.ts';
import type { ErrorCode } from '../../src/errors/codes.ts';
import { githubIdTokens, githubIdTokensFrom } from '../../src/github/id-token-source.ts';
import type { IdTokenSource } from '../../src/oci/id-token.ts';
import type { Environment } from '../../src/ports.ts';
import { CI_SYSTEMS } from '../ci/systems.ts';
import type { CommandCode } from '../codes.ts';
import { CommandError } from '../failure.ts';

type Host = 'github' | 'forgejo';

export interface ActionsSpec {
  kind: 'actions';
  /** What the environment shows, until there is a token. */
  host: Host;
  /** `spec` of the action's own source. */
  service: unknown;
}

/** @throws ActionError GITHUB_OIDC_UNAVAILABLE; for Forgejo, CommandError ID_TOKEN_MISSING */
export function actionsSource(env: Environment, host: Host): IdTokenSource {
  try {
    return wrapped(githubIdTokens({ env, mask: () => {} }), host);
  } catch (error) {
    throw titled(error, host);
  }
}

export function actionsSourceFrom({ service, host }: ActionsSpec): IdTokenSource {
  return wrapped(githubIdTokensFrom(service), host);
}

function wrapped(source: IdTokenSource, host: Host): IdTokenSource {
  let issuer: string = CI_SYSTEMS[host].name;
  return {
    ...source,
    get issuer() {
      return issuer;
    },
    spec: { kind: 'actions', host, service: source.spec } satisfies ActionsSpec,
    async request(deps, audience) {
      try {
        const token = await source.request(deps, audience);
        issuer = CI_SYSTEMS[isForgejo(token.claims) ? 'forgejo' : 'github'].name;
        return token;
      } catch (error) {
        throw titled(error, host);
      }
    },
  };
}

const FORGEJO_CODES: Partial<Record<ErrorCode, CommandCode>> = {
  GITHUB_OIDC_UNAVAILABLE: 'ID_TOKEN_MISSING',
  GITHUB_OIDC_REFUSED: 'ID_TOKEN_REFUSED',
  GITHUB_OIDC_EXPIRED: 'ID_TOKEN_EXPIRED',
  GITHUB_UNREACHABLE: 'SERVICE_UNREACHABLE',
  GITHUB_RESPONSE_MALFORMED: 'ID_TOKEN_UNREADABLE',
};

/** The action's own messages name GitHub and its settings. */
function titled(error: unknown, host: Host): unknown {
  if (host !== 'forgejo' || !(error instanceof ActionError)) return error;
  const code = FORGEJO_CODES[error.code];
  if (code === undefined) return error;
  const { status, requestId, message } = error;
  const remedy =
    code === 'ID_TOKEN_MISSING'
      ? `Add ${CI_SYSTEMS.forgejo.setting}.`
      : 'Check that the job still runs, and that the runner reaches the address in ACTIONS_ID_TOKEN_REQUEST_URL.';
  const details = { remedy, requestId, ...(status !== undefined && { status }) };
  return new CommandError(code, message.replaceAll('GitHub', 'Forgejo'), details);
}
