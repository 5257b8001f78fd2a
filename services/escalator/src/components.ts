import {
  outboxComponent,
  parseEnv,
  stageComponent,
  type Component,
  type Environment,
} from '@faultline/platform';
import { escalatorConfigSchema } from './config.ts';
import { effectsComponent } from './effects/effects-component.ts';
import { notifierInbox } from './notifier/notifier-inbox.ts';
import { outageComponent } from './outage/outage-component.ts';
import { createEscalatorStage } from './stage.ts';

/** What the escalator consists of as a service: the stage, and the notifier with its effects and its outbox. */
export function escalatorComponents(env: Environment): readonly Component[] {
  const config = parseEnv(escalatorConfigSchema, env);
  return [
    outageComponent(config), // first: those behind it wait for Postgres to start
    stageComponent({ stage: createEscalatorStage(), inputs: ['errors.unresolved'] }),
    notifierInbox(),
    effectsComponent(config),
    outboxComponent({ shard: 'incidents' }),
  ];
}
