-- A patient's page asks since when the drugs lie ready; of other topics nobody asks by what they are about.

CREATE INDEX outbox_ready ON outbox (focus_id, at) WHERE topic = 'dispense-ready';
