// The life of a resource's session token (RPST) beside the one that was asked for. Pure. Loaded only if one was.

/** Between the issue of a token and the `Date` of the answer that brings it. */
const TOLERANCE_SECONDS = 5;

/**
 * What to say of a life that is not the one asked for: OCI may cut it, and its sources disagree on the unit.
 * `serverTime`: the domain's clock at the exchange, in milliseconds since the epoch.
 */
export function adviseOnGrantedLife(
  asked: number,
  { expiresAt }: { expiresAt: number },
  serverTime: number,
): string | undefined {
  const granted = Math.round((expiresAt - serverTime) / 1000);
  const isAbout = (seconds: number) => Math.abs(granted - seconds) <= TOLERANCE_SECONDS;
  if (isAbout(asked)) return undefined;
  const until = `until ${new Date(expiresAt).toISOString()}`;
  const what = `OCI gave a session of ${granted} s (${until}), not of ${asked} s as \`rpst-lifetime-seconds\` asks`;
  if (isAbout(asked * 60)) return `${what}: sixty times as long, as if it counted in minutes.`;
  if (isAbout(asked / 60)) return `${what}: a sixtieth, as if it had turned seconds into minutes.`;
  return `${what}.`;
}
