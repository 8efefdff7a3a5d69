package org.yifang.catalogue;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.max;
import static org.yifang.generated.Tables.CATALOGUE_VERSION;
import static org.yifang.generated.Tables.DRUG;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Select;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// All SQL that touches `drug` and `catalogue_version`.
final class DrugStore {
    /// What [#entry] reads, and what an import writes.
    static final List<Field<?>> COLUMNS =
            List.of(
                    DRUG.CODE,
                    DRUG.GENERIC_NAME,
                    DRUG.FORM,
                    DRUG.RELEASE_FORM,
                    DRUG.STRENGTH,
                    DRUG.STRENGTH_VALUE,
                    DRUG.STRENGTH_UNIT,
                    DRUG.CONTENT_VALUE,
                    DRUG.CONTENT_UNIT,
                    DRUG.PREPARATION_UNIT,
                    DRUG.PACK_UNIT,
                    DRUG.PACK_FACTOR,
                    DRUG.MAKER,
                    DRUG.APPROVAL_NUMBER,
                    DRUG.KIND,
                    DRUG.CLASSES,
                    DRUG.ANTIMICROBIAL_TIER,
                    DRUG.SKIN_TEST,
                    DRUG.VOLUME_PURCHASED,
                    DRUG.DDD_VALUE,
                    DRUG.DDD_UNIT,
                    DRUG.ATC,
                    DRUG.NARROW_THERAPEUTIC_INDEX,
                    DRUG.SUBSTITUTION_SET,
                    DRUG.VERSION,
                    DRUG.CATALOGUE_VERSION,
                    DRUG.CREATED_AT,
                    DRUG.UPDATED_AT);

    private static final Statement UPSERT = Statement.of(DrugStore::upsert);

    private DrugStore() {}

    /// Lets one import at a time go on; the others wait for its commit.
    static void lock(Tx tx) {
        tx.run(SQL.query("LOCK TABLE catalogue_version IN SHARE ROW EXCLUSIVE MODE"));
    }

    static Future<Long> version(Database database) {
        return database.start(greatest()).map(DrugStore::versionIn);
    }

    static long version(Tx tx) {
        return versionIn(tx.run(greatest()));
    }

    static Future<List<Catalogue.Entry>> all(Database database) {
        return database.start(everything()).map(DrugStore::entries);
    }

    static List<Catalogue.Entry> all(Tx tx) {
        return entries(tx.run(everything()));
    }

    static void insertVersion(
            Tx tx,
            long version,
            String source,
            byte[] hash,
            CatalogueFile.Report report,
            Instant at) {
        tx.run(
                SQL.insertInto(CATALOGUE_VERSION)
                        .set(CATALOGUE_VERSION.VERSION, version)
                        .set(CATALOGUE_VERSION.SOURCE, source)
                        .set(CATALOGUE_VERSION.FILE_HASH, hash)
                        .set(CATALOGUE_VERSION.ACCEPTED, report.accepted().size())
                        .set(CATALOGUE_VERSION.REFUSED, (int) report.refusedRows())
                        .set(CATALOGUE_VERSION.CREATED_AT, at));
    }

    /// Writes drugs that are new or differ from what stands in the table.
    static void write(Tx tx, List<Drug> drugs, long version, Instant at) {
        if (!drugs.isEmpty()) {
            tx.startBatch(UPSERT, drugs.stream().map(drug -> values(drug, version, at)).toList())
                    .await();
        }
    }

    private static Select<?> greatest() {
        return SQL.select(max(CATALOGUE_VERSION.VERSION).as(CATALOGUE_VERSION.VERSION))
                .from(CATALOGUE_VERSION);
    }

    private static long versionIn(RowSet<Row> rows) {
        @Nullable Long version = Rows.find(rows.iterator().next(), CATALOGUE_VERSION.VERSION);
        return version == null ? 0 : version;
    }

    private static Select<?> everything() {
        return SQL.select(COLUMNS).from(DRUG).orderBy(DRUG.CODE).limit(CatalogueFile.ROWS_MAX);
    }

    private static org.jooq.Query upsert(Statement.Parameters p) {
        return SQL.insertInto(DRUG)
                .columns(COLUMNS)
                .values(COLUMNS.stream().map(p::like).toList())
                .onConflict(DRUG.CODE)
                .doUpdate()
                .set(
                        COLUMNS.stream()
                                .filter(one -> !one.equals(DRUG.CODE))
                                .filter(one -> !one.equals(DRUG.CREATED_AT))
                                .collect(Collectors.toMap(one -> one, DrugStore::fresh)));
    }

