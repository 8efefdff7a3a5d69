package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.*;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationDispense;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.DrugCode;
import org.yifang.catalogue.TraceCode;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.TimeSpan;
import org.yifang.fhir.json.FhirJson;
import org.yifang.identity.signature.CanonicalJson;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.prescription.paper.FurtherTokens;
import org.yifang.prescription.paper.References;
import org.yifang.prescription.submit.DocumentRules;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Reads a MedicationDispense and finds what is wrong with it in itself.
public final class HandedReader {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private static final int TEXT_MOST = 4_000;

    /// Each pack's trace code is one.
    private static final int EXTENSIONS_MOST = 500;

    private final List<Finding> findings = new ArrayList<>();
    private final MedicationDispense dispense;
    private final String path;
    private final Instant now;
    private final NamedPeople people;

    private HandedReader(MedicationDispense dispense, int place, Instant now, NamedPeople people) {
        this.people = people;
        this.dispense = dispense;
        this.path = "Parameters.parameter.where(name='dispense')[" + place + "].resource";
        this.now = now;
    }

    /// @param findings takes what is wrong; then the result is null
    static @Nullable Handed read(
            MedicationDispense dispense,
            int place,
            Instant now,
            NamedPeople people,
            List<Finding> findings) {
        HandedReader reader = new HandedReader(dispense, place, now, people);
        Handed handed = reader.handed();
        findings.addAll(reader.findings);
        return reader.findings.isEmpty() ? handed : null;
    }

    private void refuse(ProblemCode code, String element, String detail, String remedy) {
        findings.add(new Finding(code, detail, remedy, path + "." + element, false));
    }

    private @Nullable Handed handed() {
        UUID line =
                References.id(dispense.getAuthorizingPrescriptionFirstRep(), "MedicationRequest");
        if (line == null) {
            refuse(
                    NOT_THIS_PRESCRIPTION,
                    "authorizingPrescription",
                    "The dispense does not name the line it fulfils.",
                    "Refer to MedicationRequest/id of the claimed prescription.");
        }
        Quantity quantity = dispense.getQuantity();
        if (!quantity.hasValue() || !Quantities.isKept(quantity.getValue())) {
            refuse(
                    QUANTITY,
                    "quantity",
                    "The dispense has no quantity above zero, below ten thousand million, with at"
                            + " most four decimals.",
                    "Give what was handed out, in preparation or pack units.");
        }
        String code = product();
        if (!dispense.hasIdentifier() || !dispense.getIdentifierFirstRep().hasValue()) {
            refuse(
                    NOT_THIS_PRESCRIPTION,
                    "identifier",
                    "The dispense has no identifier of its own.",
                    "Give the pharmacy's number of it: it makes a repeated call harmless.");
        }
        if (!Identifiers.isKept(dispense.getIdentifierFirstRep())) {
            refuse(PROFILE_BROKEN, "identifier", Identifiers.FAULT, Identifiers.REMEDY);
        }
        tooLong(dispense, "");
        Instant at = handedOver();
        Colleagues colleagues = new Colleagues(dispense, path, people, findings);
        String preparer = colleagues.preparer();
        String checker = colleagues.checker();
        List<String> codes = traceCodes();
        Long price = new ChargeReader(dispense, path, findings).fen();
        if (!findings.isEmpty()
                || line == null
                || code == null
                || at == null
                || preparer == null
                || checker == null) {
            return null;
        }
        byte[] json = Fhir.json(dispense);
        Identifier identifier = dispense.getIdentifierFirstRep();
        ObjectNode sent = DocumentParts.tree(json);
        return new Handed(
                identifier.hasSystem() ? identifier.getSystem() : "",
                identifier.getValue(),
                line,
                subject(),
                code,
                quantity.getValue(),
                quantity.hasUnit() ? quantity.getUnit() : "",
                at,
                last(at),
                preparer,
                checker,
                codes,
                split(),
                price,
                further(sent, identifier, code),
                content(sent),
                CanonicalJson.hash(json),
                path);
    }

    private @Nullable String product() {
        String code =
                dispense.hasMedicationCodeableConcept()
                        ? dispense.getMedicationCodeableConcept().getCoding().stream()
                                .filter(one -> DrugCode.SYSTEM.equals(one.getSystem()))
                                .map(Coding::getCode)
                                .filter(Objects::nonNull)
                                .findFirst()
                                .orElse(null)
                        : null;
        if (code == null) {
            refuse(
                    DRUG_UNKNOWN,
                    "medicationCodeableConcept",
                    "The dispense does not say which product was handed out.",
                    "Give its code in system " + DrugCode.SYSTEM + ".");
        }
        return code;
    }

    /// A dispense is kept for years and holds no file.
    private void tooLong(Base element, String at) {
        for (Property child : element.children()) {
            for (Base value : child.getValues()) {
                String where = at.isEmpty() ? child.getName() : at + "." + child.getName();
                String text = value.isPrimitive() ? value.primitiveValue() : null;
                if (text != null && text.length() > TEXT_MOST) {
                    refuse(
                            PROFILE_BROKEN,
                            where,
                            "A text has " + text.length() + " characters.",
                            "Give at most " + TEXT_MOST + ".");
                }
                tooLong(value, where);
            }
        }
        if (dispense.getExtension().size() > EXTENSIONS_MOST && at.isEmpty()) {
            refuse(
                    PROFILE_BROKEN,
                    "extension",
                    "The dispense has " + dispense.getExtension().size() + " extensions.",
                    "Give at most " + EXTENSIONS_MOST + "; dispense more packs by a second one.");
        }
    }

