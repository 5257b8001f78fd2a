import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();

/** What every service reads. Keys are environment variables; each may be given as a file by KEY_FILE. */
export const baseConfigSchema = z.object({
  FAULTLINE_BROKERS: z
    .string()
    .min(1)
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .describe('Kafka brokers, host:port, separated by commas.'),
  FAULTLINE_REGISTRY_URL: z.url().describe('Base URL of the Confluent schema registry API.'),
  DATABASE_URL: z.string().min(1).describe('Postgres, as postgresql://user:password@host:port/database.'),
  FAULTLINE_HTTP_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Interface that /metrics and health listen on.'),
  FAULTLINE_HTTP_PORT: port.default(0).describe('Port of /metrics, /livez and /readyz; 0 takes a free one.'),
  FAULTLINE_INSTANCE: z.string().default('0').describe('Name of this instance, for logs.'),
  FAULTLINE_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('Least level that is logged.'),
  FAULTLINE_PARTITIONS: positive
    .default(4)
    .describe('Partitions of each topic; errors.delayed has 8 for each slot.'),
  FAULTLINE_DELAY_SLOTS: positive
    .default(1)
    .describe('Slots of errors.delayed; growing it only appends partitions.'),
  FAULTLINE_REPLICATION: positive.default(1).describe('Replicas of each topic.'),
  FAULTLINE_MIN_ISR: positive.default(1).describe('In-sync replicas that an acknowledgement needs.'),
  FAULTLINE_BATCH_RECORDS: positive
    .max(2_000)
    .default(1_000)
    .describe('Records in one transaction, at most 2,000.'),
  FAULTLINE_SESSION_TIMEOUT_MS: positive
    .default(10_000)
    .describe('Time after which a silent consumer is dropped.'),
  FAULTLINE_TRANSACTION_TIMEOUT_MS: positive
    .default(15_000)
    .describe('Time after which the broker aborts a transaction.'),
  FAULTLINE_RECORD_DEADLINE_MS: positive.default(86_400_000).describe('Time within which a record must end.'),
  FAULTLINE_DRAIN_MS: positive
    .default(20_000)
    .describe('Time that a stopping service has to finish its work.'),
  FAULTLINE_POOL_SIZE: positive.default(8).describe('Connections to Postgres.'),
  FAULTLINE_GROUP_PREFIX: z
    .string()
    .default('faultline')
    .describe('Prefix of consumer groups and transactional ids.'),
  FAULTLINE_MIGRATIONS: z
    .string()
    .optional()
    .describe('Folder of the migrations, where it is not beside the code.'),
  FAULTLINE_FAIL_POINT: z
    .string()
    .optional()
    .describe('Crash on purpose at a named point, for fault tests: POINT or POINT:N for the Nth time.'),
});

/** Parsed base configuration. */
export type BaseConfig = z.infer<typeof baseConfigSchema>;
