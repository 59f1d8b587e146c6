-- The long memory: what happened, kept so that a change of it is found, and what people said, kept so that it can be erased.
-- Everything here is written under the lock of the one row of audit_head, so that several gateways make one chain.

-- Each entry holds the hash of the one before: hash = SHA-256 (prev and the bytes of entry). Ids, codes, times and hashes only.
create table audit_chain (
  seq bigint primary key,
  at timestamptz not null,
  kind text not null,
  entry text not null,
  prev bytea not null,
  hash bytea not null
);
create index audit_chain_removals on audit_chain (seq) where kind in ('erasure', 'retention');
-- Notes have no table of their own: one that is read twice is known by its text.
create index audit_chain_notes on audit_chain using hash (entry) where kind in ('audit', 'minute');

create table audit_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  hash bytea not null,
  at timestamptz not null
);
insert into audit_head (seq, hash, at) values (0, decode(repeat('00', 32), 'hex'), now());

-- How far each stream was read, for each life of Redis' data: a server that came back empty or older begins another.
create table projector_cursor (
  stream text not null,
  lineage text not null,
  position text not null,
  moved_at timestamptz not null,
  primary key (stream, lineage)
);

-- The newest version of every incident; `record` is the text that Redis had.
create table incidents (
  id text primary key,
  version integer not null,
  state text not null,
  type text not null,
  priority smallint not null,
  region text,
  home_id text,
  resident_id text,
  device_id text,
  candidates text[] not null default '{}',
  opened_at timestamptz not null,
  closed_at timestamptz,
  record text not null,
  audit_seq bigint not null
);
create index incidents_opened on incidents (opened_at desc, id collate "C" desc);
create index incidents_closed on incidents (closed_at) where closed_at is not null;
create index incidents_resident on incidents (resident_id);
create index incidents_device on incidents (device_id, opened_at);
create index incidents_candidates on incidents using gin (candidates);

-- The lines of the incident log. A line is known by its place and its content, so reading it twice keeps it once.
create table incident_log (
  audit_seq bigint primary key,
  position text not null,
  entry_hash bytea not null,
  incident_id text,
  at timestamptz not null,
  type text not null,
  actor text not null,
  -- Of its personal text, where it has one.
  ref text,
  entry text not null,
  unique (position, entry_hash)
);
create index incident_log_incident on incident_log (incident_id, audit_seq);
create index incident_log_at on incident_log (at);

-- Alarms as they came, with their raw frame and position. After `erased_at` body and salt are gone, the hash stays.
create table events (
  id text primary key,
  audit_seq bigint not null unique,
  incident_id text,
  device_id text,
  resident_id text,
  received_at timestamptz not null,
  body text,
  salt text,
  hash text not null,
  erased_at timestamptz,
  erased_why text,
  check ((body is null) = (erased_at is not null))
);
create index events_incident on events (incident_id, id);
create index events_device on events (device_id, received_at);
create index events_received on events (received_at) where erased_at is null;

-- What people said. The log holds ref and hash; after `erased_at` words and salt are gone.
create table personal_texts (
  ref text primary key,
  audit_seq bigint not null unique,
  incident_id text,
  at timestamptz not null,
  said text,
  salt text,
  hash text not null,
  erased_at timestamptz,
  erased_why text,
  check ((said is null) = (erased_at is not null))
);
create index personal_texts_incident on personal_texts (incident_id);
create index personal_texts_at on personal_texts (at) where erased_at is null;

-- When each device was there and when not. No foreign key: names that nobody registered stand here too.
create table device_contacts (
  id bigint generated always as identity primary key,
  device_id text,
  gateway_id text not null,
  kind text not null,
  at timestamptz not null,
  data text not null default '{}'
);
create index device_contacts_device on device_contacts (device_id, at);
create index device_contacts_at on device_contacts using brin (at);

-- A minute that has no row is a minute of which this gateway cannot say that it was up. One that was started twice in a
-- minute tells of both.
create table gateway_minutes (
  audit_seq bigint primary key,
  gateway_id text not null,
  minute timestamptz not null,
  up_s smallint not null,
  is_degraded boolean not null,
  lateness_ms integer not null,
  faults text[] not null default '{}'
);
create index gateway_minutes_minute on gateway_minutes (minute, gateway_id);

-- `redis_done_at` null: keys in Redis are still to be removed.
create table erasures (
  id bigint generated always as identity primary key,
  resident_id text not null,
  erased_at timestamptz not null,
  by_actor text not null,
  ground text not null,
  counts text not null,
  -- Their cases, and their alarms that belong to none.
  incident_ids text[] not null,
  event_ids text[] not null,
  redis_done_at timestamptz
);
create index erasures_resident on erasures (resident_id);
