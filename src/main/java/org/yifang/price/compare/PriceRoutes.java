package org.yifang.price.compare;

import io.vertx.core.Future;

import org.hl7.fhir.r4.model.ChargeItemDefinition;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.price.offer.HeldPriceStore;
import org.yifang.price.offer.Offer;
import org.yifang.price.offer.OfferFhir;
import org.yifang.price.offer.OfferImport;
import org.yifang.price.offer.OfferIntake;
import org.yifang.price.offer.OfferReader;
import org.yifang.price.offer.OfferRow;
import org.yifang.price.offer.PriceSource;
import org.yifang.price.offer.PriceViews;
import org.yifang.price.offer.StockStore;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.Place;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// The FHIR operations on prices: a route reads the request, asks a desk, writes the answer.
public final class PriceRoutes {
    /// What an hour of a patient's time counts when the patient does not say.
    private static final long YUAN_PER_HOUR = 20;

    private static final BigDecimal YUAN_PER_HOUR_MOST = BigDecimal.valueOf(10_000);
    private static final int STOPS = 3;

    private final Database database;
    private final Catalogue catalogue;
    private final Organizations organizations;
    private final ComparisonDesk comparisons;
    private final PriceDesk desk;
    private final OpenPrescriptions prescriptions;
    private final PriceAlerts alerts;
    private final Uuid7 ids;
    private final SaleReleaseStore releases;

