const base = Number(process.env['FAULTLINE_CORPUS_PORT_BASE'] ?? 21_000);

/** Loopback ports of the local servers; `refused` has no listener. */
export const ports = {
  http: base,
  selfSigned: base + 1,
  expired: base + 2,
  wrongHost: base + 3,
  reset: base + 4,
  silent: base + 5,
  empty: base + 6,
  refused: base + 7,
  handshakeEnd: base + 8,
  privateCa: base + 9,
  clientCert: base + 10,
  truncated: base + 11,
  postgres: base + 20,
  postgresSmall: base + 21,
  kafka: base + 30,
  kafkaController: base + 31,
  own: base + 50,
} as const;

/** Base address of the local HTTP server. */
export const httpBase = `http://127.0.0.1:${ports.http}`;
