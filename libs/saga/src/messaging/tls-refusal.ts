/** Why TLS cannot be established until a setting or a certificate is changed. */
export interface TlsRefusal {
  readonly problem: string;
  /** A clause that continues with where the setting is. */
  readonly remedy: string;
}

/** The codes of Node and OpenSSL. */
const REMEDIES: readonly (readonly [code: RegExp, remedy: string])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)/,
    'name the CA that signed its certificate',
  ],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    'connect by a name in its certificate, or set the expected name',
  ],
  [/^CERT_/, 'renew the expired certificate, or correct those given'],
  [
    /^ERR_SSL_.*(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|HANDSHAKE_FAILURE)$/,
    'give the client certificate that the server asks for',
  ],
  [
    /^ERR_SSL_WRONG_VERSION_NUMBER$/,
    'the server answers without TLS on that port: correct the port, or switch off TLS',
  ],
  [/^ERR_(OSSL|SSL)_|^ERR_CRYPTO_/, 'correct the files and options'],
];

/** The reason in this error or one of its causes; undefined when there is none. */
export function tlsRefusal(error: unknown): TlsRefusal | undefined {
  const {
    code,
    message,
    cause,
    errors = [],
  } = Object(error) as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly cause?: unknown;
    readonly errors?: readonly unknown[];
  };
  const remedy = typeof code === 'string' ? REMEDIES.find(([pattern]) => pattern.test(code))?.[1] : undefined;
  if (remedy !== undefined) return { problem: inWords(String(message)), remedy };
  for (const each of [cause, ...errors]) {
    const refusal = each === undefined ? undefined : tlsRefusal(each);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** OpenSSL puts the place in its sources around the reason. */
function inWords(message: string): string {
  return /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message;
}
