package org.yifang.catalogue;

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
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// All SQL that touches `drug` and `catalogue_version`.
final class DrugStore {
    /// A drug of a version of the catalogue.
    private record Listed(Drug drug, long version, Instant at) {}

    private static final Insert<Listed> UPSERT =
            Insert.into(DRUG)
                    .set(DRUG.CODE, (Listed one) -> one.drug.code().value())
                    .set(DRUG.GENERIC_NAME, one -> one.drug.genericName())
                    .set(DRUG.FORM, one -> one.drug.form())
                    .set(DRUG.RELEASE_FORM, one -> one.drug.releaseForm().code())
                    .set(DRUG.STRENGTH, one -> one.drug.strength().text())
                    .set(DRUG.STRENGTH_VALUE, one -> value(one.drug.strength().active()))
                    .set(DRUG.STRENGTH_UNIT, one -> unit(one.drug.strength().active()))
                    .set(DRUG.CONTENT_VALUE, one -> value(one.drug.strength().content()))
                    .set(DRUG.CONTENT_UNIT, one -> unit(one.drug.strength().content()))
                    .set(DRUG.PREPARATION_UNIT, one -> one.drug.preparationUnit())
                    .set(DRUG.PACK_UNIT, one -> one.drug.packUnit())
                    .set(DRUG.PACK_FACTOR, one -> one.drug.packFactor())
                    .set(DRUG.MAKER, one -> one.drug.maker())
                    .set(DRUG.APPROVAL_NUMBER, one -> approval(one.drug))
                    .set(DRUG.KIND, one -> one.drug.kind().code())
                    .set(DRUG.CLASSES, one -> names(one.drug.classes()))
                    .set(DRUG.ANTIMICROBIAL_TIER, one -> one.drug.antimicrobialTier().code())
                    .set(DRUG.SKIN_TEST, one -> one.drug.skinTest())
                    .set(DRUG.VOLUME_PURCHASED, one -> one.drug.volumePurchased())
                    .set(DRUG.DDD_VALUE, one -> value(one.drug.dailyDose()))
                    .set(DRUG.DDD_UNIT, one -> unit(one.drug.dailyDose()))
                    .set(DRUG.ATC, one -> one.drug.atc())
                    .set(DRUG.NARROW_THERAPEUTIC_INDEX, one -> one.drug.narrowTherapeuticIndex())
                    .set(DRUG.SUBSTITUTION_SET, one -> one.drug.substitutionSet())
                    .setOnce(DRUG.VERSION, _ -> 1L)
                    .set(DRUG.CATALOGUE_VERSION, Listed::version)
                    .setOnce(DRUG.CREATED_AT, Listed::at)
                    .set(DRUG.UPDATED_AT, Listed::at)
                    .orReplace(DRUG.CODE)
                    .replacing(DRUG.VERSION, DRUG.VERSION.plus(1));

    /// What [#entry] reads: all that is written.
    static final List<Field<?>> COLUMNS = UPSERT.columns();

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
            UPSERT.startAll(tx, drugs.stream().map(drug -> new Listed(drug, version, at)).toList())
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
        for (String name : names.split(" ", -1)) {
            if (!name.isEmpty()) {
                classes.add(DrugClass.valueOf(name));
            }
        }
        return classes;
    }

    private static String names(Set<DrugClass> classes) {
        return classes.stream().sorted().map(DrugClass::name).collect(Collectors.joining(" "));
    }

    private static @Nullable String approval(Drug drug) {
        @Nullable ApprovalNumber approval = drug.approvalNumber();
        return approval == null ? null : approval.value();
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
