package org.yifang.price.compare;

import org.yifang.catalogue.Catalogue;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.registry.Organizations;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Answers a comparison from the offers of this very moment, and keeps what it showed.
public final class ComparisonDesk {
    /// Over how long a pharmacy's honoured rate is reckoned.
    public static final Duration HONOURED_OVER = Duration.ofDays(90);

    /// The rates change slowly; all processes read them this often.
    private static final Duration RATES_FOR = Duration.ofMinutes(1);

    private record Rates(Instant read, Map<UUID, SaleStore.Honoured> byPharmacy) {}

    private final Database database;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final PredictedWaits waits;
    private final SwapStore swaps;
    private final Uuid7 ids;
    private final OfferBoard board;
    private final ShownPriceStore shown;
    private volatile Rates rates = new Rates(Instant.EPOCH, Map.of());

    /// @param waits predicted minutes from the door to the drugs in hand
    public ComparisonDesk(
            Database database,
            Catalogue catalogue,
            Organizations organizations,
            PredictedWaits waits,
            SwapStore swaps,
            Uuid7 ids) {
        this.database = database;
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.waits = waits;
        this.swaps = swaps;
        this.ids = ids;
        this.board = new OfferBoard(database);
        this.shown = new ShownPriceStore(database);
    }

    /// The options for a prescription; what was shown, and in which order, is durable when this
    /// returns. Waits.
    public List<Comparison.Option> compare(
            Comparison.Question question, Caller caller, Instant now) {
        List<Comparison.Option> options =
                Comparison.options(
                        question,
                        organizations.pharmacies(),
                        board.offers(
                                question.lines().stream()
                                        .map(line -> line.prescribed().substitutionSet())
                                        .toList()),
                        catalogue,
                        waits,
                        swaps.swaps(),
                        now);
        keep(question.task(), options, caller, now);
        return options;
    }

    private void keep(UUID task, List<Comparison.Option> options, Caller caller, Instant now) {
        String order =
                options.stream().map(ComparisonDesk::described).collect(Collectors.joining("; "));
        Map<UUID, Comparison.Chosen> lines = new LinkedHashMap<>();
        options.stream()
                .flatMap(option -> option.lines().stream())
                .forEach(line -> lines.putIfAbsent(line.offer().id(), line));
        String region =
                lines.values().stream()
                        .map(line -> line.pharmacy().region())
                        .findFirst()
                        .orElse("000000");
        shown.keep(
                        new ShownPriceStore.Showing(
                                ids.get(),
                                region,
                                task,
                                caller.clientId(),
                                order,
                                now,
                                List.copyOf(lines.values())))
                .await();
    }

    private static String described(Comparison.Option option) {
        return option.kind()
                + ": "
                + option.stops().stream()
                        .map(stop -> stop.pharmacy().number())
                        .collect(Collectors.joining(", "));
    }

    /// How often each pharmacy charged no more than it showed, over the last 90 days.
    public Map<UUID, SaleStore.Honoured> honoured(Instant now) {
        Rates known = rates;
        return known.read.plus(RATES_FOR).isBefore(now) ? honouredNow(now) : known.byPharmacy;
    }

    /// The same, read this very moment.
    public Map<UUID, SaleStore.Honoured> honouredNow(Instant now) {
        Rates fresh = new Rates(now, SaleStore.honoured(database, now.minus(HONOURED_OVER)));
        rates = fresh;
        return fresh.byPharmacy;
    }
}
