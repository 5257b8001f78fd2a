import type { AddressInfo, Socket } from 'node:net';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { Journal, type FaultMode, type StandIn } from './stand-in.ts';

interface Mail {
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** Headers of a mail, unfolded, by lower-case name. */
function headersOf(raw: string): Readonly<Record<string, string>> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  return Object.fromEntries(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

async function read(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const required = ['message-id', 'from', 'to', 'subject', 'date'];
const answers: Readonly<Partial<Record<FaultMode, readonly [number, string]>>> = {
  'server-error': [451, 'local error in processing'],
  'bad-gateway': [451, 'local error in processing'],
  'rate-limit': [450, 'too many messages'],
  refuse: [550, 'no such user here'],
};
const doesTheWork: ReadonlySet<FaultMode> = new Set(['none', 'drop-answer', 'bad-gateway']);

/** A mail server: each mail is a new one; whoever reads them can tell repeats by their Message-ID. */
export async function startSmtp(port = 0): Promise<StandIn> {
  const journal = new Journal('smtp');
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();

  const take = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const raw = await read(stream);
    const { mode } = journal.nextFault();
    const headers = headersOf(raw);
    const messageId = headers['message-id'] ?? '';
    const { mailFrom, rcptTo } = session.envelope;
    const problems = required.filter((name) => (headers[name] ?? '') === '').map((name) => `no ${name}`);
    const mail: Mail = {
      messageId,
      headers,
      text: raw.slice(raw.indexOf('\r\n\r\n') + 4),
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    };
    if (doesTheWork.has(mode)) mails.push(mail);
    const [status, words] = answers[mode] ?? [mode === 'none' ? 250 : 0, ''];
    journal.note({ id: messageId, operation: 'mail', fault: mode, status, problems, body: mail });
    if (mode === 'time-out') await new Promise(() => undefined);
    if (mode === 'drop-answer') {
      for (const socket of sockets) socket.destroy();
      await new Promise(() => undefined);
    }
    if (mode !== 'none') throw Object.assign(new Error(words), { responseCode: status });
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: callbackify(take),
  });
  server.on('error', () => undefined); // a client that hangs up is no failure of the server
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const { port: bound } = server.server.address() as AddressInfo;
  return {
    name: 'smtp',
    url: `smtp://127.0.0.1:${bound}`,
    journal,
    objects: () => mails,
    clear: () => {
      mails.length = 0;
      journal.clear();
    },
    stop: async () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
