/** Limits that the project sets itself. `npm run figures` shows them all; tests and `npm run bench` fail on some. */
export const LIMITS = {
  srcLines: 7800,
  fileLines: 250,
  functionLines: 50,
  /** The archive that a job downloads, compressed by gzip. */
  downloadBytes: 190_000,
  /** The same without the files that only a login to AWS loads. */
  downloadBytesWithoutAws: 120_000,
  /** An OCI login against the floor, as ratios: the same calls with built-ins only. */
  ociTime: 1.15,
  ociMemory: 1.06,
  /** A login to both clouds against the floor's OCI login, with 80 ms added to every response. */
  bothCloudsTime: 1.25,
} as const;
