-- The roles of a stage's database on RDS, made by its master; run again, it changes nothing but the
-- password. Two users sign in by turns (cfn/data.yaml, DatabaseSecretRotation): the one whose
-- password has just been changed, and the one whose connections are still open. Both act as one
-- owner, so whatever either of them makes belongs to both.
--
-- Once for each stage, after the stack data, and again after a change of MasterPassword:
--
--   1. A shell that reaches the database. With NAT: CloudShell, "Create VPC environment", an app
--      subnet and the group <project>-<stage>-app. Without: your own, by a tunnel through a host (app
--      applied; its hosts try again until they find their role):
--        aws ssm start-session --target <host> --document-name AWS-StartPortForwardingSessionToRemoteHost
--          --parameters host=<DatabaseHost>,portNumber=5432,localPortNumber=5432
--   2. The certificates of RDS:
--        curl --fail --remote-name https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
--   3. export APP_USER=... APP_PASSWORD=...    username and password of the secret <project>/<stage>/database
--      export PGPASSWORD=...                   password of DatabaseMasterSecretArn, an output of data
--   4. psql "host=<DatabaseHost> user=jyoti_admin dbname=jyoti sslmode=verify-full
--        sslrootcert=global-bundle.pem" --file deploy/postgresql/roles.sql
--      (through the tunnel with hostaddr=127.0.0.1 as well, which leaves the name to be verified)
--   5. stackctl apply --stage <stage> data --set RotateDatabaseSecret=true, where there is NAT.

\set ON_ERROR_STOP on
\getenv app_user APP_USER
\getenv app_password APP_PASSWORD

BEGIN;

SELECT format('CREATE ROLE %I %s', name, attributes)
FROM (VALUES
    ('jyoti_owner', 'NOLOGIN'),
    ('jyoti_app', 'LOGIN'),
    ('jyoti_app_clone', 'LOGIN')
) AS wanted (name, attributes)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- The master is no superuser on RDS; it can give away only what it may be itself.
GRANT jyoti_owner TO CURRENT_USER;
GRANT jyoti_owner TO jyoti_app, jyoti_app_clone;
ALTER ROLE jyoti_app SET role TO jyoti_owner;
ALTER ROLE jyoti_app_clone SET role TO jyoti_owner;
SELECT format('ALTER DATABASE %I OWNER TO jyoti_owner', current_database())
\gexec

-- The other one gets a password at the first rotation; until then nobody can sign in as it.
ALTER ROLE :"app_user" PASSWORD :'app_password';

-- For db_report: it is no trusted extension, so migrations could not add it.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
GRANT pg_monitor TO jyoti_owner;

COMMIT;
