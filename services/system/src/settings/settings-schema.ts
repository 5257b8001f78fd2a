import { backoffStrategies } from '@faultline/stream';
import { z } from 'zod';
import { logLevels } from './options.ts';

const positive = z.number().int().positive();
const share = z.number().min(0).max(1);
const text = z.string().min(1);

/** The sections of the configuration file, which the options of the constructor have too. */
export const sections = {
  errorHandling: z
    .strictObject({
      enableAnalytics: z.boolean(),
      enablePatternRecognition: z.boolean(),
      enableAutomatedFixes: z.boolean(),
      enableEscalation: z.boolean(),
      maxRetries: z.number().int().min(0),
      baseDelay: z.number().positive(),
      strategy: z.enum(backoffStrategies),
      confidenceThreshold: share,
      attemptTimeoutMs: positive,
      deadlineMs: positive,
    })
    .partial(),
  integrations: z
    .strictObject({
      linear: z.strictObject({ apiKey: text, teamId: text, apiUrl: z.url() }).partial(),
      codegen: z.strictObject({ apiUrl: z.url(), apiKey: text, orgId: text }).partial(),
      kafka: z.strictObject({ brokers: z.array(text).min(1), registryUrl: z.url() }),
      outboundAllow: z.array(text),
    })
    .partial(),
  monitoring: z.strictObject({ logLevel: z.enum(logLevels) }).partial(),
  security: z.strictObject({ redactKeys: z.array(text) }).partial(),
  performance: z
    .strictObject({ maxInFlight: positive, maxWaiting: z.number().int().min(0), maxErrors: positive })
    .partial(),
};

/** The whole file. */
export const fileSchema = z.strictObject(sections).partial();
/** What a configuration file may hold. */
export type FileSettings = z.infer<typeof fileSchema>;

const client = z.custom<object>((value) => typeof value === 'object' && value !== null, 'is no client');

/** The options of the constructor. */
export const optionsSchema = z
  .strictObject({
    enableAnalytics: z.boolean(),
    enablePatternRecognition: z.boolean(),
    enableAutomatedFixes: z.boolean(),
    enableEscalation: z.boolean(),
    codegenClient: client.nullish(),
    linearClient: client.nullish(),
    brokers: z.union([text, z.array(text).min(1)]),
    registryUrl: z.url(),
    ...sections,
    configFile: z.union([text, z.literal(false)]),
    env: z.record(z.string(), z.string().optional()),
  })
  .partial();
