// Parses the statements of OCI policies. @see Policy Syntax (OCI documentation)

interface GroupReference {
  /** Undefined without a prefix, which means the domain named Default. */
  domain: string | undefined;
  name: string | undefined;
  ocid: string | undefined;
}

export interface PolicyStatement {
  /** `any-user` includes every service user. */
  isAnyUser: boolean;
  groups: readonly GroupReference[];
  dynamicGroups: readonly GroupReference[];
  /** Instead of a verb and a resource, in braces. */
  permissions: readonly string[];
  /** In lower case; undefined for a list of permissions in braces. */
  verb: string | undefined;
  /** In lower case. */
  resource: string;
  isInTenancy: boolean;
  condition: string | undefined;
}

const STATEMENT =
  /^\s*allow\s+(any-user|any-group|group|dynamic-group)\s*((?:'[^']*'|[^'])*?)\s+to\s+(?:(\w+)\s+([\w-]+)|\{([^}]*)\})\s+in\s+(tenancy|compartment\s+(?:'[^']*'|[^'])*?)(?:\s+where\s+(.*))?$/is;

/** @returns undefined for other subjects, such as services, and for what is no `Allow` */
export function parseStatement(text: string): PolicyStatement | undefined {
  const match = STATEMENT.exec(text.trim());
  if (match === null) return undefined;
  const [, subject = '', groups = '', verb, resource = '', permissions = '', location = '', condition] =
    match;
  const kind = subject.toLowerCase();
  return {
    isAnyUser: kind.startsWith('any-'),
    groups: kind === 'group' ? parseGroups(groups) : [],
    dynamicGroups: kind === 'dynamic-group' ? parseGroups(groups) : [],
    permissions: permissions.split(',').flatMap((one) => one.trim().toUpperCase() || []),
    verb: verb?.toLowerCase(),
    resource: resource.toLowerCase(),
    isInTenancy: location.toLowerCase() === 'tenancy',
    condition: condition?.trim(),
  };
}

/** `'Domain'/'Group'`, `Domain/Group`, `Group` or `id <ocid>`, separated by commas. */
function parseGroups(text: string): GroupReference[] {
  const items = text.match(/(?:'[^']*'|[^',])+/g) ?? [];
  return items.map((item) => {
    const ocid = /^\s*id\s+(\S+)\s*$/i.exec(item)?.[1];
    if (ocid !== undefined) return { domain: undefined, name: undefined, ocid };
    const names = (item.match(/'[^']*'|[^'/]+/g) ?? []).map((one) => one.trim().replace(/^'|'$/g, ''));
    const [last, domain] = names.filter((one) => one !== '').toReversed();
    return { domain, name: last, ocid: undefined };
  });
}

/** Whether a condition requires a value. One that only excludes values does not restrict enough. */
export const isRestricted = ({ condition = '' }: PolicyStatement) =>
  /[^!]=|\bin\b|\bbetween\b/i.test(condition.replace(/'[^']*'/g, "''"));
