-- The register: who lives where, with which devices, and who may log in.
-- Ids are text because people and devices type them (design §8). Times are the gateway's, with time zone.

create table regions (
  path text primary key check (path ~ '^[a-z0-9-]{1,64}(/[a-z0-9-]{1,64}){0,2}$'),
  created_at timestamptz not null default now()
);

create table homes (
  id text primary key,
  region text references regions (path),
  address text not null,
  entrance text,
  access_plan text,
  created_at timestamptz not null default now()
);
create index homes_region on homes (region);

create table residents (
  id text primary key,
  home_id text not null references homes (id),
  name text not null,
  number text,
  birth_year smallint,
  categories text[] not null default '{}',
  speech text,
  health text,
  created_at timestamptz not null default now()
);
create index residents_home on residents (home_id);

create table contacts (
  id text primary key,
  resident_id text not null references residents (id),
  calling_order smallint not null check (calling_order >= 1),
  name text not null,
  relation text,
  number text not null,
  has_key boolean not null default false,
  minutes_away smallint,
  language text,
  note text,
  created_at timestamptz not null default now(),
  unique (resident_id, calling_order)
);

-- A device that ended its service stays: its name must never look unknown again, nor pass to another.
create table devices (
  id text primary key,
  model text not null,
  secret_sha256 bytea not null check (length(secret_sha256) = 32),
  home_id text references homes (id),
  place text,
  created_at timestamptz not null default now(),
  retired_at timestamptz
);
create index devices_home on devices (home_id);

-- Who wore a device when. A binding is ended, never rewritten: the next wearer starts empty.
create table device_residents (
  device_id text not null references devices (id),
  resident_id text not null references residents (id),
  bound_from timestamptz not null default now(),
  bound_until timestamptz,
  primary key (device_id, resident_id, bound_from),
  check (bound_until is null or bound_until > bound_from)
);
create unique index device_residents_current on device_residents (device_id, resident_id) where bound_until is null;
create index device_residents_resident on device_residents (resident_id);

create table users (
  id text primary key,
  username text not null,
  name text not null,
  roles text[] not null check (cardinality(roles) >= 1),
  regions text[] not null check (cardinality(regions) >= 1),
  password_hash text not null,
  epoch integer not null default 1,
  created_at timestamptz not null default now()
);
create unique index users_username on users (lower(username));

-- What the gateway decides once and must find again: the session key.
create table settings (
  key text primary key,
  value jsonb not null
);

-- One row; every write of the register raises it, so readers can tell whether they are behind.
create table register_revision (
  only_row boolean primary key default true check (only_row),
  revision bigint not null
);
insert into register_revision (revision) values (0);
