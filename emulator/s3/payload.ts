// Reads and verifies the body of an S3 request, in the form that x-amz-content-sha256 names.
// Source: "Authenticating Requests (AWS Signature Version 4)", "aws-chunked".

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../server/aws-xml.ts';
import { type EmulatorRequest, single } from '../server/message.ts';
import { hashOf } from '../sts/sigv4.ts';

export interface Payload {
  body: Buffer;
  /** `x-amz-checksum-…`, from the headers or from the trailer. */
  checksums: Readonly<Record<string, string>>;
}

const CHECKSUM = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;

/** Call it after the signature is verified, which covers x-amz-content-sha256. */
export function readPayload(request: EmulatorRequest): Payload {
  const { body } = request;
  const form = single(request, 'x-amz-content-sha256') ?? '';
  if (form === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return readChunks(request);
  if (form.startsWith('STREAMING-')) {
    // Signed chunks are for plain HTTP, which the emulator does not serve.
    throw new AwsError(501, 'NotImplemented', 'Signed chunks are not emulated.', 'body');
  }
  if (form !== 'UNSIGNED-PAYLOAD') {
    if (!/^[0-9a-f]{64}$/.test(form)) {
      const message =
        'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING value, or a valid sha256 value.';
      throw bodyError('InvalidArgument', message);
    }
    if (form !== hashOf(body)) {
      const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
      throw bodyError('XAmzContentSHA256Mismatch', message);
    }
  }
  const headers = Object.entries(request.headers).map(([name, values]) => [name, values.join()] as const);
  return verified(request, body, Object.fromEntries(headers));
}

function readChunks(request: EmulatorRequest): Payload {
  const decoded = decodeChunks(request.body);
  if (!decoded || single(request, 'x-amz-decoded-content-length') !== String(decoded.body.length)) {
    throw bodyError('IncompleteBody', 'The request body terminated unexpectedly.');
  }
  const promised = (single(request, 'x-amz-trailer') ?? '').split(',').filter((name) => name !== '');
  if (promised.some((name) => decoded.trailer[name] === undefined)) {
    const message = 'The request contained trailing data that was not well-formed.';
    throw bodyError('MalformedTrailerError', message);
  }
  return verified(request, decoded.body, decoded.trailer);
}

/** `<hexadecimal length>\r\n<bytes>\r\n`, until a length of zero; then the lines of the trailer and an empty one. */
function decodeChunks(bytes: Buffer): { body: Buffer; trailer: Record<string, string> } | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = bytes.toString('latin1', at, Math.max(end, at));
    if (!/^[0-9a-f]+$/i.test(size)) return undefined;
    const length = Number.parseInt(size, 16);
    if (length === 0) {
      return { body: Buffer.concat(chunks), trailer: parseTrailer(bytes.toString('latin1', end + 2)) };
    }
    chunks.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length;
    if (bytes.toString('latin1', at, at + 2) !== '\r\n') return undefined;
    at += 2;
  }
}

function parseTrailer(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()];
    }),
  );
}

/** CRC32C and CRC64NVME are not verified: Node computes neither. */
function verified(request: EmulatorRequest, body: Buffer, fields: Readonly<Record<string, string>>): Payload {
  const checksums = Object.fromEntries(Object.entries(fields).filter(([name]) => CHECKSUM.test(name)));
  const digest = (algorithm: string) => createHash(algorithm).update(body).digest('base64');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const computed: Readonly<Record<string, string>> = {
    'x-amz-checksum-crc32': crc.toString('base64'),
    'x-amz-checksum-sha1': digest('sha1'),
    'x-amz-checksum-sha256': digest('sha256'),
  };
  if (Object.entries(checksums).some(([name, value]) => (computed[name] ?? value) !== value)) {
    throw bodyError('BadDigest', 'The checksum you specified did not match the calculated checksum.');
  }
  const md5 = digest('md5');
  if ((single(request, 'content-md5') ?? md5) !== md5) {
    throw bodyError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  return { body, checksums };
}

function bodyError(code: string, message: string): AwsError {
  return new AwsError(400, code, message, 'body');
}
