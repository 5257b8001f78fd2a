import type { Pool } from 'pg';
import type { ErrorRecord } from '@faultline/schemas';
import { knowledgeBySha } from '@faultline/platform';
import { defaultPolicy } from '../domain/default-policy.ts';
import { parsePolicy } from '../domain/parse-policy.ts';
import type { EscalationPolicy } from '../domain/policy.ts';

/** Gives the policy that a record was escalated by. */
export type PolicySource = (pool: Pool, record: Pick<ErrorRecord, 'versions'>) => Promise<EscalationPolicy>;

const KIND = 'escalation-policy';

/**
 * The policy in force when the stage decided, found by the hash on the record, so that a running escalation
 * keeps what it began with. One that is not stored any more is replaced by the one that ships with the code.
 */
export function policySource(): PolicySource {
  const known = new Map<string, EscalationPolicy>();
  return async (pool, { versions }) => {
    const sha = versions[KIND]?.split('@')[1];
    if (sha === undefined || !/^[0-9a-f]{12}$/.test(sha)) return defaultPolicy;
    const before = known.get(sha);
    if (before !== undefined) return before;
    const stored = await knowledgeBySha(pool, KIND, sha);
    const policy = stored === undefined ? defaultPolicy : parsePolicy(stored.body);
    known.set(sha, policy);
    return policy;
  };
}
