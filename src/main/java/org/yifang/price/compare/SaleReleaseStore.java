package org.yifang.price.compare;

import static org.jooq.impl.DSL.coalesce;
import static org.yifang.generated.Tables.DRUG;
import static org.yifang.generated.Tables.SALE;
import static org.yifang.generated.Tables.SALE_RELEASE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Keeps what people decided on unit prices that stood out in sales: a documented procurement price
/// counts as it is from then on, for every sale of that product within a tenth of it.
public final class SaleReleaseStore {
    private static final Field<String> MAKER =
            coalesce(SALE.MAKER, DRUG.MAKER, SALE.DRUG_CODE).as("line_maker");

    private record Release(
            UUID id,
            String region,
            UUID sale,
            String set,
            String maker,
            double unitFen,
            boolean released,
            String by,
            String reason,
            Instant at) {}

    private static final Insert<Release> INSERT =
            Insert.into(SALE_RELEASE)
                    .set(SALE_RELEASE.ID, Release::id)
                    .set(SALE_RELEASE.REGION, Release::region)
                    .set(SALE_RELEASE.SALE_ID, Release::sale)
                    .set(SALE_RELEASE.SUBSTITUTION_SET, Release::set)
                    .set(SALE_RELEASE.MAKER, Release::maker)
                    .set(SALE_RELEASE.UNIT_FEN, Release::unitFen)
                    .set(SALE_RELEASE.RELEASED, Release::released)
                    .set(SALE_RELEASE.DECIDED_BY, Release::by)
                    .set(SALE_RELEASE.REASON, Release::reason)
                    .set(SALE_RELEASE.DECIDED_AT, Release::at);

    private final Database database;
    private final Uuid7 ids;

    SaleReleaseStore(Database database, Uuid7 ids) {
        this.database = database;
        this.ids = ids;
    }

    /// Decides on the unit price of a sale.
    ///
    /// @return whether there is such a sale
    boolean decide(UUID sale, boolean released, String by, String reason, Instant now) {
        Optional<Release> decision = find(sale, released, by, reason, now);
        decision.ifPresent(one -> database.inTransaction(tx -> INSERT.start(tx, one).await()));
        return decision.isPresent();
    }

    private Optional<Release> find(
            UUID sale, boolean released, String by, String reason, Instant now) {
        for (Row row :
                database.run(
                        SQL.select(
                                        SALE.REGION,
                                        SALE.SUBSTITUTION_SET,
                                        MAKER,
                                        SALE.QUANTITY,
                                        SALE.VALUE_FEN)
                                .from(SALE)
                                .leftJoin(DRUG)
                                .on(DRUG.CODE.eq(SALE.DRUG_CODE))
                                .where(SALE.ID.eq(sale)))) {
            BigDecimal quantity = Rows.get(row, SALE.QUANTITY);
            return Optional.of(
                    new Release(
                            ids.get(),
                            Rows.get(row, SALE.REGION),
                            sale,
                            Rows.get(row, SALE.SUBSTITUTION_SET),
                            Rows.get(row, MAKER),
                            Rows.get(row, SALE.VALUE_FEN) / quantity.doubleValue(),
                            released,
                            by,
                            database.texts().seal(reason),
                            now));
        }
        return Optional.empty();
    }

    /// Why, in somebody's words, for the rotation of the master key.
    public static SealedColumn sealed() {
        return SealedColumn.texts(
                "reasons of released sales",
                SALE_RELEASE,
                List.of(SALE_RELEASE.ID),
                SALE_RELEASE.REASON);
    }
}
