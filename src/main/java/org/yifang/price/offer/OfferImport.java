package org.yifang.price.offer;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.price.offer.OfferState.Price;
import org.yifang.registry.Location;
import org.yifang.registry.Organization;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Takes the prices of one pharmacy, a batch at a time: keeps every one as an event, judges it, and
/// puts the newest accepted one of each pack in force. The same rows again change nothing.
public final class OfferImport {
    /// Rows of one transaction.
    static final int BATCH = 500;

    /// A row without a moment that says what is known already is the same row again for this long.
    private static final Duration SAME = Duration.ofHours(1);

    private static final HoldRule.Market EMPTY = HoldRule.Market.of(new double[0], new double[0]);

    /// What became of one row.
    public enum Outcome {
        ACCEPTED,
        HELD,
        REPEATED
    }

    /// @param evidence the figures behind a held price, else empty
    public record Result(OfferRow row, Outcome outcome, String evidence) {}

    private final Database database;
    private final Uuid7 ids;
    private final Organization pharmacy;
    private final @Nullable UUID location;
    private final PriceSource source;
    private final String origin;
    // The other sellers as they were when this import first asked: bounded by the catalogue,
    // however
    // long the file is.
    private final Map<String, HoldRule.Market> markets = new HashMap<>();

    /// @param origin names the request or the file
    public OfferImport(
            Database database,
            Uuid7 ids,
            Organization pharmacy,
            PriceSource source,
            String origin) {
        this.database = database;
        this.ids = ids;
        this.pharmacy = pharmacy;
        this.location = pharmacy.counter().map(Location::id).orElse(null);
        this.source = source;
        this.origin = origin;
    }

    /// Takes one batch in one transaction.
    public List<Result> take(List<OfferRow> rows, Instant now) {
        learn(rows);
        return database.inTransaction(tx -> inTransaction(tx, rows, now));
    }

    private List<Result> inTransaction(Tx tx, List<OfferRow> rows, Instant now) {
        Map<String, OfferState> offers =
                OfferStore.lock(
                        tx,
                        pharmacy.id(),
                        rows.stream().map(row -> row.drug().code().value()).distinct().toList());
        List<ImportStore.NewPrice> events = new ArrayList<>(rows.size());
        List<HoldRule.Verdict> verdicts = new ArrayList<>(rows.size());
        List<UUID> eventIds = new ArrayList<>(rows.size());
        Map<String, OfferState> running = new HashMap<>(offers);
        for (OfferRow row : rows) {
            OfferState offer =
                    running.computeIfAbsent(row.drug().code().value(), _ -> unpriced(row.drug()));
            HoldRule.Verdict verdict = judge(row, offer);
            UUID event = ids.get();
            events.add(
                    new ImportStore.NewPrice(event, pharmacy, row, verdict, source, origin, now));
            verdicts.add(verdict);
            eventIds.add(event);
            if (!verdict.held() && !isSame(row, offer, now)) {
                running.put(offer.drugCode(), priced(offer, row, event, now));
            }
        }
        List<Boolean> isNew = insert(tx, rows, offers, events, now);
        Map<String, OfferState> changed = new LinkedHashMap<>();
        List<Result> results = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            OfferRow row = rows.get(i);
            String code = row.drug().code().value();
            OfferState offer = offers.computeIfAbsent(code, _ -> unpriced(row.drug()));
            if (!isNew.get(i)) {
                results.add(new Result(row, Outcome.REPEATED, ""));
                continue;
            }
            boolean held = verdicts.get(i).held();
            OfferState next = held ? offer : priced(offer, row, eventIds.get(i), now);
            next = stocked(next, row, now);
            offers.put(code, next);
            changed.put(code, next);
            results.add(
                    new Result(
                            row,
                            held ? Outcome.HELD : Outcome.ACCEPTED,
                            held ? verdicts.get(i).evidence() : ""));
        }
        if (!changed.isEmpty()) {
            ImportStore.put(tx, changed.values(), now);
        }
        return results;
    }

    /// Which of the events are new; rows without a moment are compared with what is in force.
    private List<Boolean> insert(
            Tx tx,
            List<OfferRow> rows,
            Map<String, OfferState> offers,
            List<ImportStore.NewPrice> events,
            Instant now) {
        List<ImportStore.NewPrice> wanted = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            OfferState offer = offers.get(rows.get(i).drug().code().value());
            if (offer == null || !isSame(rows.get(i), offer, now)) {
                wanted.add(events.get(i));
            }
        }
        Set<UUID> inserted = wanted.isEmpty() ? Set.of() : ImportStore.insert(tx, wanted);
        return events.stream().map(event -> inserted.contains(event.id())).toList();
    }

    private static boolean isSame(OfferRow row, OfferState offer, Instant now) {
        Price price = offer.price();
        return row.observed() == null
                && price != null
                && price.fen() == row.priceFen()
                && price.type().equals(row.type().code())
                && price.observed().isAfter(now.minus(SAME))
                && (row.stock() == null
                        || (offer.stock() != null && row.stock().compareTo(offer.stock()) == 0));
    }

    private HoldRule.Verdict judge(OfferRow row, OfferState offer) {
        return HoldRule.judge(
                (double) row.priceFen() / row.drug().packFactor(),
                offer.unitFen(),
                markets.getOrDefault(row.drug().substitutionSet(), EMPTY));
    }

    private void learn(List<OfferRow> rows) {
        List<String> unknown =
                rows.stream()
                        .map(row -> row.drug().substitutionSet())
                        .filter(set -> !markets.containsKey(set))
                        .distinct()
                        .toList();
        if (unknown.isEmpty()) {
            return;
        }
        var found = OfferStore.markets(database, unknown, pharmacy.id());
        unknown.forEach(set -> markets.put(set, found.getOrDefault(set, EMPTY)));
    }

    private OfferState unpriced(Drug drug) {
        return new OfferState(
                ids.get(),
                pharmacy.region(),
                pharmacy.id(),
                pharmacy.number(),
                location,
                drug.code().value(),
                drug.substitutionSet(),
                drug.packUnit(),
                drug.packFactor(),
                null,
                0,
                null,
                java.math.BigDecimal.ZERO,
                null);
    }

    /// A price observed before the one in force is kept as history only.
    private OfferState priced(OfferState offer, OfferRow row, UUID event, Instant now) {
        Instant observed = row.observedBy(now);
        Price before = offer.price();
        if (before != null && before.observed().isAfter(observed)) {
            return offer;
        }
        Price price =
                new Price(
                        event,
                        row.priceFen(),
                        row.type().code(),
                        row.patientPaysFen(),
                        row.basis().code(),
                        observed,
                        source.code());
        Double unit = offer.unitFen();
        double change =
                before == null || unit == null || before.fen() == row.priceFen()
                        ? offer.lastChange()
                        : Math.log((double) row.priceFen() / row.drug().packFactor() / unit);
        return offer.priced(price, change);
    }

    private static OfferState stocked(OfferState offer, OfferRow row, Instant now) {
        Instant observed = row.observedBy(now);
        Instant before = offer.stockObserved();
        return row.stock() == null || (before != null && before.isAfter(observed))
                ? offer
                : offer.stocked(row.stock(), observed);
    }
}
