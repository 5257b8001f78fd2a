import type { EscalationLevel, Severity } from '@faultline/schemas';

/** Priority in Linear's numbers: 0 none, 1 urgent, 2 high, 3 medium, 4 low. */
export const priorityBySeverity: Readonly<Record<Severity, 0 | 1 | 2 | 3 | 4>> = {
  critical: 1,
  high: 2,
  medium: 3,
  low: 4,
  UNKNOWN: 0,
};

/** Priority of an escalation; a proposed shutdown is always urgent. */
export const priorityOf = (level: EscalationLevel, severity: Severity): 0 | 1 | 2 | 3 | 4 =>
  level === 'shutdown' ? 1 : priorityBySeverity[severity];
