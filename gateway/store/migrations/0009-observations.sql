-- How far the spool of each gateway is in the table of observations; it moves in the transaction that stores the rows. The
-- table itself is made beside the migrations, as the server can have it (gateway/telemetry/observations).
create table spool_cursor (
  spool text primary key,
  position int8 not null
);

-- An erasure takes observations away behind itself, day by day.
alter table erasures add column observations_done_at timestamptz;
update erasures set observations_done_at = now();
