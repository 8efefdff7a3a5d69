package org.yifang.audit.verify;

import java.util.List;

/// The triggers that guard the tables, which reconciliation looks for; a test compares them with
/// the migrations.
final class Triggers {
    static final List<String> OF_MIGRATIONS =
            List.of(
                    "audit_event_content",
                    "audit_event_ledger",
                    "audit_event_seal",
                    "catalogue_tell",
                    "location_tell",
                    "measure_plan_append_only",
                    "measure_result_append_only",
                    "offer_inserted",
                    "offer_updated",
                    "organization_tell",
                    "prescription_transition",
                    "price_decision_append_only",
                    "price_event_append_only",
                    "price_report_append_only",
                    "sale_append_only",
                    "sale_release_append_only",
                    "swap_judgement_append_only");

    private Triggers() {}
}
