#!/bin/sh
# Measures searches of AuditEvents over many events: fills an empty migrated database, then explains
# each search as the service writes it.
#
#   createdb audit_bench && for f in sql/V0*.sql; do psql -q -d audit_bench -f "$f"; done
#   src/bench/audit-search.sh fill audit_bench 10000000      # about 1 GB a million, a year of 2026
#   src/bench/audit-search.sh measure audit_bench
#
# Connection: the usual PGHOST, PGPORT, PGUSER. Salts and commitments are shorter than real ones.
set -eu
P="psql -v ON_ERROR_STOP=1 -q -At -d $2"

fill() {
    $P <<'SQL'
DO $$
DECLARE month date; base text;
BEGIN
    FOR i IN 0..11 LOOP
        month := date '2026-01-01' + i * interval '1 month';
        FOREACH base IN ARRAY ARRAY['audit_event', 'audit_further_entity'] LOOP
            EXECUTE format('CREATE TABLE IF NOT EXISTS %s_p%s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                base, to_char(month, 'YYYYMM'), base, to_char(month, 'YYYY-MM-DD') || 'T00:00:00Z',
                to_char(month + interval '1 month', 'YYYY-MM-DD') || 'T00:00:00Z');
        END LOOP;
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION bench_uuid7(at timestamptz, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3)
        || '\x7000'::bytea || '\x8000'::bytea || substring(int8send(n) FROM 3), 'hex')::uuid
$$;
SQL
    from=1
    while [ "$from" -le "$1" ]; do
        to=$((from + 999999))
        [ "$to" -le "$1" ] || to=$1
        $P <<SQL
SET synchronous_commit = off;
INSERT INTO audit_event (id, region, recorded, type, interaction, operation, action, outcome, problem, client,
    role, organization_id, organization, person_id, person_role, person_organization, purpose, address, request,
    times, patient_id, task_id, entities, salts, commitments)
SELECT bench_uuid7(t, n), '421281', t, 'rest', 'read', 'Task', 'R',
    CASE WHEN n % 50 = 0 THEN 4 ELSE 0 END, CASE WHEN n % 50 = 0 THEN 'RX-2013' END, 'client-' || n % 200,
    (ARRAY['hospital', 'pharmacy', 'reviewer', 'patient', 'auditor'])[1 + n % 5], md5('o' || n % 300)::uuid,
    'P42128' || lpad((n % 300)::text, 6, '0'), 'YS4212810' || lpad((n % 5000)::text, 5, '0'), 'pharmacist',
    'P42128100001', CASE WHEN n % 100 = 0 THEN 'HMARKT' ELSE 'TREAT' END, '10.0.' || n % 40 || '.' || n % 250,
    md5(n::text), 1, p, k, 'Patient/' || p || ' Task/' || k, s, s || s
FROM (SELECT n, timestamptz '2026-01-01T00:00:00Z' + n * (interval '1 year' / $1) AS t,
             md5('p' || (n * 7919) % 500000)::uuid AS p, md5('t' || (n * 104729) % 3000000)::uuid AS k,
             decode(repeat(md5(n::text), 4), 'hex') AS s
      FROM generate_series($from::bigint, $to::bigint) n) x
WHERE t < timestamptz '2027-01-01T00:00:00Z';
SQL
        echo "$to events"
        from=$((to + 1))
    done
    $P -c 'ANALYZE audit_event'
}

explain() {
    columns='id, recorded, type, interaction, operation, action, outcome, problem, client, role, organization,
        person_id, purpose, address, request, entities, salts, commitments'
    for again in 1 2; do
        plan=$($P -c "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT $columns FROM audit_event
            WHERE $2 ORDER BY id DESC LIMIT 51")
    done
    printf '%-34s %10s ms, %s\n' "$1" "$(echo "$plan" | sed -n 's/Execution Time: \([0-9.]*\) ms/\1/p')" \
        "$(echo "$plan" | grep -oE 'Index Scan( Backward)? using [a-z_0-9]*|Bitmap Index Scan on [a-z_0-9]*|Seq Scan on [a-z_0-9]*' \
            | sed 's/_p2026[0-9]*//' | sort | uniq -c | sort -rn | head -1 | tr -s ' ')"
}

of() {
    echo "(id, recorded) IN (SELECT e.id, e.recorded FROM audit_event e WHERE e.$1 = '$2'
        UNION ALL SELECT event_id, recorded FROM audit_further_entity WHERE reference = '$3/$2')"
}

measure() {
    some="FROM audit_event WHERE recorded > '2026-03-03T00:00:00Z' LIMIT 1"
    explain '_id' "id = '$($P -c "SELECT id $some")'"
    explain 'patient' "$(of patient_id "$($P -c "SELECT patient_id $some")" Patient)"
    explain 'patient, unknown' "$(of patient_id 01990000-0000-7000-8000-000000000001 Patient)"
    explain 'entity, a Task' "$(of task_id "$($P -c "SELECT task_id $some")" Task)"
    explain 'agent, a client' "client = 'client-17'"
    explain 'agent, a person' "person_id = 'YS421281004711'"
    explain 'agent, unknown' "client = 'nobody'"
    explain 'agent, an organization' "organization = 'P42128000123' AND organization_id = md5('o123')::uuid"
    explain 'organization' "organization = 'P42128000123'"
    explain 'organization, unknown' "organization = 'P0'"
    explain 'outcome=4' 'outcome = 4 AND outcome <> 0'
    explain 'outcome=0' 'outcome = 0'
    explain 'type' "type = 'rest'"
    explain 'type, unknown' "type = 'none'"
    explain 'date, a minute' "recorded >= '2026-03-03T10:00:00Z' AND recorded < '2026-03-03T10:01:00Z'"
    explain 'date, a day' "recorded >= '2026-03-03T00:00:00Z' AND recorded < '2026-03-04T00:00:00Z'"
    explain 'purpose=HMARKT' "purpose = 'HMARKT' AND purpose <> 'TREAT'"
    explain 'purpose, unknown' "purpose = 'HLEGAL' AND purpose <> 'TREAT'"
    explain 'address' "address COLLATE \"C\" >= '10.0.7.' AND address COLLATE \"C\" < '10.0.7.~'"
    explain 'address, unknown' "address COLLATE \"C\" >= '192.0.2.' AND address COLLATE \"C\" < '192.0.2.~'"
    explain 'agent and a week' "client = 'client-17' AND recorded >= '2026-03-03T00:00:00Z' AND recorded < '2026-03-10T00:00:00Z'"
    for question in audit_refusals audit_many_patients audit_released_again; do
        plan=$($P -c "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF)
            SELECT * FROM $question('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z') LIMIT 201")
        printf '%-34s %10s ms\n' "$question of a month" \
            "$(echo "$plan" | sed -n 's/Execution Time: \([0-9.]*\) ms/\1/p')"
    done
}

case $1 in
    fill) fill "$3" ;;
    measure) measure ;;
    *) echo "usage: $0 fill DATABASE EVENTS | measure DATABASE" >&2; exit 2 ;;
esac
