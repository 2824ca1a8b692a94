import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePorts, startServer } from './server-process.ts';

const run = promisify(execFile);
/** Any id will do for a cluster of one. */
const CLUSTER_ID = 'Y29kZXgtb3RlbC10ZXN0cw';

/** A running broker. */
export interface Kafka {
  /** Host and port. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a broker on free ports, with its data in `folder`. `home` has the program in its folder `libs`. */
export async function startKafka(home: string, folder: string): Promise<Kafka> {
  const [broker = 0, controller = 0] = await freePorts(2);
  const properties = path.join(folder, 'server.properties');
  const lines = [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    `log.dirs=${path.join(folder, 'kafka')}`,
    'num.partitions=2',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
  ];
  await writeFile(properties, `${lines.join('\n')}\n`);
  const java = ['-Xmx512m', '-cp', path.join(home, 'libs', '*')];
  await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties]);
  const address = `127.0.0.1:${broker}`;
  const { stop } = await startServer('java', [...java, 'kafka.Kafka', properties], `tcp://${address}`);
  return { address, stop };
}
