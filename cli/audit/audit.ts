// Runs an audit: reads, applies the rules, reports.
import packageJson from '../../package.json' with { type: 'json' };
import type { Environment } from '../../src/ports.ts';
import type { CommandContext, OptionValues } from '../command.ts';
import type { OciAuth } from '../connect/connection.ts';
import type { ConnectionOptions } from '../connect/options.ts';
import { CommandError } from '../failure.ts';
import { githubHost } from '../github/github-access.ts';
import { findDomain } from '../setup/domain-url.ts';
import { repositoryFault } from '../setup/selection.ts';
import { inShellIfNeeded, words } from '../shell.ts';
import type { AUDIT_OPTIONS } from './command.ts';
import { evaluate } from './evaluate.ts';
import { type AuditResult, SEVERITIES, type Severity } from './finding.ts';
import { readSnapshot } from './read.ts';
import { reportSarif } from './sarif.ts';
import type { AuditContext } from './snapshot.ts';
import { reportText } from './text.ts';
import { findWorkflow } from './workflow-file.ts';

type Options = OptionValues<typeof AUDIT_OPTIONS>;

/** @returns the exit code */
export async function audit(
  { clients, terminal, clock, env }: CommandContext,
  options: Options,
): Promise<number> {
  checkOptions(options);
  const { format, repo, environment } = options;
  // Before minutes of reading, and before the first request.
  const workflow = format === 'sarif' ? findWorkflow(options.workflow) : undefined;
  const domain = await findDomain(options['domain-url'], clients);
  const { 'aws-account': accountId, 'aws-role': role } = options;
  const aws = accountId === undefined && role === undefined ? undefined : { accountId, role };
  const { auth } = await clients.oci();
  const context = contextOf(options, { domain, auth, now: clock.now(), env });
  const selectors = { domain, repository: repo, environment, aws };
  const snapshot = await readSnapshot(clients, selectors, context, (line) => terminal.progress(line));
  const result = evaluate(snapshot);
  if (workflow !== undefined)
    terminal.printJson(reportSarif(result, { version: packageJson.version, workflow }));
  else if (format === 'json') terminal.printJson({ version: 1, ...result });
  else terminal.print(reportText(result, terminal.style));
  return exitCodeOf(result, options['fail-on'] as Severity);
}

function checkOptions(options: Options): void {
  const { repo, environment, 'aws-account': account, 'aws-role': role, workflow, format } = options;
  const faults = [
    repo === undefined || /^[\w-]+\/[\w.-]+$/.test(repo) ? '' : repositoryFault(repo),
    environment !== undefined && repo === undefined ? '`--environment` needs `--repo`.' : '',
    account === undefined || /^\d{12}$/.test(account)
      ? ''
      : '`--aws-account` must be the 12 digits of the account.',
    role === undefined || /^[\w+=,.@-]{1,64}$/.test(role)
      ? ''
      : '`--aws-role` must be the name of a role, not its ARN.',
    workflow !== undefined && format !== 'sarif' ? '`--workflow` needs `--format sarif`.' : '',
  ].filter((fault) => fault !== '');
  if (faults.length > 0) throw new CommandError('OPTION_INVALID', faults.join(' '));
}

/** The commands of the fixes get the options of this run. */
function contextOf(
  options: Options & Partial<ConnectionOptions>,
  { domain, auth, now, env }: { domain: URL; auth: OciAuth; now: number; env: Environment },
): AuditContext {
  const { profile = 'DEFAULT', 'config-file': file = '~/.oci/config' } = options;
  const credentials = words(
    file === '~/.oci/config' ? '' : `--config-file ${inShellIfNeeded(file)}`,
    profile === 'DEFAULT' ? '' : `--profile ${inShellIfNeeded(profile)}`,
  );
  const given = options.auth === undefined ? '' : `--auth ${options.auth}`;
  return {
    now,
    domainUrl: domain.origin,
    githubHost: githubHost(env).name,
    // The OCI CLI does not see by itself that a profile holds a session.
    ociOptions: words(credentials, auth === 'security_token' ? '--auth security_token' : ''),
    selectors: words(`--domain-url ${domain.origin}`, credentials, given),
  };
}

export function exitCodeOf({ findings, notEvaluated }: AuditResult, failOn: Severity): number {
  const limit = SEVERITIES.indexOf(failOn);
  if (findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit)) return 2;
  return notEvaluated.length > 0 ? 3 : 0;
}
