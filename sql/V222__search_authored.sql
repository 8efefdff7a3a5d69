-- Lines, dispenses and Tasks of a day or a week: a search by the date alone looked at all of them.
CREATE INDEX prescription_line_authored ON prescription_line (authored_on, id);
CREATE INDEX dispense_handed_over ON dispense (handed_over_at, id);
CREATE INDEX prescription_created ON prescription (hospital_id, created_at, id);