    private @Nullable Instant handedOver() {
        if (!dispense.hasWhenHandedOver()) {
            refuse(
                    HANDED_OVER_WHEN,
                    "whenHandedOver",
                    "The dispense does not say when it was handed over.",
                    "Give date and time with zone.");
            return null;
        }
        Instant at = dispense.getWhenHandedOver().toInstant();
        if (at.isAfter(now.plus(DocumentRules.TOLERANCE))) {
            refuse(
                    HANDED_OVER_WHEN,
                    "whenHandedOver",
                    "It was handed over at `" + ClaimRules.shown(at) + "`, in the future.",
                    "Set the clock of the counter; five minutes are tolerated.");
        }
        expiry(at);
        return at;
    }

    /// The last instant of the time that the dispense names, by its precision.
    private Instant last(Instant first) {
        TimeSpan span = TimeSpan.of(dispense.getWhenHandedOverElement().getValueAsString());
        return span == null ? first : span.last();
    }

    /// A pack that had expired when it was handed over must not be taken.
    private void expiry(Instant handedOver) {
        LocalDate day = LocalDate.ofInstant(handedOver, SHANGHAI);
        for (Extension extension : extensions("expiry")) {
            if (extension.getValue() instanceof DateType date
                    && date.hasValue()
                    && lastDay(date).isBefore(day)) {
                refuse(
                        PACK_EXPIRED,
                        "extension",
                        "A pack expired on `"
                                + date.getValueAsString()
                                + "`, before the hand-over.",
                        "Hand out a pack that has not expired (药品管理法 art. 98).");
            }
        }
    }

    /// `2026-11` and `2026` last until their end.
    private static LocalDate lastDay(DateType date) {
        LocalDate first = LocalDate.of(date.getYear(), 1, 1);
        return switch (date.getPrecision()) {
            case YEAR -> first.with(TemporalAdjusters.lastDayOfYear());
            case MONTH ->
                    first.withMonth(date.getMonth() + 1).with(TemporalAdjusters.lastDayOfMonth());
            default -> first.withMonth(date.getMonth() + 1).withDayOfMonth(date.getDay());
        };
    }

    /// Whom the dispense names, null when it names none; [Handed#NOBODY] is no patient, so that
    /// whoever asks does not learn whether a number is known.
    private @Nullable UUID subject() {
        Reference subject = dispense.getSubject();
        if (subject.isEmpty()) {
            return null;
        }
        UUID referred = subject.hasReference() ? References.id(subject, "Patient") : null;
        Identifier number = subject.getIdentifier();
        UUID known =
                number.hasSystem() && number.hasValue()
                        ? people.patient(number.getSystem(), number.getValue())
                        : null;
        if (subject.hasReference() && subject.hasIdentifier()) {
            return referred != null && referred.equals(known) ? referred : Handed.NOBODY;
        }
        UUID named = subject.hasReference() ? referred : known;
        return named == null ? Handed.NOBODY : named;
    }

    private List<Extension> extensions(String name) {
        return dispense.getExtensionsByUrl(FhirJson.EXTENSIONS + name);
    }

    private List<String> traceCodes() {
        List<String> codes = new ArrayList<>();
        for (Extension extension : extensions("trace-code")) {
            String code = extension.hasValue() ? extension.getValue().primitiveValue() : "";
            TraceCode.fault(code == null ? "" : code)
                    .ifPresentOrElse(
                            fault ->
                                    refuse(
                                            TRACE_CODE,
                                            "extension",
                                            fault,
                                            "Scan the code on the smallest pack."),
                            () -> codes.add(code));
        }
        Set<String> distinct = new LinkedHashSet<>(codes);
        if (distinct.size() < codes.size()) {
            refuse(
                    TRACE_CODE,
                    "extension",
                    "A trace code stands twice.",
                    "Give each pack's code once.");
        }
        return codes;
    }

    private boolean split() {
        return extensions("split-pack").stream()
                .anyMatch(one -> one.getValue() instanceof BooleanType flag && flag.booleanValue());
    }

    private static @Nullable String further(ObjectNode sent, Identifier own, String code) {
        return new FurtherTokens()
                .codings("code", sent.path("medicationCodeableConcept"), DrugCode.SYSTEM, code)
                .identifiers(
                        sent.path("identifier"),
                        Objects.requireNonNullElse(own.getSystem(), ""),
                        own.getValue())
                .kept();
    }

    /// The resource without id, meta and status, its extensions first.
    private static byte[] content(ObjectNode sent) {
        ObjectNode kept = DocumentParts.MAPPER.createObjectNode();
        if (sent.get("extension") instanceof ArrayNode extension) {
            kept.set("extension", extension);
        }
        for (Map.Entry<String, com.fasterxml.jackson.databind.JsonNode> member :
                sent.properties()) {
            switch (member.getKey()) {
                case "resourceType", "id", "meta", "status", "extension", "subject" -> {}
                default -> kept.set(member.getKey(), member.getValue());
            }
        }
        return DocumentParts.write(kept).getBytes(StandardCharsets.UTF_8);
    }
}
