// The body of an S3 request, as its x-amz-content-sha256 announces it: plain with or without a digest, or in chunks.
// Source: "Authenticating Requests (AWS Signature Version 4)", "aws-chunked". Must not know what it is for.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type EmulatorRequest, single } from '../server/message.ts';
import { hashOf } from '../sts/sigv4-canonical.ts';

export interface Payload {
  body: Buffer;
  /** `x-amz-checksum-…`, from the headers or from the end of the body. */
  checksums: Readonly<Record<string, string>>;
}

export type PayloadResult =
  | { ok: true; payload: Payload }
  | { ok: false; status: number; code: string; message: string; reason: string };

const CHUNKED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const CHECKSUM = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;

/** To be asked once the signature is known to be good. */
export function readPayload(request: EmulatorRequest): PayloadResult {
  const announced = single(request, 'x-amz-content-sha256') ?? '';
  if (/^[0-9a-f]{64}$/.test(announced)) {
    return announced === hashOf(request.body)
      ? checked(request, request.body, checksumsOf(singles(request)))
      : no(
          400,
          'XAmzContentSHA256Mismatch',
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
  }
  switch (announced) {
    case 'UNSIGNED-PAYLOAD':
      return checked(request, request.body, checksumsOf(singles(request)));
    case CHUNKED:
      return chunked(request);
    default:
      // The signed kinds of chunks are for plain HTTP, where the clients of this world never go.
      return announced.startsWith('STREAMING-')
        ? no(501, 'NotImplemented', 'Signed chunks are not emulated.')
        : no(
            400,
            'InvalidArgument',
            'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING value, or a valid sha256 value.',
          );
  }
}

function chunked(request: EmulatorRequest): PayloadResult {
  const decoded = dechunk(request.body);
  if (!decoded || single(request, 'x-amz-decoded-content-length') !== String(decoded.body.length)) {
    return no(400, 'IncompleteBody', 'The request body terminated unexpectedly.');
  }
  const promised = (single(request, 'x-amz-trailer') ?? '').split(',').filter((name) => name !== '');
  if (promised.some((name) => decoded.trailer[name] === undefined)) {
    return no(400, 'MalformedTrailerError', 'The request contained trailing data that was not well-formed.');
  }
  return checked(request, decoded.body, checksumsOf(decoded.trailer));
}

/** `<hexadecimal length>\r\n<bytes>\r\n`, until a length of zero; then the trailer's lines and an empty one. */
function dechunk(bytes: Buffer): { body: Buffer; trailer: Record<string, string> } | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = /^[0-9a-f]+$/i.test(bytes.toString('latin1', at, end))
      ? bytes.toString('latin1', at, end)
      : '';
    const length = Number.parseInt(size, 16);
    if (end < 0 || Number.isNaN(length)) {
      return undefined;
    }
    if (length === 0) {
      return { body: Buffer.concat(chunks), trailer: trailerOf(bytes.toString('latin1', end + 2)) };
    }
    chunks.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length;
    if (bytes.toString('latin1', at, at + 2) !== '\r\n') {
      return undefined;
    }
    at += 2;
  }
}

function trailerOf(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()];
    }),
  );
}

function singles(request: EmulatorRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, values]) => [name, values.join()]));
}

function checksumsOf(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => CHECKSUM.test(name)));
}

/** CRC32C and CRC64NVME are believed: Node computes neither. */
function checked(
  request: EmulatorRequest,
  body: Buffer,
  checksums: Readonly<Record<string, string>>,
): PayloadResult {
  const digest = (algorithm: string) => createHash(algorithm).update(body).digest('base64');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const computed: Readonly<Record<string, string>> = {
    'x-amz-checksum-crc32': crc.toString('base64'),
    'x-amz-checksum-sha1': digest('sha1'),
    'x-amz-checksum-sha256': digest('sha256'),
  };
  const wrong = Object.entries(checksums).find(([name, value]) => (computed[name] ?? value) !== value);
  if (wrong) {
    return no(400, 'BadDigest', 'The checksum you specified did not match the calculated checksum.');
  }
  const md5 = digest('md5');
  return (single(request, 'content-md5') ?? md5) === md5
    ? { ok: true, payload: { body, checksums } }
    : no(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

function no(status: number, code: string, message: string): PayloadResult {
  return { ok: false, status, code, message, reason: 'body' };
}