    private static Field<?> fresh(Field<?> column) {
        return column.equals(DRUG.VERSION) ? DRUG.VERSION.plus(1) : excluded(column);
    }

    private static Object[] values(Drug drug, long version, Instant at) {
        Strength strength = drug.strength();
        @Nullable ApprovalNumber approval = drug.approvalNumber();
        List<@Nullable Object> values =
                new ArrayList<>(
                        Arrays.asList(
                                drug.code().value(),
                                drug.genericName(),
                                drug.form(),
                                drug.releaseForm().code(),
                                strength.text(),
                                value(strength.active()),
                                unit(strength.active()),
                                value(strength.content()),
                                unit(strength.content()),
                                drug.preparationUnit(),
                                drug.packUnit(),
                                drug.packFactor()));
        values.addAll(
                Arrays.asList(
                        drug.maker(),
                        approval == null ? null : approval.value(),
                        drug.kind().code(),
                        drug.classes().stream()
                                .sorted()
                                .map(DrugClass::name)
                                .collect(Collectors.joining(" ")),
                        drug.antimicrobialTier().code(),
                        drug.skinTest(),
                        drug.volumePurchased(),
                        value(drug.dailyDose()),
                        unit(drug.dailyDose()),
                        drug.atc(),
                        drug.narrowTherapeuticIndex(),
                        drug.substitutionSet(),
                        1L,
                        version,
                        at,
                        at));
        return values.toArray();
    }

    private static List<Catalogue.Entry> entries(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(DrugStore::entry).toList();
    }

    static Catalogue.Entry entry(Row row) {
        return new Catalogue.Entry(
                drug(row), Rows.get(row, DRUG.VERSION), Rows.get(row, DRUG.UPDATED_AT));
    }

    private static Drug drug(Row row) {
        @Nullable String approval = Rows.find(row, DRUG.APPROVAL_NUMBER);
        return new Drug(
                new DrugCode(Rows.get(row, DRUG.CODE)),
                Rows.get(row, DRUG.GENERIC_NAME),
                Rows.get(row, DRUG.FORM),
                new Strength(
                        Rows.get(row, DRUG.STRENGTH),
                        amount(row, DRUG.STRENGTH_VALUE, DRUG.STRENGTH_UNIT),
                        amount(row, DRUG.CONTENT_VALUE, DRUG.CONTENT_UNIT)),
                Rows.get(row, DRUG.PREPARATION_UNIT),
                Rows.get(row, DRUG.PACK_UNIT),
                Rows.get(row, DRUG.PACK_FACTOR),
                Rows.get(row, DRUG.MAKER),
                approval == null ? null : new ApprovalNumber(approval),
                DrugKind.of(Rows.get(row, DRUG.KIND)).orElseThrow(),
                ReleaseForm.of(Rows.get(row, DRUG.RELEASE_FORM)).orElseThrow(),
                classes(Rows.get(row, DRUG.CLASSES)),
                AntimicrobialTier.of(Rows.get(row, DRUG.ANTIMICROBIAL_TIER)).orElseThrow(),
                Rows.get(row, DRUG.SKIN_TEST),
                Rows.get(row, DRUG.VOLUME_PURCHASED),
                amount(row, DRUG.DDD_VALUE, DRUG.DDD_UNIT),
                Rows.find(row, DRUG.ATC),
                Rows.get(row, DRUG.NARROW_THERAPEUTIC_INDEX));
    }

    private static Set<DrugClass> classes(String names) {
        Set<DrugClass> classes = EnumSet.noneOf(DrugClass.class);
        for (String name : names.split(" ")) {
            if (!name.isEmpty()) {
                classes.add(DrugClass.valueOf(name));
            }
        }
        return classes;
    }

    private static @Nullable Amount amount(Row row, Field<BigDecimal> value, Field<String> unit) {
        @Nullable BigDecimal number = Rows.find(row, value);
        return number == null ? null : new Amount(number, Rows.get(row, unit));
    }

    private static @Nullable BigDecimal value(@Nullable Amount amount) {
        return amount == null ? null : amount.value();
    }

    private static @Nullable String unit(@Nullable Amount amount) {
        return amount == null ? null : amount.unit();
    }
}
