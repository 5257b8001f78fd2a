import type { Answer, Answers, Ask, AttemptAsk, ClaimAsk } from '@faultline/stream';

/** Answers claims, in one round trip, in the order of the asks. Rejects where the store is down. */
export type AnswerClaims = (asks: readonly ClaimAsk[]) => Promise<readonly Answer[]>;

/** Answers one attempt within its deadline; `pending` where it takes longer. */
export type AnswerAttempt = (ask: AttemptAsk) => Promise<Answer>;

/** Answers what the records of a chunk ask: claims together, attempts side by side. */
export async function answerAll(
  asksByRecord: readonly (readonly Ask[])[],
  answerClaims: AnswerClaims,
  answerAttempt: AnswerAttempt,
): Promise<readonly Answers[]> {
  const claims: { readonly record: number; readonly ask: ClaimAsk }[] = [];
  const attempts: { readonly record: number; readonly ask: AttemptAsk }[] = [];
  asksByRecord.forEach((asks, record) => {
    for (const ask of asks) {
      if (ask.kind === 'claim') claims.push({ record, ask });
      else attempts.push({ record, ask });
    }
  });
  const answers: Record<string, Answer>[] = asksByRecord.map(() => ({}));
  const put = (record: number, key: string, answer: Answer): void => {
    const of = answers[record];
    if (of !== undefined) of[key] = answer;
  };
  const [claimed] = await Promise.all([
    claims.length === 0 ? [] : answerClaims(claims.map(({ ask }) => ask)),
    Promise.all(attempts.map(async ({ record, ask }) => put(record, ask.key, await answerAttempt(ask)))),
  ]);
  claims.forEach(({ record, ask }, index) => {
    const answer = claimed[index];
    if (answer !== undefined) put(record, ask.key, answer);
  });
  return answers;
}
