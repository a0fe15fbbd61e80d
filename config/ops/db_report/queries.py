"""The questions. None reads a table of ours, and none shows what people wrote.

pg_stat_activity holds statements with their values, so only their first word leaves it;
pg_stat_statements has placeholders instead, but not in utility statements, which are left out.
"""

from typing import Final

SERVER: Final = """
SELECT current_setting('server_version') AS version,
       current_database() AS database,
       pg_database_size(current_database()) AS bytes,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
       current_setting('max_connections')::int
       - current_setting('superuser_reserved_connections')::int AS max_connections,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_all,
       blks_hit, blks_read, deadlocks, temp_bytes, stats_reset
FROM pg_stat_database WHERE datname = current_database()
"""

CONNECTIONS: Final = """
SELECT coalesce(usename, '-') AS account,
       coalesce(nullif(application_name, ''), '-') AS program,
       coalesce(state, '-') AS state, count(*) AS connections
FROM pg_stat_activity WHERE backend_type = 'client backend'
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT %(rows)s
"""

TABLES: Final = """
SELECT relname AS table, pg_total_relation_size(relid) AS bytes,
       pg_indexes_size(relid) AS index_bytes, n_live_tup AS rows, n_dead_tup AS dead_rows,
       round(100.0 * n_dead_tup / greatest(n_live_tup + n_dead_tup, 1), 1)::float AS dead_percent,
       greatest(last_vacuum, last_autovacuum) AS vacuumed_at
FROM pg_stat_user_tables ORDER BY bytes DESC, relname LIMIT %(rows)s
"""

DEAD_ROWS: Final = """
SELECT coalesce(max(100.0 * n_dead_tup / (n_live_tup + n_dead_tup)), 0)::float AS percent
FROM pg_stat_user_tables WHERE n_live_tup + n_dead_tup > %(small)s
"""

# Those that hold a constraint are used by being there; small ones cost nothing.
UNUSED_INDEXES: Final = """
SELECT s.indexrelname AS index, s.relname AS table, pg_relation_size(s.indexrelid) AS bytes
FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
WHERE s.idx_scan = 0 AND pg_relation_size(s.indexrelid) > %(small_bytes)s
  AND NOT i.indisunique AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = s.indexrelid)
ORDER BY bytes DESC, 1
"""

STATEMENTS_SCHEMA: Final = """
SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
WHERE extname = 'pg_stat_statements'
"""

SLOW: Final = r"""
SELECT calls, round(mean_exec_time::numeric, 1)::float AS mean_ms,
       round(max_exec_time::numeric, 1)::float AS max_ms,
       round(total_exec_time::numeric)::float AS total_ms, rows,
       left(regexp_replace(query, '\s+', ' ', 'g'), 160) AS statement
FROM {schema}.pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND calls >= %(calls)s AND query ~* '^\s*(select|insert|update|delete|merge|with)\M'
ORDER BY total_exec_time DESC LIMIT %(rows)s
"""

SLOWEST: Final = r"""
SELECT coalesce(max(mean_exec_time), 0)::float AS mean_ms
FROM {schema}.pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND calls >= %(calls)s AND query ~* '^\s*(select|insert|update|delete|merge|with)\M'
"""

TRANSACTIONS: Final = r"""
SELECT pid, coalesce(nullif(application_name, ''), '-') AS program, coalesce(state, '-') AS state,
       coalesce(lower(substring(query FROM '\w+')), '-') AS statement,
       extract(epoch FROM clock_timestamp() - xact_start)::float AS seconds
FROM pg_stat_activity
WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND datname = current_database()
ORDER BY xact_start LIMIT %(rows)s
"""

LOCKS: Final = """
SELECT DISTINCT ON (l.pid) l.pid, pg_blocking_pids(l.pid) AS waits_for, l.locktype, l.mode,
       coalesce(l.relation::regclass::text, '-') AS table,
       extract(epoch FROM clock_timestamp() - l.waitstart)::float AS seconds
FROM pg_locks l WHERE NOT l.granted AND l.waitstart IS NOT NULL
ORDER BY l.pid, l.waitstart
"""
