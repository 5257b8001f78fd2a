import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { ports } from '../ports.ts';
import { toolchainBinaries } from '../toolchains.ts';

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });

/** Starts a real one-node broker below `folder`; the value stops it. */
export async function startKafka(folder: string): Promise<() => Promise<void>> {
  const binaries = toolchainBinaries('kafka');
  mkdirSync(folder, { recursive: true });
  const properties = `${folder}/server.properties`;
  writeFileSync(
    properties,
    `process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@127.0.0.1:${ports.kafkaController}\nlisteners=PLAINTEXT://127.0.0.1:${ports.kafka},CONTROLLER://127.0.0.1:${ports.kafkaController}\ncontroller.listener.names=CONTROLLER\nlog.dirs=${folder}/logs\nauto.create.topics.enable=false\noffsets.topic.replication.factor=1\nmessage.max.bytes=2000\ngroup.initial.rebalance.delay.ms=0\n`,
  );
  execFileSync(`${binaries}/kafka-storage.sh`, ['format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', properties], {
    stdio: 'pipe',
  });
  const child = spawn(`${binaries}/kafka-server-start.sh`, [properties], { stdio: 'ignore' });
  for (let attempt = 0; !(await answers(ports.kafka)); attempt += 1) {
    if (attempt > 120) throw new Error('the broker did not start');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 15_000))]);
    child.kill('SIGKILL');
  };
}
