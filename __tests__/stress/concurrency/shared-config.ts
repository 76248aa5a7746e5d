// The config that many logins share: the sections of the user, and a check that a text is complete. Without imports,
// because other processes load it too.

/** Sections of the user that logins replace. */
export const REPLACED = ['KEPT0', 'KEPT1', 'KEPT2', 'KEPT3'];

/** The section of another program, which rewrites it. */
export const COUNTER = /^\[COUNTER\]\ncounter=(\d+)\n/m;

/** Several pages. */
const BULK = '# notes of the user, which must not change\n'.repeat(600);

const USER_SECTIONS = [
  '[DEFAULT]\nuser=ocid1.user.oc1..own\nregion=eu-zurich-1\n',
  `[BULK]\nkey=value\n${BULK}`,
  '[COUNTER]\ncounter=0\n',
  ...REPLACED.map((name) => `[${name}]\nregion=of ${name}\n`),
  '[LAST]\nkept=yes\n',
];
export const USER_CONFIG = USER_SECTIONS.join('');
/** Some editors write no last line end. Such a text looks incomplete. */
export const CONFIG_WITHOUT_LAST_LINE_END = USER_CONFIG.replace(/\n$/, '');

const OURS =
  /^\[(\S+)\]\n# oci-wif-action login [0-9a-f]{16} of job [0-9a-f]{12}, removed by its clean-up\ntenancy=ocid1\.tenancy\.\S+\nregion=\S+\nfingerprint=([0-9a-f:]{47})\nkey_file=\/\S+\/sessions\/\1\/oci_api_key\.pem\nsecurity_token_file=\/\S+\/sessions\/\1\/token$/;

const headerOf = (section: string) => section.slice(0, section.indexOf('\n'));
/** The last line end of a section depends on what follows. */
const plain = (section: string) =>
  section.replace(/\n$/, '').replace(/^(\[COUNTER\]\ncounter)=\d+$/, (_all, head) => `${head}=0`);
const USER: ReadonlyMap<string, string> = new Map(
  USER_SECTIONS.map((section) => [headerOf(section), plain(section)]),
);

const sectionsOf = (text: string) => text.split(/(?=^\[)/m);

/** Returns the faults of a text in which each section must be complete, of the user or of a login, and none missing. */
export function faultsOf(text: string): string[] {
  const sections = sectionsOf(text);
  const headers = sections.map(headerOf);
  const twice = headers.filter((header, at) => headers.indexOf(header) !== at);
  const missing = [...USER.keys()].filter((header) => !headers.includes(header));
  const incomplete = sections.filter((section) => !isComplete(section));
  return [
    ...twice.map((header) => `${header} twice`),
    ...missing.map((header) => `${header} missing`),
    ...incomplete.map((section) => `incomplete: ${JSON.stringify(section.slice(0, 400))}`),
  ];
}

function isComplete(section: string): boolean {
  const own = USER.get(headerOf(section));
  if (own === plain(section)) return true;
  const isReplaceable = own === undefined || REPLACED.some((name) => headerOf(section) === `[${name}]`);
  return isReplaceable && OURS.test(plain(section));
}

/** Returns the fingerprint of each profile that a login has written. */
export function fingerprintsIn(text: string): ReadonlyMap<string, string> {
  const found = sectionsOf(text).map((section) => OURS.exec(plain(section)));
  return new Map(found.filter((match) => match !== null).map(([, name = '', print = '']) => [name, print]));
}
