package org.yifang.price.sale;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.price.compare.SaleKind;
import org.yifang.price.compare.SaleStore;
import org.yifang.queue.history.ImportHistory;
import org.yifang.registry.OpeningHours;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Takes past sales, a month of one product in one pharmacy a row, as a baseline from before the
/// platform. They keep the hash of their file and are named as imported in every report.
public final class SalesHistory implements ImportHistory.Reader {
    /// The header of such a file.
    static final List<String> COLUMNS =
            List.of("organization", "code", "month", "quantity", "value_yuan");

    /// The same with the unit of the quantity, which the catalogue then turns into its own.
    static final List<String> COLUMNS_WITH_UNIT =
            List.of("organization", "code", "month", "quantity", "unit", "value_yuan");

    private static final int BATCH = 1000;
    private static final int ROWS_TOLD = 1000;
    private static final BigDecimal MOST = new BigDecimal("100000000000");

    private final Database database;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final Uuid7 ids;
    private final InstantSource clock;

    public SalesHistory(
            Database database,
            Catalogue catalogue,
            Organizations organizations,
            Uuid7 ids,
            InstantSource clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public boolean reads(List<String> header) {
        return header.equals(COLUMNS) || header.equals(COLUMNS_WITH_UNIT);
    }

    @Override
    public String header() {
        return String.join(",", COLUMNS);
    }

    private record Read(SaleStore.@Nullable Sale sale, String reason) {}

    /// Takes a whole file: the same rows again change nothing; a month that is known with another
    /// value is refused.
    @Override
    public ImportHistory.Counts take(Caller caller, ImportHistory.File file) {
        Taking taking = new Taking();
        YearMonth current = YearMonth.from(clock.instant().atZone(OpeningHours.ZONE));
        for (int i = 0; i < file.rows().size(); i++) {
            // The header is line 1.
            int line = i + 2;
            Read read =
                    read(
                            file.rows().get(i).fields(),
                            file.header(),
                            caller,
                            file.sha256(),
                            current);
            if (read.sale == null) {
                taking.refuse(line, read.reason);
                continue;
            }
            taking.batch.add(read.sale);
            taking.lines.add(line);
            if (taking.batch.size() == BATCH) {
                write(taking);
            }
        }
        write(taking);
        return new ImportHistory.Counts(
                taking.accepted, taking.repeated, taking.refused, taking.told);
    }

    /// What has become of a file so far.
    private static final class Taking {
        private final List<SaleStore.Sale> batch = new ArrayList<>();
        private final List<Integer> lines = new ArrayList<>();
        private final List<ImportHistory.Refused> told = new ArrayList<>();
        private int accepted;
        private int repeated;
        private int refused;

        void refuse(int line, String reason) {
            refused++;
            if (told.size() < ROWS_TOLD) {
                told.add(new ImportHistory.Refused(line, reason));
            }
        }
    }

    private void write(Taking taking) {
        if (taking.batch.isEmpty()) {
            return;
        }
        List<SaleStore.Sale> sales = List.copyOf(taking.batch);
        List<Outcome> outcomes = database.inTransaction(tx -> write(tx, sales));
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case NEW -> taking.accepted++;
                case SAME -> taking.repeated++;
                case OTHER ->
                        taking.refuse(
                                taking.lines.get(i), "This month is known with another value.");
                case LIVE ->
                        taking.refuse(
                                taking.lines.get(i),
                                "In this month the pharmacy dispensed through the platform; its"
                                        + " sales are known already.");
            }
        }
        taking.batch.clear();
        taking.lines.clear();
    }

    private enum Outcome {
        NEW,
        SAME,
        OTHER,
        LIVE
    }

    private List<Outcome> write(Tx tx, List<SaleStore.Sale> sales) {
        // Only now, so that a report as of this moment waits for what is being written.
        SaleStore.begin(tx);
        Instant now = clock.instant();
        Map<String, SaleStore.Recorded> known =
                SaleStore.recorded(tx, sales.stream().map(SaleStore.Sale::key).toList());
        Set<SaleStore.Live> live = SaleStore.live(tx, sales);
        List<SaleStore.Sale> past = sales.stream().filter(sale -> !isLive(live, sale)).toList();
        if (past.isEmpty()) {
            return Collections.nCopies(sales.size(), Outcome.LIVE);
        }
        Set<UUID> added = SaleStore.insert(tx, past, now);
        List<Outcome> outcomes = new ArrayList<>();
        for (SaleStore.Sale sale : sales) {
            if (isLive(live, sale)) {
                outcomes.add(Outcome.LIVE);
                continue;
            }
            SaleStore.Recorded before = known.get(sale.key());
            if (added.contains(sale.id())) {
                // The same month may stand in the file again.
                known.put(sale.key(), SaleStore.Recorded.of(sale));
                outcomes.add(Outcome.NEW);
            } else {
                boolean same = before != null && before.isSame(sale);
                outcomes.add(same ? Outcome.SAME : Outcome.OTHER);
            }
        }
        return outcomes;
    }

    private static boolean isLive(Set<SaleStore.Live> live, SaleStore.Sale sale) {
        return live.contains(new SaleStore.Live(sale.pharmacy(), sale.from()));
    }

    private Read read(
            List<String> fields,
            List<String> header,
            Caller caller,
            byte[] hash,
            YearMonth current) {
        if (fields.size() != header.size()) {
            return refused(
                    "The row has %d fields instead of %d.".formatted(fields.size(), header.size()));
        }
        Organization pharmacy = organizations.byNumber(fields.get(0)).orElse(null);
        // Whose sales are told by others must not even be known to be here.
        boolean own = caller.is(Role.BUREAU) || caller.organization().equals(fields.get(0));
        if (pharmacy == null || !own) {
            return refused(
                    "The organization `" + fields.get(0) + "` is not yours, or not registered.");
        }
        Drug drug = catalogue.find(fields.get(1)).orElse(null);
        if (drug == null) {
            return refused("The code `" + fields.get(1) + "` is not in the catalogue.");
        }
        YearMonth month = month(fields.get(2));
        if (month == null || !month.isBefore(current)) {
            return refused("The month `" + fields.get(2) + "` is none that is over, as 2026-03.");
        }
        BigDecimal quantity = number(fields.get(3));
        if (quantity != null && header.equals(COLUMNS_WITH_UNIT)) {
            quantity = drug.preparationUnits(quantity, fields.get(4)).orElse(null);
            if (quantity == null) {
                return refused(
                        "The unit `%s` is neither `%s` nor `%s`."
                                .formatted(fields.get(4), drug.preparationUnit(), drug.packUnit()));
            }
        }
        String yuan = fields.getLast();
        BigDecimal value = number(yuan);
        if (quantity == null || quantity.signum() <= 0 || quantity.scale() > 4) {
            return refused(
                    "The quantity `%s` is none above 0, in %s."
                            .formatted(fields.get(3), drug.preparationUnit()));
        }
        if (value == null || value.signum() < 0 || value.scale() > 2) {
            return refused("The value `" + yuan + "` is none in yuan and fen.");
        }
        return new Read(
                new SaleStore.Sale(
                        ids.get(),
                        pharmacy.region(),
                        SaleKind.HISTORY,
                        "history " + pharmacy.number() + " " + drug.code().value() + " " + month,
                        null,
                        pharmacy.id(),
                        pharmacy.isInHouse(),
                        drug.code().value(),
                        drug.maker(),
                        drug.substitutionSet(),
                        quantity,
                        value.movePointRight(2).longValueExact(),
                        drug.dailyDosesPerUnit().orElse(null),
                        month.atDay(1),
                        month.atEndOfMonth(),
                        null,
                        null,
                        null,
                        null,
                        hash,
                        caller.clientId()),
                "");
    }

    private static Read refused(String reason) {
        return new Read(null, reason);
    }

    private static @Nullable YearMonth month(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static @Nullable BigDecimal number(String text) {
        try {
            BigDecimal number =
                    text.matches("[0-9.]{1,20}") ? new BigDecimal(text).stripTrailingZeros() : null;
            return number == null || number.compareTo(MOST) > 0 ? null : number;
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