    public PriceRoutes(
            Database database,
            Catalogue catalogue,
            Organizations organizations,
            ComparisonDesk comparisons,
            PriceDesk desk,
            OpenPrescriptions prescriptions,
            PriceAlerts alerts,
            Uuid7 ids) {
        this.database = database;
        this.catalogue = catalogue;
        this.organizations = organizations;
        this.comparisons = comparisons;
        this.desk = desk;
        this.prescriptions = prescriptions;
        this.alerts = alerts;
        this.ids = ids;
        this.releases = new SaleReleaseStore(database, ids);
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.instance("compare-prices", "Task")
                        .roles(Role.PATIENT, Role.HOSPITAL, Role.PHARMACY)
                        .repeatable()
                        .scope("Task.r")
                        .handler(this::compare));
        router.mount(
                Operation.system("import-offers")
                        .roles(Role.PHARMACY)
                        .scope("ChargeItemDefinition.c")
                        .consumes(
                                "text/csv",
                                "application/x-ndjson",
                                "application/ndjson",
                                "application/fhir+ndjson")
                        .streamed(Limits.IMPORT_BYTES)
                        // Its earlier parts; the last one is recorded with itself.
                        .repeatable()
                        .handler(this::importOffers));
        router.mount(
                Operation.create("ChargeItemDefinition")
                        .roles(Role.PHARMACY)
                        .handler(this::create));
        router.mount(
                Operation.instance("decide-held-price", "ChargeItemDefinition")
                        .roles(Role.BUREAU)
                        .scope("ChargeItemDefinition.u")
                        .handler(this::decide));
        PriceViews.mount(router, catalogue);
    }

    private Answer compare(Exchange exchange) {
        UUID task = exchange.id();
        Inputs in = exchange.inputs();
        BigDecimal latitude = in.findDecimal("latitude");
        BigDecimal longitude = in.findDecimal("longitude");
        BigDecimal perHour = in.findDecimal("yuan-per-hour");
        BigDecimal radius = in.findDecimal("radius-km");
        Integer stops = in.findInteger("max-stops");
        Place from = place(in, latitude, longitude);
        if (perHour != null
                && (perHour.signum() < 0 || perHour.compareTo(YUAN_PER_HOUR_MOST) > 0)) {
            in.refuse(
                    "yuan-per-hour",
                    "An hour is worth `" + perHour.toPlainString() + "` yuan.",
                    "Send 0 to " + YUAN_PER_HOUR_MOST + ".");
        }
        if (radius != null && radius.signum() <= 0) {
            in.refuse(
                    "radius-km",
                    "The radius is `" + radius.toPlainString() + "` km.",
                    "Send a distance above 0.");
        }
        if (stops != null && (stops < 1 || stops > Basket.LINES_MAX)) {
            in.refuse(
                    "max-stops",
                    "The number of stops is `" + stops + "`.",
                    "Send 1 to " + Basket.LINES_MAX + ".");
        }
        in.done();
        OpenPrescriptions.Found found = prescriptions.find(task, exchange.caller());
        var question =
                new Comparison.Question(
                        task,
                        found.lines(),
                        found.pharmacies(),
                        from,
                        radius == null ? null : radius.doubleValue(),
                        perHour == null
                                ? YUAN_PER_HOUR * 100
                                : perHour.movePointRight(2).longValue(),
                        stops == null ? STOPS : stops);
        Instant now = exchange.now();
        // Asked for beside the comparison: what is kept, and what price is waited for.
        Future<Map<UUID, Instant>> held = StockStore.heldUntil(database, task);
        boolean told = exchange.caller().is(Role.PATIENT);
        Future<List<PriceAlert>> waited =
                told ? alerts.ofTask(task, found.lines()) : Future.succeededFuture(List.of());
        var options = comparisons.compare(question, exchange.caller(), now);
        byte[] json =
                ComparisonJson.parameters(
                        options, comparisons.honoured(now), held.await(), waited.await());
        return Answer.ok(json).touching(List.of(found.patient()), List.of(task));
    }

    private static @Nullable Place place(
            Inputs in, @Nullable BigDecimal latitude, @Nullable BigDecimal longitude) {
        if (latitude == null && longitude == null) {
            return null;
        }
        if (latitude == null || longitude == null) {
            in.refuse(
                    latitude == null ? "latitude" : "longitude",
                    "A place needs both `latitude` and `longitude`.",
                    "Send both, or neither.");
            return null;
        }
        try {
            return new Place(latitude.doubleValue(), longitude.doubleValue());
        } catch (IllegalArgumentException nowhere) {
            in.refuse("latitude", String.valueOf(nowhere.getMessage()), "Send degrees, WGS 84.");
            return null;
        }
    }

    private Answer importOffers(Exchange exchange) {
        Organization pharmacy = pharmacy(exchange);
        OfferIntake intake =
                new OfferIntake(
                        catalogue,
                        new OfferImport(
                                database, ids, pharmacy, PriceSource.IMPORT, exchange.requestId()),
                        exchange.now());
        OfferReader reader = OfferReader.of(exchange.mediaType(), pharmacy.number(), intake);
        exchange.stream(reader::piece);
        reader.end();
        return exchange.recorded(() -> Answer.ok(intake.withLast().report()));
    }

    private Answer create(Exchange exchange) {
        Organization pharmacy = pharmacy(exchange);
        ChargeItemDefinition sent = exchange.resource(ChargeItemDefinition.class);
        Reference seller = OfferFhir.seller(sent);
        String own = "Organization/" + pharmacy.id();
        if (seller != null && seller.hasReference() && !seller.getReference().endsWith(own)) {
            throw new Problem(
                    ProblemCode.OFFER_UNFIT,
                    "The seller is `" + seller.getReference() + "`.",
                    "Send your own offers: `" + own + "`.");
        }
        OfferRow.Reading reading =
                OfferRow.read(
                        OfferFhir.told(sent, 1, pharmacy.number()),
                        catalogue,
                        Offer.PriceType.RETAIL,
                        exchange.now());
        OfferRow row = reading.row();
        if (row == null) {
            throw new Problem(
                    ProblemCode.OFFER_UNFIT, Objects.requireNonNull(reading.refused()).reason());
        }
        return exchange.recorded(() -> taken(exchange, pharmacy, row));
    }

    private Answer taken(Exchange exchange, Organization pharmacy, OfferRow row) {
        var result =
                new OfferImport(database, ids, pharmacy, PriceSource.FHIR, exchange.requestId())
                        .take(List.of(row), exchange.now())
                        .getFirst();
        return switch (result.outcome()) {
            case HELD -> held(result.evidence());
            case ACCEPTED -> inForce(pharmacy, row).withStatus(201);
            case REPEATED -> repeated(exchange, pharmacy, row);
        };
    }

    /// A price that is told again is answered as it stands by now: there may be none in force, or
    /// another one.
    private Answer repeated(Exchange exchange, Organization pharmacy, OfferRow row) {
        HeldPriceStore.Before before =
                HeldPriceStore.before(database, pharmacy.id(), row, exchange.now()).orElse(null);
        if (before == null) {
            return inForce(pharmacy, row);
        }
        return switch (before.standing()) {
            case HELD -> held(before.evidence());
            case REFUSED ->
                    Answer.refused(
                            new Problem(
                                    ProblemCode.PRICE_HELD,
                                    "A person has looked at the price and refused it: "
                                            + before.evidence()
                                            + ".",
                                    "Send the right price; if this one is right, send it with a"
                                            + " later moment."));
            case ACCEPTED, RELEASED -> inForce(pharmacy, row);
        };
    }

    private static Answer held(String evidence) {
        return Answer.refused(
                new Problem(
                        ProblemCode.PRICE_HELD,
                        "The price is kept and waits for a person: " + evidence + ".",
                        "It is shown once it is released, or once it was sold at."));
    }

    private Answer inForce(Organization pharmacy, OfferRow row) {
        var stored = PriceViews.offer(database, pharmacy.id(), row.drug().code().value());
        return Answer.ok(stored.json(catalogue))
                .withVersion(stored.version(), stored.updated())
                .withLocation("ChargeItemDefinition/" + stored.id());
    }

    /// A held price is named by its event: the offer itself may have another one in force. A sale
    /// whose unit price stood out in a report is named by its own id.
    private Answer decide(Exchange exchange) {
        Inputs in = exchange.inputs();
        String decision = in.code("decision");
        String reason = in.string("reason");
        if (!decision.equals("release") && !decision.equals("refuse")) {
            in.refuse("decision", "The decision is `" + decision + "`.", "Send release or refuse.");
        }
        in.done();
        String person = exchange.caller().person().id();
        String by = exchange.caller().clientId() + (person == null ? "" : " " + person);
        boolean released = decision.equals("release");
        UUID id = exchange.id();
        return exchange.recorded(() -> {
            if (!releases.decide(id, released, by, reason, exchange.now())) {
                desk.decide(id, released, by, reason, exchange.now());
            }
            return Answer.ok(FhirWriter.parameters(all -> all.string("decision", decision)));
        });
    }

    private Organization pharmacy(Exchange exchange) {
        return organizations
                .byId(exchange.caller().organizationId())
                .filter(Organization::isPharmacy)
                .orElseThrow(() ->
                        new Problem(
                                ProblemCode.NOT_FOR_THIS_ROLE,
                                "Your organization is no pharmacy of this registry."));
    }
}
