// Whether the service of this container is ready: 0 or 1.
const { FAULTLINE_HTTP_PORT = '8080' } = process.env;
try {
  const { ok } = await fetch(`http://127.0.0.1:${FAULTLINE_HTTP_PORT}/readyz`, {
    signal: AbortSignal.timeout(3_000),
  });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
