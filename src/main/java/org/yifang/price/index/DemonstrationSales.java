package org.yifang.price.index;

import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugKind;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.price.compare.SaleKind;
import org.yifang.price.compare.SaleStore;
import org.yifang.queue.plan.Plan;
import org.yifang.queue.plan.PlanDesk;
import org.yifang.queue.plan.PlanDraft;
import org.yifang.registry.OpeningHours;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A made-up year of sales and the year before for the demonstration, with a plan that is dated
/// back, so that a newcomer sees what a verdict looks like. Every sentence over it says that it is
/// made up; nothing else may date a plan back.
public final class DemonstrationSales {
    static final String TITLE = "演示方案：十二家药店药品价格 / Made-up plan: prices of twelve pharmacies";
    private static final long SEED = 421281;
    private static final int PRODUCTS = 24;
    private static final int MONTHS = 12;
    private static final int BATCH = 1000;
    private static final int REGISTERED_DAYS_BEFORE = 7;

    /// What the made-up county did to its prices.
    private static final double CHANGE = 0.86;

    private final Database database;
    private final Catalogue catalogue;
    private final PlanDesk plans;
    private final Uuid7 ids;

    public DemonstrationSales(Database database, Catalogue catalogue, PlanDesk plans, Uuid7 ids) {
        this.database = database;
        this.catalogue = catalogue;
        this.plans = plans;
        this.ids = ids;
    }

    /// Records both years and the plan, unless they are there. Waits.
    ///
    /// @return the plan
    public Plan load(List<Organization> pharmacies, String bureau, Instant now) {
        YearMonth first = database.inTransaction(tx -> write(tx, pharmacies, now));
        YearMonth start = first.plusMonths(MONTHS);
        return plans.demonstrate(
                new PlanDraft(
                        PriceMeasure.ID,
                        TITLE,
                        start.minusMonths(MONTHS).atDay(1),
                        start.minusMonths(1).atEndOfMonth(),
                        start.atDay(1),
                        start.plusMonths(MONTHS - 1).atEndOfMonth(),
                        List.of(),
                        List.of(PlanDraft.EVERYWHERE)),
                bureau,
                start.atDay(1)
                        .minusDays(REGISTERED_DAYS_BEFORE)
                        .atStartOfDay(OpeningHours.ZONE)
                        .toInstant());
    }

    /// All of the sales or none, in one commit: a plan that could not be registered behind them is
    /// registered by the next start, over the months that they were made up for.
    ///
    /// @return their first month
    private YearMonth write(Tx tx, List<Organization> pharmacies, Instant now) {
        LocalDate known = CheckedSalesStore.firstDay(tx, SaleStore.DEMONSTRATION).orElse(null);
        if (known != null) {
            return YearMonth.from(known);
        }
        // A verdict is due 14 days after its period.
        LocalDate settled =
                LocalDate.ofInstant(now.minus(PriceRule.SETTLES), OpeningHours.ZONE).minusDays(1);
        YearMonth first = YearMonth.from(settled).minusMonths(2 * MONTHS);
        List<SaleStore.Sale> sales = sales(pharmacies, first);
        for (int from = 0; from < sales.size(); from += BATCH) {
            SaleStore.insert(tx, sales.subList(from, Math.min(sales.size(), from + BATCH)), now);
        }
        // Another instance may have come first, in another month even.
        return YearMonth.from(
                CheckedSalesStore.firstDay(tx, SaleStore.DEMONSTRATION).orElse(first.atDay(1)));
    }

    private static String key(int number) {
        return SaleStore.DEMONSTRATION + " " + number;
    }

    private List<SaleStore.Sale> sales(List<Organization> pharmacies, YearMonth first) {
        Random random = new Random(SEED);
        List<Drug> drugs =
                catalogue.entries().stream()
                        .map(Catalogue.Entry::drug)
                        .filter(drug -> drug.kind() != DrugKind.HERBAL)
                        .limit(PRODUCTS)
                        .toList();
        double[] unit = random.doubles(drugs.size(), 30, 600).toArray();
        List<SaleStore.Sale> sales = new ArrayList<>();
        for (Organization pharmacy : pharmacies) {
            double size = Math.exp(0.5 * random.nextGaussian());
            double level = Math.exp(0.05 * random.nextGaussian());
            double after = CHANGE * Math.exp(0.02 * random.nextGaussian());
            for (int i = 0; i < drugs.size(); i++) {
                double before = unit[i] * level;
                double now = before * after * Math.exp(0.02 * random.nextGaussian());
                for (int month = 0; month < 2 * MONTHS; month++) {
                    int packs = 1 + (int) (size * 20 * random.nextDouble());
                    double price = month < MONTHS ? before : now;
                    LocalDate day = first.plusMonths(month).atDay(1 + random.nextInt(28));
                    sales.add(sale(sales.size(), pharmacy, drugs.get(i), packs, price, day));
                }
            }
        }
        return sales;
    }

    private SaleStore.Sale sale(
            int number,
            Organization pharmacy,
            Drug drug,
            int packs,
            double unitFen,
            LocalDate day) {
        BigDecimal units = BigDecimal.valueOf((long) packs * drug.packFactor());
        return new SaleStore.Sale(
                ids.get(),
                pharmacy.region(),
                SaleKind.DISPENSE,
                key(number),
                null,
                pharmacy.id(),
                pharmacy.isInHouse(),
                drug.code().value(),
                drug.maker(),
                drug.substitutionSet(),
                units,
                Math.round(units.doubleValue() * unitFen),
                drug.dailyDosesPerUnit().orElse(null),
                day,
                day,
                null,
                null,
                null,
                null,
                null,
                SaleStore.DEMONSTRATION);
    }
}
