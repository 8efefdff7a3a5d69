-- Subscriptions that an app made for a person of whom nothing was known become the person's with the first prescription, and
-- those of a person who is erased end.

CREATE INDEX subscription_patient ON subscription (patient_id) WHERE patient_id IS NOT NULL;
