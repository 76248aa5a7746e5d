// What `export-for` asks of other inputs.
import path from 'node:path';
import type { InputContext } from './parsers.ts';
import { homeOfConfig } from './paths.ts';
import type { InputValues } from './schema.ts';

/** @see oracle/oci-go-sdk, common/auth: a federated token is renewed five minutes early, and with it the key */
const EXPIRED_EARLY_SECONDS = 300;

/** @returns as `contradictions` */
export function doorContradictions(values: InputValues, { home }: Pick<InputContext, 'home'>): string[] {
  const doors = values['export-for'] ?? []; // null: refused by itself
  const beyondCli = doors.filter((door) => door !== 'cli');
  if (values['token-type'] === 'none') {
    const vain = `\`export-for\` ${beyondCli.join(', ')} needs a session, which \`token-type\` none leaves out`;
    return beyondCli.length > 0 ? [vain] : [];
  }
  const faults: string[] = [];
  const has = (door: (typeof doors)[number]) => doors.includes(door);
  if (has('terraform') && has('terraform-session'))
    faults.push('`export-for` takes terraform or terraform-session, not both: they set the same variables');
  if (has('terraform') && values.refresh === false) {
    faults.push(
      "`export-for` terraform needs `refresh` true, because GitHub's token lives five minutes; or take terraform-session, which signs with the session",
    );
  }
  const asked = values['rpst-lifetime-seconds'];
  if (has('terraform') && asked && asked <= EXPIRED_EARLY_SECONDS) {
    faults.push(
      `\`rpst-lifetime-seconds\` must be more than ${EXPIRED_EARLY_SECONDS} with \`export-for\` terraform: its provider takes a session for over so long before its end`,
    );
  }
  const file = values['config-file'];
  if (!file || !path.isAbsolute(file)) return faults; // refused, or below a home that is not there
  if (has('terraform-session') && homeOfConfig(file) === undefined) {
    faults.push(
      "`config-file` must end in .oci/config with `export-for` terraform-session: Terraform's clients read no other",
    );
  }
  if (has('docker') && homeOfConfig(file) !== home) {
    faults.push(
      '`config-file` cannot be given with `export-for` docker: no path leads to one file from this machine and from Docker actions, except the default',
    );
  }
  return faults;
}
