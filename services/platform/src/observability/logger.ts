import { pino, type Logger } from 'pino';

/** The logger of a service: one JSON object a line on standard output, never a secret by name. */
export function serviceLogger(service: string, instance: string, level: string): Logger {
  return pino({
    level,
    base: { service, instance, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*.password', '*.token', '*.authorization', '*.apiKey', '*.secret'],
      censor: '[redacted]',
    },
    serializers: { err: pino.stdSerializers.err },
  });
}
