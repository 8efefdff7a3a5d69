package org.yifang.prescription.slip;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Operation;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Act;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.Prescription;
import org.yifang.prescription.life.Prescription.*;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.State;
import org.yifang.prescription.life.Unsealing;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.prescription.paper.PickupAddress;
import org.yifang.prescription.read.DocumentViews;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;

/// `GET Task/{id}/$pickup-slip`: what the hospital prints or the patient's app shows.
public final class SlipRoute {
    private final PrescriptionDesk desk;
    private final Unsealing unsealing;
    private final DocumentViews documents;
    private final Organizations organizations;
    private final URI publicUrl;

    /// @param publicUrl how a patient's telephone reaches the service
    public SlipRoute(
            PrescriptionDesk desk,
            Unsealing unsealing,
            URI publicUrl,
            Organizations organizations) {
        this.publicUrl = publicUrl;
        this.desk = desk;
        this.unsealing = unsealing;
        this.documents = new DocumentViews(unsealing);
        this.organizations = organizations;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.instance(Action.PICKUP_SLIP.code(), "Task")
                        .roles(Role.HOSPITAL, Role.PATIENT)
                        .reads()
                        .produces("application/pdf", "image/png")
                        .handler(this::slip));
    }

    private Answer slip(Exchange exchange) {
        exchange.inputs().done();
        String type = exchange.accepted("application/pdf", "image/png");
        Caller caller = exchange.caller();
        PrescriptionDesk.Outcome outcome =
                desk.apply(
                        Act.of(caller, Action.PICKUP_SLIP),
                        exchange.id(),
                        Reason.NONE,
                        (tx, row, now) -> unlessFinal(row.prescription()),
                        (tx, row) -> page(slip(tx, row), type));
        exchange.audited();
        outcome.orThrow();
        return Answer.ok(type, outcome.shown()).withHeader("Cache-Control", "no-store");
    }

    private static byte[] page(PickupSlip slip, String type) {
        return slip.on("image/png".equals(type) ? new SlipImage() : new SlipPdf());
    }

    private static Decision unlessFinal(Prescription prescription) {
        return switch (prescription) {
            case AwaitingReview _,
                    AwaitingClaim _,
                    Claimed _,
                    PartlyDispensed _,
                    RestAwaitingClaim _,
                    AwaitingNextFill _,
                    Suspended _ ->
                    new Unchanged(prescription);
            case ReviewRefused _,
                    Dispensed _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    java.util.Objects.requireNonNull(ClaimRules.notOpen(prescription));
        };
    }

    private PickupSlip slip(Tx tx, PrescriptionRow row) {
        Facts facts = row.prescription().facts();
        DocumentKey key = unsealing.key(row.patientKey(), row.documentKey());
        boolean between =
                row.prescription() instanceof AwaitingNextFill
                        || (row.prescription() instanceof Suspended suspended
                                && suspended.from() == State.AWAITING_NEXT_FILL);
        int fill = between ? facts.fill() + 1 : facts.fill();
        Instant from = between ? facts.opens(fill) : null;
        String number = row.frame().rxNumber();
        return new PickupSlip(
                hospital(row) + " " + row.hospitalNumber(),
                number.substring(Math.max(0, number.length() - 6)),
                PickupSlip.masked(patientName(tx, row.id())),
                facts.lines().size(),
                from,
                facts.closes(fill, desk.terms()),
                new String(key.open(row.pickupCode(), "pickup-code/" + row.id()), UTF_8),
                PickupAddress.of(
                        publicUrl,
                        new String(key.open(row.pickupToken(), "pickup-token/" + row.id()), UTF_8)),
                facts.issuingHospitalOnly());
    }

    private String hospital(PrescriptionRow row) {
        return organizations.byId(row.frame().hospital()).map(Organization::name).orElse("");
    }

    private String patientName(Tx tx, UUID task) {
        var whole = documents.whole(tx, task);
        for (byte[] resource : whole.resources()) {
            var tree = DocumentParts.tree(resource);
            if ("Patient".equals(tree.path("resourceType").asText())) {
                var name = tree.at("/name/0");
                return name.path("text")
                        .asText(name.path("family").asText() + name.at("/given/0").asText());
            }
        }
        return "";
    }
}
