#!/bin/sh
# Makes the secrets of docker-compose.yml in ./secrets, once: what is there stays, so that it fits the volumes.
#   sh scripts/install/make-secrets.sh [folder]
# The folder is closed to others. The files in it are not: a container's user must read its own, and Compose hands files over
# with the owner and mode that they have here.
set -eu
folder=${1:-secrets}
umask 077
mkdir -p "$folder" "$folder/gateway"
chmod 755 "$folder/gateway"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
put() { # name, content
  printf '%s\n' "$2" >"$folder/$1.new"
  chmod 644 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}

# Each file follows from the password beside it: a run that was cut short is made good by the next.
[ -e "$folder/postgres_password" ] || put postgres_password "$(random)"
[ -e "$folder/redis_auth" ] || put redis_auth "requirepass $(random)"
[ -e "$folder/admin_password" ] || put admin_password "$(random)"
[ -e "$folder/database_url" ] || put database_url "postgres://zhuji:$(cat "$folder/postgres_password")@postgres:5432/zhuji"
[ -e "$folder/redis_url" ] || put redis_url "redis://:$(cut -d' ' -f2 "$folder/redis_auth")@redis:6379"
echo "Secrets are in $folder; the password of the user admin is in $folder/admin_password."
