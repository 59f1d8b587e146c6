-- Under what a device sends where it has no name of its own: an account of an alarm receiver, or a telephone number. The key of an
-- account must be read again, so it lies here as it is; nothing but the gateway's memory and its snapshot has it too, and backups.

create table device_addresses (
  id bigint generated always as identity primary key,
  device_id text not null references devices (id),
  kind text not null check (kind in ('account', 'number')),
  -- Null: whatever receiver the account is heard by.
  receiver text check (receiver is null or kind = 'account'),
  -- An account in upper case, or a number with its country code.
  value text not null check (value ~ case kind when 'account' then '^[0-9A-F]{3,16}$' else '^\+[1-9][0-9]{4,14}$' end),
  aes_key bytea check (aes_key is null or (kind = 'account' and length(aes_key) in (16, 24, 32))),
  heartbeat_s integer check (heartbeat_s > 0),
  added_at timestamptz not null,
  -- When somebody last made sure that the number is this device's. Adding it counts.
  confirmed_at timestamptz not null,
  -- When a call or SMS last came from it while it was confirmed.
  seen_at timestamptz,
  -- With the service of its device; from then on another device may have it.
  ended_at timestamptz
);
create unique index device_addresses_in_service on device_addresses (kind, value, coalesce(receiver, '')) where ended_at is null;
create index device_addresses_device on device_addresses (device_id);
