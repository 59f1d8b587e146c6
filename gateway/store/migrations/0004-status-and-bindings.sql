-- How things stand with residents, and what devices belong to, over time. Nothing here is rewritten: what was recorded stays.

create table resident_statuses (
  id bigint generated always as identity primary key,
  resident_id text not null references residents (id),
  kind text not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  note text,
  recorded_at timestamptz not null,
  recorded_by text not null,
  check (valid_until is null or valid_until > valid_from)
);
create index resident_statuses_resident on resident_statuses (resident_id, id);

-- A device hangs in one home or none and belongs to none, one or several residents; numbered from 1 for each device.
create table device_bindings (
  device_id text not null references devices (id),
  number integer not null check (number >= 1),
  home_id text references homes (id),
  place text,
  bound_from timestamptz not null,
  bound_until timestamptz,
  bound_by text not null,
  primary key (device_id, number),
  check (bound_until is null or bound_until > bound_from)
);
create unique index device_bindings_current on device_bindings (device_id) where bound_until is null;
create index device_bindings_home on device_bindings (home_id);

create table device_binding_residents (
  device_id text not null,
  number integer not null,
  resident_id text not null references residents (id),
  primary key (device_id, number, resident_id),
  foreign key (device_id, number) references device_bindings (device_id, number)
);
create index device_binding_residents_resident on device_binding_residents (resident_id);

insert into device_bindings (device_id, number, home_id, place, bound_from, bound_by)
  select id, 1, home_id, place, created_at, 'system' from devices;
insert into device_binding_residents (device_id, number, resident_id)
  select device_id, 1, resident_id from device_residents where bound_until is null;
drop table device_residents;
alter table devices drop column home_id, drop column place;
