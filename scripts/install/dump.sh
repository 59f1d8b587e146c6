#!/bin/sh
# A dump of TimescaleDB every night, for docker-compose.yml: `zhuji backup` does not know its tables. Dumps hold everybody's
# data: mode 0600, and what is older than KEEP_DAYS goes, but never the newest. Given a word it dumps once and ends.
set -u
umask 077
folder=${DUMPS:-/backups}
keep_days=${KEEP_DAYS:-30}
[ -z "${PGPASSWORD_FILE:-}" ] || { PGPASSWORD=$(cat "$PGPASSWORD_FILE") && export PGPASSWORD; }

# Before the dump, too: on a full disk nothing else would make room.
expire() {
  newest=$(ls -1 "$folder" | grep -E '^zhuji-[0-9TZ]+\.dump$' | tail -n 1)
  find "$folder" -maxdepth 1 -name 'zhuji-*.dump' -mtime "+$keep_days" ! -name "${newest:-none}" -exec rm -f {} +
  find "$folder" -maxdepth 1 -name 'zhuji-*.dump.part' -mtime +0 -exec rm -f {} +
}

# The gateway tells people when the time that it finds here is days old.
dump() {
  name=zhuji-$(date -u +%Y%m%dT%H%M%SZ).dump
  at=$(date +%s)000
  expire
  pg_dump --format=custom --file="$folder/$name.part" || return 1
  sync "$folder/$name.part" || return 1
  mv "$folder/$name.part" "$folder/$name" || return 1
  expire
  psql --quiet --set=ON_ERROR_STOP=1 --command="insert into settings (key, value)
    values ('last-backup', jsonb_build_object('atMs', $at::float8)) on conflict (key) do update set value = excluded.value" || return 1
  echo "$name"
}

if [ $# -gt 0 ]; then
  dump
  exit
fi
trap 'exit 0' TERM INT
# An hour after a failure once more.
while :; do
  if dump; then pause=86400; else pause=3600; fi
  # In the background, so that the container ends when it is told to.
  sleep "$pause" &
  wait $!
done
