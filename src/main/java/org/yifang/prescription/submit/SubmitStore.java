package org.yifang.prescription.submit;

import static org.yifang.generated.Tables.*;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Circulation;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.LineStatus;
import org.yifang.prescription.life.PrescriptionStore;
import org.yifang.prescription.life.PrescriptionViews;
import org.yifang.prescription.paper.FurtherTokens;
import org.yifang.prescription.submit.NewPrescription.NewLine;
import org.yifang.prescription.submit.NewPrescription.NewPart;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Writes a new prescription with all that came in its document.
final class SubmitStore {
    /// A prescription with the same number.
    record Same(UUID id, UUID patient, byte[] contentHash) {}

    private static final Statement FIND_SAME =
            Statement.of(p ->
                    SQL.select(PRESCRIPTION.ID, PRESCRIPTION.PATIENT_ID, PRESCRIPTION.CONTENT_HASH)
                            .from(PRESCRIPTION)
                            .where(PRESCRIPTION.HOSPITAL_ID.eq(p.like(PRESCRIPTION.HOSPITAL_ID)))
                            .and(PRESCRIPTION.RX_NUMBER.eq(p.like(PRESCRIPTION.RX_NUMBER))));

    /// By which profiles a document is judged.
    private static final String PROFILES = "1.0.0";

    private static final Insert<NewPrescription> INSERT =
            Insert.into(PRESCRIPTION)
                    .set(PRESCRIPTION.ID, NewPrescription::id)
                    .set(PRESCRIPTION.REGION, NewPrescription::region)
                    .set(PRESCRIPTION.HOSPITAL_ID, one -> one.caller().organizationId())
                    .set(PRESCRIPTION.HOSPITAL, one -> one.caller().organization())
                    .set(PRESCRIPTION.RX_NUMBER, one -> one.frame().rxNumber())
                    .set(PRESCRIPTION.CONTENT_HASH, one -> one.document().hash())
                    .set(PRESCRIPTION.BUNDLE_ID, one -> one.frame().bundle())
                    .set(PRESCRIPTION.ORIGINAL_ID, one -> one.frame().original())
                    .set(PRESCRIPTION.ORIGINAL, NewPrescription::original)
                    .set(PRESCRIPTION.ORIGINAL_TYPE, one -> one.document().format().mediaType())
                    .set(PRESCRIPTION.MADE_FROM, one -> one.made().from())
                    .set(PRESCRIPTION.MADE_TO, one -> one.made().last())
                    .set(PRESCRIPTION.SIGNED, one -> one.document().signed())
                    .set(PRESCRIPTION.DOCUMENT_KEY, NewPrescription::documentKey)
                    .set(PRESCRIPTION.PATIENT_ID, one -> one.patient().id())
                    .set(PRESCRIPTION.PRESCRIBER, NewPrescription::prescriber)
                    .set(PRESCRIPTION.KIND, NewPrescription::kind)
                    .set(PRESCRIPTION.CIRCULATION, SubmitStore::circulation)
                    .set(PRESCRIPTION.PRIORITY, one -> one.frame().priority())
                    .set(PRESCRIPTION.STATE, one -> one.prescription().state().code())
                    .set(PRESCRIPTION.VALID_FROM, facts(Facts::validFrom))
                    .set(PRESCRIPTION.VALID_UNTIL, facts(Facts::validUntil))
                    .set(PRESCRIPTION.FILL, facts(Facts::fill))
                    .set(PRESCRIPTION.FILLS, facts(Facts::fills))
                    .set(PRESCRIPTION.FILL_INTERVAL_DAYS, one -> one.first().intervalDays())
                    .set(PRESCRIPTION.REVIEW_DUE, one -> one.frame().reviewDue())
                    .set(PRESCRIPTION.SECOND_REVIEW, NewPrescription::needsSecondReview)
                    .set(PRESCRIPTION.PICKUP_INDEX_KEY, one -> one.pickup().indexKey())
                    .set(PRESCRIPTION.PICKUP_CODE_INDEX, one -> one.pickup().index())
                    .set(PRESCRIPTION.PICKUP_CODE, one -> one.pickup().code())
                    .set(PRESCRIPTION.PICKUP_TOKEN, one -> one.pickup().token())
                    .set(PRESCRIPTION.PREDECESSOR, one -> one.submission().predecessor())
                    .set(PRESCRIPTION.NEXT_DUE, NewPrescription::due)
                    .set(PRESCRIPTION.TASK, NewPrescription::task)
                    .set(PRESCRIPTION.TASK_MAC, NewPrescription::mac)
                    .set(PRESCRIPTION.VERSION, _ -> 1L)
                    .set(PRESCRIPTION.RULE_SET_VERSION, _ -> SubmissionRules.VERSION)
                    .set(PRESCRIPTION.PROFILE_VERSION, _ -> PROFILES)
                    .set(PRESCRIPTION.CATALOGUE_VERSION, NewPrescription::catalogueVersion)
                    .set(PRESCRIPTION.SHARING_BASIS, one -> one.frame().sharingBasis())
                    .set(PRESCRIPTION.CREATED_AT, NewPrescription::at)
                    .set(PRESCRIPTION.UPDATED_AT, NewPrescription::at);

