export * from './domain/policy.ts';
export { defaultPolicy } from './domain/default-policy.ts';
export { parsePolicy } from './domain/parse-policy.ts';
export { routeOf, matchingRoutes, type Routing, type RouteMatch } from './domain/route.ts';
export { factsOf, type Facts } from './domain/facts.ts';
export { createEscalatorStage, type EscalatorDeps, type EscalatorKnowledge } from './stage.ts';
export {
  EscalationManager,
  type AgentClient,
  type EscalationManagerOptions,
  type EscalationResult,
  type MailboxEntry,
  type Notice,
  type TicketClient,
} from './escalation-manager.ts';
