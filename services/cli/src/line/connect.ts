import net from 'node:net';
import { kafkaConnection, serviceLogger, type KafkaConnection } from '@faultline/platform';
import { Fault } from '@faultline/stream';
import { needed, type LineLocation } from './locate-line.ts';

/** How long a broker may take to accept a connection. */
const CONNECT_MS = 3_000;

/** A connection to brokers of which at least one answers now; rejects at once where none does. */
export async function connectKafka(location: LineLocation): Promise<KafkaConnection> {
  const brokers = needed(location.brokers, 'Kafka', 'FAULTLINE_BROKERS');
  const failures: string[] = [];
  for (const broker of brokers) {
    const failure = await whyUnreachable(broker);
    if (failure === undefined) return kafkaConnection(brokers, serviceLogger('cli', '0', 'silent'));
    failures.push(`${broker}: ${failure}`);
  }
  throw new Fault('UNREACHABLE', `no broker answers (${failures.join('; ')})`, {
    remedy: 'start the line with npm start, or correct FAULTLINE_BROKERS',
    retryable: true,
  });
}

async function whyUnreachable(broker: string): Promise<string | undefined> {
  const colon = broker.lastIndexOf(':');
  const host = broker.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(broker.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) return 'not of the form host:port';
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const end = (why: string | undefined): void => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(CONNECT_MS, () => end(`no connection within ${CONNECT_MS} ms`));
    socket.once('connect', () => end(undefined));
    socket.once('error', (error) => end(error.message));
  });
}
