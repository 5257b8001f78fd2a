export {
  EscalationManager,
  type AgentClient,
  type EscalationManagerOptions,
  type EscalationResult,
  type MailboxEntry,
  type Notice,
  type TicketClient,
} from '@faultline/escalator';
