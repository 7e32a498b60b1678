# Creates each database of DATABASES that is missing, with a role of the same name that owns it. For development only.
set -eu
for name in $DATABASES; do
  psql --quiet --set=ON_ERROR_STOP=1 --set=name="$name" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
done
