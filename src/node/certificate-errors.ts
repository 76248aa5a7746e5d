// Which of Node's error codes speak of a certificate.

/** Of Node's TLS and of OpenSSL: permanent, so not worth a second try. */
const UNTRUSTED =
  /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/;

export function isUntrusted(code: string): boolean {
  return UNTRUSTED.test(code);
}
