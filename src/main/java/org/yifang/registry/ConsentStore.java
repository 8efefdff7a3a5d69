package org.yifang.registry;

import static org.yifang.generated.Tables.CONSENT;
import static org.yifang.generated.Tables.CONSENT_HISTORY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.impl.DSL;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// All consents: one a patient and category, with every version of it.
public final class ConsentStore {
    private static final List<Field<?>> COLUMNS =
            List.of(
                    CONSENT.ID,
                    CONSENT.PATIENT_ID,
                    CONSENT.CATEGORY,
                    CONSENT.PROVISION,
                    CONSENT.ORGANIZATION_ID,
                    CONSENT.VERSION,
                    CONSENT.CREATED_AT,
                    CONSENT.UPDATED_AT);

    private static final Statement CIRCULATION =
            Statement.of(p ->
                    SQL.select(CONSENT.PROVISION)
                            .from(CONSENT)
                            .where(CONSENT.PATIENT_ID.eq(p.like(CONSENT.PATIENT_ID)))
                            .and(
                                    CONSENT.CATEGORY.eq(
                                            DSL.inline(Consent.Category.CIRCULATION.code()))));

    private final Insert<Consent> insert;

    private static final Insert<Consent> INSERT_VERSION =
            Insert.into(CONSENT_HISTORY)
                    .set(CONSENT_HISTORY.CONSENT_ID, Consent::id)
                    .set(CONSENT_HISTORY.VERSION, Consent::version)
                    .set(CONSENT_HISTORY.PROVISION, Consent::provision)
                    .set(CONSENT_HISTORY.RECORDED_BY, Consent::recordedBy)
                    .set(CONSENT_HISTORY.ORGANIZATION_ID, Consent::organization)
                    .set(CONSENT_HISTORY.UPDATED_AT, Consent::updatedAt);

    /// @param region GB/T 2260, six digits
    public ConsentStore(String region) {
        insert =
                Insert.into(CONSENT)
                        .set(CONSENT.ID, Consent::id)
                        .set(CONSENT.REGION, _ -> region)
                        .set(CONSENT.PATIENT_ID, Consent::patient)
                        .set(CONSENT.CATEGORY, one -> one.category().code())
                        .set(CONSENT.PROVISION, Consent::provision)
                        .set(CONSENT.RECORDED_BY, Consent::recordedBy)
                        .set(CONSENT.ORGANIZATION_ID, Consent::organization)
                        .set(CONSENT.VERSION, Consent::version)
                        .set(CONSENT.CREATED_AT, Consent::createdAt)
                        .set(CONSENT.UPDATED_AT, Consent::updatedAt);
    }

    /// What the patient says of circulation: true for allowed, false for forbidden, empty for
    /// nothing.
    public Future<Optional<Boolean>> circulation(Tx tx, UUID patient) {
        return tx.start(CIRCULATION, patient)
                .map(rows ->
                        first(rows).map(row -> Rows.get(row, CONSENT.PROVISION).equals("permit")));
    }

    /// The consent of a patient in a category, locked.
    public Optional<Consent> lock(Tx tx, UUID patient, Consent.Category category) {
        return first(
                        tx.run(
                                SQL.select(COLUMNS)
                                        .from(CONSENT)
                                        .where(CONSENT.PATIENT_ID.eq(patient))
                                        .and(CONSENT.CATEGORY.eq(category.code()))
                                        .forUpdate()))
                .map(ConsentStore::consent);
    }

    /// The consent of this id, locked.
    public Optional<Consent> lock(Tx tx, UUID id) {
        return first(tx.run(SQL.select(COLUMNS).from(CONSENT).where(CONSENT.ID.eq(id)).forUpdate()))
                .map(ConsentStore::consent);
    }

    /// Keeps a new one.
    public void add(Tx tx, Consent one) {
        insert.start(tx, one);
        INSERT_VERSION.start(tx, one);
    }

    /// Keeps another decision.
    public void replace(Tx tx, Consent next) {
        tx.start(
                SQL.update(CONSENT)
                        .set(CONSENT.PROVISION, next.provision())
                        .set(CONSENT.RECORDED_BY, next.recordedBy())
                        .set(CONSENT.ORGANIZATION_ID, next.organization())
                        .set(CONSENT.VERSION, next.version())
                        .set(CONSENT.UPDATED_AT, next.updatedAt())
                        .where(CONSENT.ID.eq(next.id())));
        INSERT_VERSION.start(tx, next);
    }

    private static Consent consent(Row row) {
        return new Consent(
                Rows.get(row, CONSENT.ID),
                Rows.get(row, CONSENT.PATIENT_ID),
                Consent.Category.of(Rows.get(row, CONSENT.CATEGORY)),
                Rows.get(row, CONSENT.PROVISION).equals("deny"),
                Rows.find(row, CONSENT.ORGANIZATION_ID),
                Rows.get(row, CONSENT.VERSION),
                Rows.get(row, CONSENT.CREATED_AT),
                Rows.get(row, CONSENT.UPDATED_AT));
    }

    /// What is to be mounted.
    ///
    /// @param ofHospital the consents of patients that a hospital sees, as a condition on
    ///   `consent.patient_id`
    public static Stored stored(Stored.Seen ofHospital) {
        return Stored.of("Consent", CONSENT)
                .id(CONSENT.ID)
                .version(CONSENT.VERSION, CONSENT.UPDATED_AT)
                .columns(COLUMNS.toArray(Field<?>[]::new))
                .patient(CONSENT.PATIENT_ID)
                .visible(
                        Role.PATIENT,
                        who -> CONSENT.PATIENT_ID.eq(who.patientId()).and(who.seesAll()))
                .visible(Role.HOSPITAL, ofHospital)
                .render((row, caller) -> ConsentFhir.json(consent(row)))
                .search(SearchBy.reference("patient", CONSENT.PATIENT_ID, "Patient"))
                .search(SearchBy.token("category", CONSENT.CATEGORY, ConsentFhir.SYSTEM))
                .search(SearchBy.date("date", CONSENT.UPDATED_AT))
                .history(
                        CONSENT_HISTORY.join(CONSENT).on(CONSENT.ID.eq(CONSENT_HISTORY.CONSENT_ID)),
                        CONSENT_HISTORY.CONSENT_ID,
                        CONSENT_HISTORY.VERSION,
                        CONSENT_HISTORY.UPDATED_AT,
                        (row, caller) -> version(row),
                        CONSENT.PATIENT_ID,
                        CONSENT.CATEGORY,
                        CONSENT.CREATED_AT,
                        CONSENT_HISTORY.CONSENT_ID,
                        CONSENT_HISTORY.PROVISION,
                        CONSENT_HISTORY.ORGANIZATION_ID,
                        CONSENT_HISTORY.VERSION,
                        CONSENT_HISTORY.UPDATED_AT);
    }

    private static byte[] version(Row row) {
        return ConsentFhir.json(
                new Consent(
                        Rows.get(row, CONSENT_HISTORY.CONSENT_ID),
                        Rows.get(row, CONSENT.PATIENT_ID),
                        Consent.Category.of(Rows.get(row, CONSENT.CATEGORY)),
                        Rows.get(row, CONSENT_HISTORY.PROVISION).equals("deny"),
                        Rows.find(row, CONSENT_HISTORY.ORGANIZATION_ID),
                        Rows.get(row, CONSENT_HISTORY.VERSION),
                        Rows.get(row, CONSENT.CREATED_AT),
                        Rows.get(row, CONSENT_HISTORY.UPDATED_AT)));
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).findFirst();
    }
}