    private static <V> Function<NewPrescription, V> facts(Function<Facts, V> value) {
        return one -> value.apply(one.prescription().facts());
    }

    private static String circulation(NewPrescription one) {
        boolean inside = one.submission().issuingHospitalOnly();
        return (inside ? Circulation.ISSUING_HOSPITAL : Circulation.OPEN).code();
    }

    private static final Insert<NewLine> INSERT_LINE =
            Insert.into(PRESCRIPTION_LINE)
                    .set(PRESCRIPTION_LINE.ID, (NewLine one) -> one.line().id())
                    .set(PRESCRIPTION_LINE.REGION, NewLine::region)
                    .set(PRESCRIPTION_LINE.PRESCRIPTION_ID, NewLine::prescription)
                    .set(PRESCRIPTION_LINE.LINE, one -> one.line().number())
                    .set(PRESCRIPTION_LINE.IDENTIFIER, one -> one.order().identifier())
                    .set(PRESCRIPTION_LINE.DRUG_CODE, one -> one.drug().code().value())
                    .set(PRESCRIPTION_LINE.PRODUCT_ONLY, one -> one.order().productOnly())
                    .set(PRESCRIPTION_LINE.QUANTITY, one -> one.line().quantity())
                    .set(PRESCRIPTION_LINE.REMAINING, one -> one.line().remaining())
                    .set(PRESCRIPTION_LINE.DISPENSED, one -> one.line().dispensed())
                    .set(PRESCRIPTION_LINE.UNIT, one -> one.drug().preparationUnit())
                    .set(PRESCRIPTION_LINE.STATUS, _ -> LineStatus.ACTIVE.code())
                    .set(PRESCRIPTION_LINE.AUTHORED_ON, one -> one.authored().from())
                    .set(PRESCRIPTION_LINE.AUTHORED_TO, one -> one.authored().last())
                    .set(PRESCRIPTION_LINE.PRIORITY, NewLine::priority)
                    .set(PRESCRIPTION_LINE.RUNS_UNTIL, NewLine::runsUntil)
                    .set(PRESCRIPTION_LINE.SUBSTITUTION_SET, one -> one.drug().substitutionSet())
                    .set(PRESCRIPTION_LINE.GENERIC_NAME, one -> one.drug().genericName())
                    .set(PRESCRIPTION_LINE.FURTHER_TOKENS, NewLine::furtherTokens)
                    .set(PRESCRIPTION_LINE.CONTENT, NewLine::content)
                    .set(PRESCRIPTION_LINE.VERSION, _ -> 1L)
                    .set(PRESCRIPTION_LINE.UPDATED_AT, NewLine::at);

    private static final Insert<NewPart> INSERT_PART =
            Insert.into(CLINICAL_RESOURCE)
                    .set(CLINICAL_RESOURCE.ID, (NewPart one) -> one.part().id())
                    .set(CLINICAL_RESOURCE.TYPE, one -> one.part().type())
                    .set(CLINICAL_RESOURCE.REGION, NewPart::region)
                    .set(CLINICAL_RESOURCE.PRESCRIPTION_ID, NewPart::prescription)
                    .set(CLINICAL_RESOURCE.PATIENT_ID, NewPart::patient)
                    .set(CLINICAL_RESOURCE.ORGANIZATION_ID, NewPart::organization)
                    .set(
                            CLINICAL_RESOURCE.IDENTIFIER_SYSTEM,
                            one -> one.part().text("identifier", "system"))
                    .set(
                            CLINICAL_RESOURCE.IDENTIFIER,
                            one -> one.part().text("identifier", "value"))
                    .set(CLINICAL_RESOURCE.FURTHER_TOKENS, SubmitStore::furtherTokens)
                    .set(CLINICAL_RESOURCE.STATUS, one -> one.part().text("status"))
                    .set(CLINICAL_RESOURCE.DATED_FROM, one -> Dated.of(one.part()).from())
                    .set(CLINICAL_RESOURCE.DATED_TO, one -> Dated.of(one.part()).last())
                    .set(CLINICAL_RESOURCE.DOCUMENT_KEY, NewPart::documentKey)
                    .set(CLINICAL_RESOURCE.CONTENT, NewPart::content)
                    .set(CLINICAL_RESOURCE.VERSION, _ -> 1L)
                    .set(CLINICAL_RESOURCE.CREATED_AT, NewPart::at)
                    .set(CLINICAL_RESOURCE.UPDATED_AT, NewPart::at);

