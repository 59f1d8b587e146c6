-- When each device was last heard, and by which gateway. One row a device, written over again and again: room is left so that
-- a new version of a row fits beside the old one.

create table device_last_contacts (
  device_id text primary key,
  gateway_id text not null,
  at timestamptz not null
) with (fillfactor = 50);
