package org.yifang.price.board;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.Ids;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Role;
import org.yifang.price.compare.Comparison;
import org.yifang.price.compare.ComparisonJson;
import org.yifang.price.compare.Equivalence;
import org.yifang.price.compare.OpenPrescriptions;
import org.yifang.price.compare.PriceAlert;
import org.yifang.price.compare.PriceAlerts;
import org.yifang.price.compare.SwapStore;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// How the prices of a prescription's drugs went, and the price that its patient waits for. What
/// anybody paid is not in it.
public final class PriceCourseRoutes {
    private static final int DAYS = 180;
    private static final int DAYS_MOST = 730;
    private static final int SELLERS = 4;
    private static final int SELLERS_MOST = 20;
    private static final int DIGITS = 4;
    private static final String LINE = "MedicationRequest/";

    /// Up to so many days each day has its band, else each week.
    private static final int DAILY = 31;

    /// 10,000 yuan for one unit: above any drug.
    private static final BigDecimal YUAN_MOST = BigDecimal.valueOf(10_000);

    private final PriceCourseStore store;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final SwapStore swaps;
    private final OpenPrescriptions prescriptions;
    private final PriceAlerts alerts;

    public PriceCourseRoutes(
            PriceCourseStore store,
            Catalogue catalogue,
            Organizations organizations,
            SwapStore swaps,
            OpenPrescriptions prescriptions,
            PriceAlerts alerts) {
        this.store = store;
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.swaps = swaps;
        this.prescriptions = prescriptions;
        this.alerts = alerts;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.instance("price-course", "Task")
                        .roles(Role.PATIENT, Role.HOSPITAL)
                        .reads()
                        .scope("Task.r")
                        .handler(this::course));
        router.mount(
                Operation.instance("price-alert", "Task")
                        .roles(Role.PATIENT)
                        .scope("Task.u")
                        .handler(this::alert));
    }

    private Answer course(Exchange exchange) {
        Inputs in = exchange.inputs();
        int days = bounded(in, "days", DAYS, DAYS_MOST);
        int count = bounded(in, "count", SELLERS, SELLERS_MOST);
        in.done();
        UUID task = exchange.id();
        OpenPrescriptions.Found found = prescriptions.find(task, exchange.caller());
        boolean own = exchange.caller().is(Role.PATIENT);
        List<PriceAlert> waited = own ? alerts.ofTask(task, found.lines()).await() : List.of();
        Window window = Window.of(exchange.now(), days);
        List<PriceCourse> courses = new ArrayList<>();
        for (Comparison.Line line : found.lines()) {
            courses.add(course(found, line, window));
        }
        return Answer.ok(
                        FhirWriter.parameters(all -> {
                            for (int i = 0; i < courses.size(); i++) {
                                Comparison.Line line = found.lines().get(i);
                                PriceCourse course = courses.get(i);
                                all.group("line", parts -> line(parts, line, course, count));
                            }
                            waited.forEach(one ->
                                    all.group("alert", parts -> ComparisonJson.alert(parts, one)));
                        }))
                .touching(List.of(found.patient()), List.of(task));
    }

    /// From when to when, and how far apart the county is looked at.
    private record Window(Instant from, Instant now, Duration between) {
        static Window of(Instant now, int days) {
            return new Window(
                    now.minus(Duration.ofDays(days)), now, Duration.ofDays(days <= DAILY ? 1 : 7));
        }
    }

    private static int bounded(Inputs in, String name, int usual, int most) {
        Integer value = in.findInteger(name);
        if (value != null && (value < 1 || value > most)) {
            in.refuse(name, "`" + value + "` is out of bounds.", "Send 1 to " + most + ".");
        }
        return value == null ? usual : value;
    }

    private PriceCourse course(OpenPrescriptions.Found found, Comparison.Line line, Window window) {
        List<String> products =
                store.sold(line.prescribed().substitutionSet()).stream()
                        .filter(code -> mayFill(line, code))
                        .toList();
        List<PriceCourse.PriceInForce> told =
                products.isEmpty()
                        ? List.of()
                        : store.told(products, window.from()).stream()
                                .filter(one -> may(found, one.pharmacy()))
                                .toList();
        return PriceCourse.of(told, window.from(), window.now(), window.between());
    }

    private boolean mayFill(Comparison.Line line, String code) {
        Drug drug = catalogue.find(code).orElse(null);
        return drug != null
                && Equivalence.mayFill(line.prescribed(), line.productOnly(), drug, swaps.swaps());
    }

    private boolean may(OpenPrescriptions.Found found, UUID pharmacy) {
        return organizations.byId(pharmacy).filter(found.pharmacies()).isPresent();
    }

    private void line(NamedValues parts, Comparison.Line line, PriceCourse course, int count) {
        parts.reference("line", "MedicationRequest/" + line.id());
        parts.code("drug", line.prescribed().code().value());
        parts.string("drug-name", line.prescribed().display());
        parts.string("unit", line.prescribed().preparationUnit());
        parts.integer("pharmacies", course.sellers().size());
        if (!course.bands().isEmpty()) {
            yuan(parts, "reference", course.bands().getLast().median());
        }
        course.sellers().stream()
                .limit(count)
                .forEach(seller -> parts.group("pharmacy", part -> seller(part, seller)));
        for (PriceCourse.Band band : course.bands()) {
            parts.group(
                    "band",
                    part -> {
                        part.instant("at", band.at());
                        yuan(part, "low", band.low());
                        yuan(part, "median", band.median());
                        yuan(part, "high", band.high());
                        part.integer("pharmacies", band.pharmacies());
                    });
        }
    }

    private void seller(NamedValues part, PriceCourse.Seller seller) {
        String name = organizations.byId(seller.pharmacy()).map(Organization::name).orElse("");
        part.reference("pharmacy", "Organization/" + seller.pharmacy(), name);
        yuan(part, "unit-price", seller.nowFen());
        for (PriceCourse.Step step : seller.steps()) {
            part.group(
                    "step",
                    one -> {
                        one.instant("at", step.at());
                        yuan(one, "unit-price", step.unitFen());
                    });
        }
    }

    private static void yuan(NamedValues parts, String name, double fen) {
        parts.decimal(name, fen / 100, DIGITS);
    }

    private Answer alert(Exchange exchange) {
        Inputs in = exchange.inputs();
        String wanted = in.reference("line").getReference();
        BigDecimal yuan = in.findDecimal("unit-price");
        if (yuan != null && (yuan.signum() <= 0 || yuan.compareTo(YUAN_MOST) > 0)) {
            in.refuse(
                    "unit-price",
                    "`" + yuan.toPlainString() + "` yuan for one unit.",
                    "Send more than 0 and at most " + YUAN_MOST + ", or nothing to end it.");
        }
        UUID task = exchange.id();
        OpenPrescriptions.Found found = prescriptions.find(task, exchange.caller());
        UUID line = lineOf(wanted);
        Comparison.Line open = open(found, line);
        // What is handed out is waited for no more, but a wait for it can be ended.
        if (line == null
                || (open == null && (yuan != null || !prescriptions.hasLine(task, line)))) {
            refuse(in, wanted);
        }
        in.done();
        UUID of = Objects.requireNonNull(line, "what is missing was refused");
        // Reckoned before: a counter that wants this prescription waits while it is held.
        PriceAlert alert =
                open == null || yuan == null
                        ? null
                        : alerts.wanted(found, task, open, yuan.movePointRight(2), exchange.now());
        return exchange.recorded(() -> {
            // One that ends now ends its alerts: it does so before this one is put, or after it.
            OpenPrescriptions.Found held = prescriptions.hold(task, exchange.caller());
            if (alert == null) {
                alerts.end(task, of);
            } else {
                if (open(held, of) == null) {
                    refuse(in, wanted);
                    in.done();
                }
                alerts.put(alert);
            }
            List<PriceAlert> waited = alerts.ofTask(task, held.lines()).await();
            return Answer.ok(
                            FhirWriter.parameters(all ->
                                    waited.forEach(one ->
                                            all.group(
                                                    "alert",
                                                    parts -> ComparisonJson.alert(parts, one)))))
                    .touching(List.of(found.patient()), List.of(task));
        });
    }

    private static void refuse(Inputs in, String wanted) {
        in.refuse(
                "line",
                "`" + wanted + "` is no open line of this prescription.",
                "Send `MedicationRequest/` and the id of one.");
    }

    private static @Nullable UUID lineOf(@Nullable String reference) {
        if (reference == null) {
            return null;
        }
        int at = reference.lastIndexOf(LINE);
        return at < 0 ? null : Ids.uuid(reference.substring(at + LINE.length())).orElse(null);
    }

    private static Comparison.@Nullable Line open(
            OpenPrescriptions.Found found, @Nullable UUID line) {
        return found.lines().stream().filter(one -> one.id().equals(line)).findFirst().orElse(null);
    }
}
