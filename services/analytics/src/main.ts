import { inboxComponent, parseEnv, runService } from '@faultline/platform';
import { analyticsConfigSchema } from './config.ts';
import { ledgerComponent } from './ledger/ledger-component.ts';
import { feedbackInbox } from './sink/feedback-inbox.ts';
import { sinkInbox } from './sink/sink-inbox.ts';

const config = parseEnv(analyticsConfigSchema, process.env);

await runService({
  name: 'analytics',
  env: process.env,
  components: [inboxComponent(sinkInbox()), inboxComponent(feedbackInbox()), ledgerComponent(config)],
});
