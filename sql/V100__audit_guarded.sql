-- The tables that the ledger of V072 follows. Its number is high because it names tables of later migrations.

-- Who takes part.
SELECT audit_guard('organization', '{id}', '{}');
SELECT audit_guard('location', '{id}', '{}');
SELECT audit_guard('practitioner', '{id}', '{}');
SELECT audit_guard('patient', '{id}', '{patient_key}');
SELECT audit_guard('patient_named', '{patient_id,organization_id}', '{}');
SELECT audit_guard('consent', '{id}', '{}');
SELECT audit_guard('consent_history', '{consent_id,version}', '{}');
-- Who may call.
SELECT audit_guard('client', '{id}', '{}');
SELECT audit_guard('account', '{login}', '{totp_sealed,totp_step}');
SELECT audit_guard('signing_key', '{kid}', '{private_sealed}');
-- What is prescribed and sold. What an event of the prescription commits to already is not taken twice.
SELECT audit_guard('catalogue_version', '{version}', '{}');
SELECT audit_guard('drug', '{code}', '{}');
SELECT audit_guard('trace_code', '{code}', '{sold,updated_at}');
SELECT audit_guard('resale_suspicion', '{id}', '{}');
SELECT audit_guard('legal_hold', '{task_id}', '{}');
-- Prices.
SELECT audit_guard('price_event', '{id}', '{}');
SELECT audit_guard('price_decision', '{event_id}', '{}');
SELECT audit_guard('offer', '{id}', '{reserved,last_change,version,updated_at}');
SELECT audit_guard('price_feed', '{pharmacy_id}', '{etag,failures,outcome,next_at,updated_at}');
SELECT audit_guard('sale', '{id}', '{}');
SELECT audit_guard('sale_release', '{id}', '{}');
SELECT audit_guard('swap_judgement', '{id}', '{}');
SELECT audit_guard('price_report', '{id}', '{}');
-- Queues. What a ticket was predicted is no fact.
SELECT audit_guard('queue', '{id}', '{}');
SELECT audit_guard('queue_event', '{organization_id,queue_id,day,ticket,seq}', '{}');
SELECT audit_guard('queue_ticket', '{id}', '{predicted_low,predicted_likely,predicted_high}');
SELECT audit_guard('queue_quarantine', '{id}', '{}');
SELECT audit_guard('queue_clock', '{organization_id,source,measured_at}', '{}');
SELECT audit_guard('queue_history', '{id}', '{}');
SELECT audit_guard('queue_aggregate', '{organization,queue,department,month}', '{}');
SELECT audit_guard('queue_source_day', '{organization_id,source,day}', '{}');
SELECT audit_guard('queue_visit', '{id}', '{}');
SELECT audit_guard('queue_evaluation', '{id}', '{}');
SELECT audit_guard('queue_expected', '{day,organization,stage,source,unit}', '{}');
-- What was asked and judged.
SELECT audit_guard('measure_plan', '{id}', '{}');
SELECT audit_guard('measure_question', '{goal,number}', '{}');
SELECT audit_guard('measure_result', '{report_id}', '{}');
