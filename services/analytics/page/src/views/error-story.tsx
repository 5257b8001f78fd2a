import type { Step, Trace } from '../../../src/queries/trace.ts';
import { useApi } from '../api.ts';
import { ago, clock, duration, moment } from '../format.ts';
import { Severity, StateBadge } from '../parts/badge.tsx';
import { LogView } from '../parts/log-view.tsx';
import { Failure, Panel } from '../parts/panel.tsx';
import { stateColour, stateLabel } from '../parts/outcomes.ts';
import { to } from '../router.ts';

/** One error: each decision with its reason, and the log with what decided marked. */
export function ErrorStory({ id }: { readonly id: string }) {
  const { data: trace, failure } = useApi<Trace>(`api/v1/trace/${encodeURIComponent(id)}`, 5_000);
  if (trace === undefined)
    return failure === undefined ? <p class="loading">Loading…</p> : <Failure failure={failure} />;
  const { event, classification } = trace;
  return (
    <div class="grid story">
      <section class="headline wide">
        <h1>{classification?.title ?? event?.message ?? trace.id}</h1>
        <p class="facts">
          <StateBadge
            state={trace.endedAt === null && trace.state !== 'delayed' ? 'in flight' : trace.state}
          />
          {classification === null ? null : (
            <a href={to('groups', classification.fingerprint.id)}>
              <code>{classification.category}</code>
            </a>
          )}
          <Severity severity={classification?.severity ?? null} />
          <span title={moment(trace.receivedAt)}>received {ago(trace.receivedAt)}</span>
          <span>
            {trace.endedAt === null
              ? `must end ${ago(trace.deadline)}`
              : `ended after ${duration(trace.endedAt - trace.receivedAt)}`}
          </span>
          {trace.incidentId === null ? null : <a href={to('incidents', trace.incidentId)}>its incident</a>}
        </p>
      </section>
      <Panel title="What was decided">
        <ol class="steps">
          <li style="--c: var(--flight)">
            <time>{clock(trace.receivedAt)}</time>
            <b>received</b>
            <p>The broker took it as {trace.coordinate}.</p>
          </li>
          {trace.steps.map((step, index) => (
            <StepView step={step} before={trace.steps[index - 1]?.at ?? trace.receivedAt} />
          ))}
        </ol>
      </Panel>
      <div class="column">
        {event?.log == null ? null : (
          <Panel title="Its log" aside={event.log.truncated ? 'an excerpt' : undefined}>
            <LogView log={event.log} classification={classification} />
          </Panel>
        )}
        {classification === null ? null : (
          <Panel
            title="Why it is what it is"
            aside={`${classification.strategy}, ${Math.round(classification.confidence * 100)} % sure`}
          >
            <dl class="prose">
              {classification.cause === null ? null : (
                <>
                  <dt>Cause</dt>
                  <dd>{classification.cause}</dd>
                </>
              )}
              {classification.remedy === null ? null : (
                <>
                  <dt>Remedy</dt>
                  <dd>{classification.remedy}</dd>
                </>
              )}
              <dt>Severity</dt>
              <dd>{classification.severityReason}</dd>
              <dt>Evidence</dt>
              <dd>
                <ul>
                  {classification.evidence.map(({ kind, text, line }) => (
                    <li>
                      {kind}
                      {line === null ? '' : ` in line ${line + 1}`}: <code>{text}</code>
                    </li>
                  ))}
                </ul>
              </dd>
            </dl>
          </Panel>
        )}
        {event === null ? null : (
          <Panel title="Where it came from">
            <dl class="table">
              {Object.entries({
                id: event.id,
                source: event.source,
                repository: event.repository,
                commit: event.commit,
                pipeline: event.pipeline,
                run: event.run,
                task: event.task,
                runner: event.runner,
                environment: event.environment,
                'exit code': event.exitCode,
                happened: moment(trace.occurredAt),
                ...event.context,
              })
                .filter(([, value]) => value != null)
                .map(([name, value]) => (
                  <>
                    <dt>{name}</dt>
                    <dd>{String(value)}</dd>
                  </>
                ))}
            </dl>
          </Panel>
        )}
        {trace.others.length === 0 ? null : (
          <Panel title="Other records of the same id">
            <ul>
              {trace.others.map((other) => (
                <li>
                  <a href={to('errors', other)}>{other}</a>
                </li>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </div>
  );
}

function StepView({ step, before }: { readonly step: Step; readonly before: number }) {
  const [, reason = ''] = step.decision.split(': ');
  const attempt = step.retry?.attempts.at(-1);
  return (
    <li style={`--c: var(${stateColour(step.to ?? '')})`}>
      <time title={moment(step.at)}>{clock(step.at)}</time>
      <b>
        {step.stage}: {stateLabel(step.to ?? '')}
      </b>
      <span class="wait">after {duration(Math.max(0, step.at - before))}</span>
      <p>{step.why ?? reason}</p>
      {attempt === undefined ? null : (
        <p class="detail">
          Run {attempt.number} {attempt.outcome} in {duration(attempt.durationMs)}:{' '}
          <code>{attempt.detail}</code>
        </p>
      )}
      {step.retry?.nextAt == null ? null : (
        <p class="detail">
          Next run {ago(step.retry.nextAt)}, by {step.retry.strategy} backoff.
        </p>
      )}
      {step.fix?.proposals.map((proposal) => (
        <div class="detail">
          <p>
            {proposal.title}{' '}
            <span class="quiet">
              {proposal.kind}, {Math.round(proposal.confidence * 100)} % sure, {proposal.risk} risk
            </span>
          </p>
          <pre tabIndex={0}>{proposal.body}</pre>
        </div>
      ))}
      {step.escalation === null ? null : (
        <p class="detail">
          Level {step.escalation.level}, told through {step.escalation.channels.join(', ') || 'nothing'}.
        </p>
      )}
      <p class="versions">
        {reason}
        {Object.entries(step.versions).map(([kind, version]) => ` · ${kind} ${version}`)}
        {step.topic === null ? '' : ` · ${step.topic}[${step.partition}]@${step.offset}`}
      </p>
    </li>
  );
}
