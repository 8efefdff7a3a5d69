package org.yifang.notify.subscription;

import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.SUBSCRIPTION;

import org.jooq.Condition;
import org.jooq.Field;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.notify.Topic;
import org.yifang.platform.Role;
import org.yifang.platform.data.TextSeal;

/// How Subscriptions are read and searched.
final class SubscriptionViews {
    private static final String STATUS = "http://hl7.org/fhir/subscription-status";
    private static final String TYPE = "http://terminology.hl7.org/CodeSystem/subscription-channel";

    /// What is to be mounted: each sees its own.
    static Stored stored(TextSeal texts) {
        return Stored.of("Subscription", SUBSCRIPTION)
                .id(SUBSCRIPTION.ID)
                .version(SUBSCRIPTION.VERSION, SUBSCRIPTION.UPDATED_AT)
                .columns(SubscriptionStore.fields())
                .patient(SUBSCRIPTION.PATIENT_ID)
                .visible(Role.HOSPITAL, SubscriptionViews::own)
                .visible(Role.REVIEWER, SubscriptionViews::own)
                .visible(Role.PHARMACY, SubscriptionViews::own)
                .visible(Role.PATIENT, SubscriptionViews::own)
                .render((row, caller) ->
                        SubscriptionFhir.json(SubscriptionStore.read(row, texts), null))
                .search(SearchBy.token("status", SUBSCRIPTION.STATUS, STATUS))
                .search(SearchBy.string("criteria", criteria()))
                .search(SearchBy.uri("url", SUBSCRIPTION.ENDPOINT))
                .search(SearchBy.token("type", inline("rest-hook"), TYPE))
                .search(SearchBy.token("payload", inline("application/fhir+json")));
    }

    private static Condition own(SqlCaller who) {
        return SUBSCRIPTION
                .CLIENT_ID
                .eq(who.clientId())
                .and(SUBSCRIPTION.PATIENT_ID.isNotDistinctFrom(who.patientId()));
    }

    private static Field<String> criteria() {
        String root = Topic.PRESCRIPTION_STATUS.canonical();
        return inline(root.substring(0, root.lastIndexOf('/') + 1)).concat(SUBSCRIPTION.TOPIC);
    }

    private SubscriptionViews() {}
}
