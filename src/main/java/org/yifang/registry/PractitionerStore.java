package org.yifang.registry;

import static org.yifang.generated.Tables.PRACTITIONER;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// All SQL that touches `practitioner`.
final class PractitionerStore {
    static final List<Field<?>> COLUMNS =
            List.of(
                    PRACTITIONER.ID,
                    PRACTITIONER.NUMBER,
                    PRACTITIONER.NAME,
                    PRACTITIONER.PROFESSION,
                    PRACTITIONER.TITLE,
                    PRACTITIONER.ORGANIZATION_ID,
                    PRACTITIONER.VERSION,
                    PRACTITIONER.UPDATED_AT);

    private static final Statement BY_NUMBER =
            Statement.of(p ->
                    SQL.select(COLUMNS)
                            .from(PRACTITIONER)
                            .where(PRACTITIONER.NUMBER.eq(p.like(PRACTITIONER.NUMBER))));

    /// The practitioner with this id, locked until the transaction ends.
    static Optional<Practitioner> lock(Tx tx, UUID id) {
        return first(
                tx.run(
                        SQL.select(COLUMNS)
                                .from(PRACTITIONER)
                                .where(PRACTITIONER.ID.eq(id))
                                .forUpdate()));
    }

    /// The practitioner with this staff number, locked until the transaction ends.
    static Optional<Practitioner> lock(Tx tx, String number) {
        return first(
                tx.run(
                        SQL.select(COLUMNS)
                                .from(PRACTITIONER)
                                .where(PRACTITIONER.NUMBER.eq(number))
                                .forUpdate()));
    }

    private record NewPractitioner(Practitioner one, String region) {}

    private static final Insert<NewPractitioner> INSERT =
            Insert.into(PRACTITIONER)
                    .set(PRACTITIONER.ID, of(Practitioner::id))
                    .set(PRACTITIONER.REGION, NewPractitioner::region)
                    .set(PRACTITIONER.NUMBER, of(Practitioner::number))
                    .set(PRACTITIONER.NAME, of(Practitioner::name))
                    .set(PRACTITIONER.PROFESSION, of(one -> one.profession().code()))
                    .set(PRACTITIONER.TITLE, of(Practitioner::title))
                    .set(PRACTITIONER.ORGANIZATION_ID, of(Practitioner::organizationId))
                    .set(PRACTITIONER.VERSION, of(Practitioner::version))
                    .set(PRACTITIONER.CREATED_AT, of(Practitioner::updatedAt))
                    .set(PRACTITIONER.UPDATED_AT, of(Practitioner::updatedAt))
                    .orNothing(PRACTITIONER.NUMBER);

    private static <V> Function<NewPractitioner, V> of(Function<Practitioner, V> value) {
        return row -> value.apply(row.one());
    }

    private static final Update<Practitioner> UPDATE =
            Update.of(PRACTITIONER)
                    .set(PRACTITIONER.NAME, Practitioner::name)
                    .set(PRACTITIONER.PROFESSION, one -> one.profession().code())
                    .set(PRACTITIONER.TITLE, Practitioner::title)
                    .set(PRACTITIONER.ORGANIZATION_ID, Practitioner::organizationId)
                    .set(PRACTITIONER.VERSION, Practitioner::version)
                    .set(PRACTITIONER.UPDATED_AT, Practitioner::updatedAt)
                    .where(PRACTITIONER.ID, Practitioner::id);

    /// Keeps one unless the number is known; travels with the commit.
    static void insert(Tx tx, Practitioner one, String region) {
        INSERT.start(tx, new NewPractitioner(one, region));
    }

    /// Keeps one unless the number is known; waits for whoever inserts the same at once.
    ///
    /// @return whether it was kept
    static boolean insertNew(Tx tx, Practitioner one, String region) {
        return INSERT.start(tx, new NewPractitioner(one, region)).await().rowCount() == 1;
    }

    /// Keeps what changed of one; travels with the commit.
    static void update(Tx tx, Practitioner one) {
        UPDATE.start(tx, one);
    }

    static Optional<Practitioner> byNumber(Database database, String number) {
        return first(database.run(BY_NUMBER, number));
    }

    static Optional<Practitioner> byNumber(Tx tx, String number) {
        return first(tx.run(BY_NUMBER, number));
    }

    static Optional<Practitioner> byId(Database database, UUID id) {
        return first(
                database.run(SQL.select(COLUMNS).from(PRACTITIONER).where(PRACTITIONER.ID.eq(id))));
    }

    private static Optional<Practitioner> first(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .findFirst()
                .map(PractitionerStore::practitioner);
    }

    static Practitioner practitioner(Row row) {
        return new Practitioner(
                Rows.get(row, PRACTITIONER.ID),
                Rows.get(row, PRACTITIONER.NUMBER),
                Rows.get(row, PRACTITIONER.NAME),
                Practitioner.Profession.of(Rows.get(row, PRACTITIONER.PROFESSION)),
                Rows.find(row, PRACTITIONER.TITLE),
                Rows.find(row, PRACTITIONER.ORGANIZATION_ID),
                Rows.get(row, PRACTITIONER.VERSION),
                Rows.get(row, PRACTITIONER.UPDATED_AT));
    }

    private PractitionerStore() {}
}
