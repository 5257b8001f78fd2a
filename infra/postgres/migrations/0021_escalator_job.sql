-- The job library makes its schema in several transactions: its function is called once it has the shape that we
-- call, and not before. What is due without a job is found by the auditor.
create or replace function escalator_job(task text, payload json, job_key text, delay_ms bigint) returns void
language plpgsql as $$
begin
  if to_regprocedure(
    'graphile_worker.add_job(text,json,text,timestamptz,integer,text,integer,text[],text)') is null
  then return; end if;
  perform graphile_worker.add_job(
    task, payload, run_at => clock_timestamp() + delay_ms * interval '1 millisecond',
    max_attempts => 25, job_key => job_key);
end $$;
