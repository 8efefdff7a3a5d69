-- A Task is stored as the bytes to be sent; who alters them past the service cannot make what vouches for them.

ALTER TABLE prescription ADD COLUMN task_mac bytea;
COMMENT ON COLUMN prescription.task_mac IS 'HMAC of id, version and task under a key outside the database, looked at before the Task is served; null: written by the version before';
ALTER TABLE prescription_history ADD COLUMN task_mac bytea;
COMMENT ON COLUMN prescription_history.task_mac IS 'As in prescription';
