-- What is right for one person where the defaults by metric are not. A record holds all limits of a person's own at once;
-- the newest counts, and nothing recorded is rewritten.

create table resident_limits (
  id bigint generated always as identity primary key,
  resident_id text not null references residents (id),
  -- [{"metric", "low": number or null, "high": number or null}]
  limits jsonb not null,
  recorded_at timestamptz not null,
  recorded_by text not null
);
create index resident_limits_resident on resident_limits (resident_id, id);
