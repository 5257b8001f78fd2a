import { inboxComponent, parseEnv, type Component, type Environment } from '@faultline/platform';
import { apiComponent } from './api/api-component.ts';
import { analyticsConfigSchema } from './config.ts';
import { ledgerComponent } from './ledger/ledger-component.ts';
import { feedbackInbox } from './sink/feedback-inbox.ts';
import { sinkInbox } from './sink/sink-inbox.ts';

/** What analytics consists of as a service. */
export function analyticsComponents(env: Environment): readonly Component[] {
  const config = parseEnv(analyticsConfigSchema, env);
  return [
    inboxComponent(sinkInbox()),
    inboxComponent(feedbackInbox()),
    ledgerComponent(config),
    apiComponent(config),
  ];
}
