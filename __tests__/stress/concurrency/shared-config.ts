// The config that many logins share: what its user has in it, what a login may add, and which texts are not whole.
// Pure, since the processes that watch the logins need it too.

/** Sections of the user's own that logins replace for a while. */
export const REPLACED = ['KEPT0', 'KEPT1', 'KEPT2', 'KEPT3'];

/** The section that another program keeps rewriting. */
export const COUNTER = /^\[COUNTER\]\ncounter=(\d+)\n/m;

/** Enough for a writer that writes in pieces to need several. */
const BULK = '# notes of the user, which nobody may touch\n'.repeat(600);

const OWN_CHUNKS = [
  '[DEFAULT]\nuser=ocid1.user.oc1..own\nregion=eu-zurich-1\n',
  `[BULK]\nkey=value\n${BULK}`,
  '[COUNTER]\ncounter=0\n',
  ...REPLACED.map((name) => `[${name}]\nregion=of ${name}\n`),
  '[LAST]\nkept=yes\n',
];
export const OWN_CONFIG = OWN_CHUNKS.join('');
/** With a last line that some editors leave so, and that looks like a text cut off. */
export const UNFINISHED_CONFIG = OWN_CONFIG.replace(/\n$/, '');

const OURS =
  /^\[(\S+)\]\n# oci-wif-action login [0-9a-f]{16} of job [0-9a-f]{12}, removed by its post step\ntenancy=ocid1\.tenancy\.\S+\nregion=\S+\nfingerprint=([0-9a-f:]{47})\nkey_file=\/\S+\/sessions\/\1\/oci_api_key\.pem\nsecurity_token_file=\/\S+\/sessions\/\1\/token$/;

const headerOf = (chunk: string) => chunk.slice(0, chunk.indexOf('\n'));
/** The line end of a chunk's last line comes and goes with what follows. */
const plain = (chunk: string) =>
  chunk.replace(/\n$/, '').replace(/^(\[COUNTER\]\ncounter)=\d+$/, (_all, head) => `${head}=0`);
const OWN: ReadonlyMap<string, string> = new Map(OWN_CHUNKS.map((chunk) => [headerOf(chunk), plain(chunk)]));

const chunksOf = (text: string) => text.split(/(?=^\[)/m);

/** Everything that is not as it must be at any time: each section is the user's or ours, whole, and none is missing. */
export function faultsOf(text: string): string[] {
  const chunks = chunksOf(text);
  const headers = chunks.map(headerOf);
  const twice = headers.filter((header, at) => headers.indexOf(header) !== at);
  const missing = [...OWN.keys()].filter((header) => !headers.includes(header));
  const torn = chunks.filter((chunk) => !isWhole(chunk));
  return [
    ...twice.map((header) => `${header} twice`),
    ...missing.map((header) => `${header} missing`),
    ...torn.map((chunk) => `torn: ${JSON.stringify(chunk.slice(0, 400))}`),
  ];
}

function isWhole(chunk: string): boolean {
  const own = OWN.get(headerOf(chunk));
  if (own === plain(chunk)) return true;
  const isReplaceable = own === undefined || REPLACED.some((name) => headerOf(chunk) === `[${name}]`);
  return isReplaceable && OURS.test(plain(chunk));
}

/** Fingerprint of the key of each profile that a login has written. */
export function sessionsIn(text: string): ReadonlyMap<string, string> {
  const found = chunksOf(text).map((chunk) => OURS.exec(plain(chunk)));
  return new Map(found.filter((match) => match !== null).map(([, name = '', print = '']) => [name, print]));
}
