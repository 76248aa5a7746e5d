// Reads and verifies the body of an S3 request, in the form that x-amz-content-sha256 names.
// Source: "Authenticating Requests (AWS Signature Version 4)", "aws-chunked".

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type EmulatorRequest, single } from '../server/message.ts';
import { hashOf } from '../sts/sigv4.ts';
import { refuse } from './responses.ts';

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
    throw refuse('notImplemented', 'signed chunks are not emulated');
  }
  if (form !== 'UNSIGNED-PAYLOAD') {
    if (!/^[0-9a-f]{64}$/.test(form)) {
      throw refuse('invalidContentHash', 'body');
    }
    if (form !== hashOf(body)) {
      throw refuse('wrongContentHash', 'body');
    }
  }
  const headers = Object.entries(request.headers).map(([name, values]) => [name, values.join()] as const);
  return verified(request, body, Object.fromEntries(headers));
}

function readChunks(request: EmulatorRequest): Payload {
  const decoded = decodeChunks(request.body);
  if (!decoded || single(request, 'x-amz-decoded-content-length') !== String(decoded.body.length)) {
    throw refuse('incompleteBody', 'body');
  }
  const promised = (single(request, 'x-amz-trailer') ?? '').split(',').filter((name) => name !== '');
  if (promised.some((name) => decoded.trailer[name] === undefined)) {
    throw refuse('malformedTrailer', 'body');
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
    throw refuse('wrongChecksum', 'body');
  }
  const md5 = digest('md5');
  if ((single(request, 'content-md5') ?? md5) !== md5) {
    throw refuse('wrongMd5', 'body');
  }
  return { body, checksums };
}