    private static @Nullable String furtherTokens(NewPart one) {
        String system = one.part().text("identifier", "system");
        return new FurtherTokens()
                .identifiers(
                        one.part().node().path("identifier"),
                        Objects.requireNonNullElse(system, ""),
                        one.part().text("identifier", "value"))
                .kept();
    }

    private static final Insert<Dated.Event> INSERT_EVENT =
            Insert.into(PRESCRIPTION_LINE_EVENT)
                    .set(PRESCRIPTION_LINE_EVENT.LINE_ID, Dated.Event::line)
                    .set(PRESCRIPTION_LINE_EVENT.NUMBER, Dated.Event::number)
                    .set(PRESCRIPTION_LINE_EVENT.DATED_FROM, one -> one.span().from())
                    .set(PRESCRIPTION_LINE_EVENT.DATED_TO, one -> one.span().last());

    private static final Statement OVERLAPS =
            Statement.of(p ->
                    SQL.selectDistinct(PRESCRIPTION_LINE.GENERIC_NAME)
                            .from(PRESCRIPTION_LINE)
                            .join(PRESCRIPTION)
                            .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                            .where(PRESCRIPTION.PATIENT_ID.eq(p.like(PRESCRIPTION.PATIENT_ID)))
                            .and(PRESCRIPTION.ID.ne(p.like(PRESCRIPTION.ID)))
                            .and(
                                    PRESCRIPTION_LINE.GENERIC_NAME.eq(
                                            org.jooq.impl.DSL.any(
                                                    p.array(PRESCRIPTION_LINE.GENERIC_NAME))))
                            .and(
                                    PRESCRIPTION_LINE.RUNS_UNTIL.gt(
                                            p.like(PRESCRIPTION_LINE.RUNS_UNTIL)))
                            // Cancelled before anything of it was handed out.
                            .and(PRESCRIPTION_LINE.STATUS.ne(inline(LineStatus.CANCELLED.code())))
                            .and(PRESCRIPTION.STATE.notIn(PrescriptionViews.neverFilled()))
                            .limit(org.jooq.impl.DSL.inline(20)));

    /// Whether this patient has a prescription of this number. Another's is not found, so that an
    /// answer tells nothing about it.
    private static final Statement OF_PATIENT =
            Statement.of(p ->
                    SQL.select(PRESCRIPTION.ID)
                            .from(PRESCRIPTION)
                            .where(PRESCRIPTION.PATIENT_ID.eq(p.like(PRESCRIPTION.PATIENT_ID)))
                            .and(PRESCRIPTION.RX_NUMBER.eq(p.like(PRESCRIPTION.RX_NUMBER)))
                            .limit(org.jooq.impl.DSL.inline(1)));

    private static Field<String> inline(String text) {
        return org.jooq.impl.DSL.inline(text);
    }

    Future<Optional<Same>> startSame(Tx tx, UUID hospital, String number) {
        return tx.start(FIND_SAME, hospital, number).map(SubmitStore::same);
    }

    Optional<Same> findSame(Database database, UUID hospital, String number) {
        return same(database.run(FIND_SAME, hospital, number));
    }

    private static Optional<Same> same(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        return Optional.of(
                new Same(
                        get(row, PRESCRIPTION.ID),
                        get(row, PRESCRIPTION.PATIENT_ID),
                        get(row, PRESCRIPTION.CONTENT_HASH)));
    }

    /// Generic names that still run for this patient from another prescription.
    Future<List<String>> overlaps(
            Tx tx, UUID patient, UUID prescription, List<String> names, Instant now) {
        return tx.start(OVERLAPS, patient, prescription, names.toArray(String[]::new), now)
                .map(SubmitStore::names);
    }

    /// Whether the patient has a prescription of this number, from whatever hospital.
    Future<Boolean> isOfPatient(Tx tx, UUID patient, String number) {
        return tx.start(OF_PATIENT, patient, number).map(rows -> rows.size() > 0);
    }

    private static List<String> names(RowSet<Row> rows) {
        List<String> names = new java.util.ArrayList<>();
        rows.forEach(row -> names.add(get(row, PRESCRIPTION_LINE.GENERIC_NAME)));
        return names;
    }

    /// Sends everything; it travels with the commit.
    void insert(Tx tx, NewPrescription one) {
        INSERT.start(tx, one);
        INSERT_LINE.startAll(tx, one.lines());
        List<Dated.Event> events =
                one.lines().stream().flatMap(line -> line.events().stream()).toList();
        if (!events.isEmpty()) {
            INSERT_EVENT.startAll(tx, events);
        }
        if (!one.parts().isEmpty()) {
            INSERT_PART.startAll(tx, one.parts());
        }
        PrescriptionStore.first(
                tx, one.version(), one.lines().stream().map(NewLine::line).toList());
    }
}
