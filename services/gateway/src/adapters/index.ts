export * from './plain-json.ts';
export * from './github-workflow-job.ts';
export * from './junit-xml.ts';
export * from './otlp-logs.ts';
export * from './sentry-envelope.ts';
