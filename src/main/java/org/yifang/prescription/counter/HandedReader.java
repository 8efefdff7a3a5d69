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
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.DrugCode;
import org.yifang.catalogue.TraceCode;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.FhirJson;
import org.yifang.identity.signature.CanonicalJson;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.life.DocumentParts;
import org.yifang.prescription.submit.DocumentRules;

import java.math.BigDecimal;
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
import java.util.function.BiFunction;
import java.util.function.Function;

/// Reads a MedicationDispense and finds what is wrong with it in itself.
public final class HandedReader {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    /// No line of a prescription costs more; whoever charges more has mistyped.
    private static final BigDecimal MOST_YUAN = new BigDecimal(1_000_000);

    private static final int TEXT_MOST = 4_000;

    /// Each pack's trace code is one.
    private static final int EXTENSIONS_MOST = 500;

    private final List<Finding> findings = new ArrayList<>();
    private final MedicationDispense dispense;
    private final String path;
    private final Instant now;
    private final People people;

    /// What the registry knows of those whom a dispense names.
    ///
    /// @param patient the id of the patient with this identity system and number, or null
    /// @param staff the staff number of a Practitioner, or null
    public record People(
            BiFunction<String, String, @Nullable UUID> patient,
            Function<UUID, @Nullable String> staff) {}

    private HandedReader(MedicationDispense dispense, int place, Instant now, People people) {
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
            People people,
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
        UUID line = id(dispense.getAuthorizingPrescriptionFirstRep(), "MedicationRequest");
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
        Colleagues colleagues = new Colleagues(dispense, path, people.staff(), findings);
        String preparer = colleagues.preparer();
        String checker = colleagues.checker();
        List<String> codes = traceCodes();
        Long price = price();
        if (!findings.isEmpty()
                || line == null
                || code == null
                || at == null
                || preparer == null
                || checker == null) {
            return null;
        }
        byte[] json = Fhir.json(dispense);
        var identifier = dispense.getIdentifierFirstRep();
        return new Handed(
                identifier.hasSystem() ? identifier.getSystem() : "",
                identifier.getValue(),
                line,
                subject(),
                code,
                quantity.getValue(),
                quantity.hasUnit() ? quantity.getUnit() : "",
                at,
                preparer,
                checker,
                codes,
                split(),
                price,
                content(json),
                CanonicalJson.hash(json),
                path);
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
        UUID referred = subject.hasReference() ? id(subject, "Patient") : null;
        Identifier number = subject.getIdentifier();
        UUID known =
                number.hasSystem() && number.hasValue()
                        ? people.patient().apply(number.getSystem(), number.getValue())
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

    private @Nullable Long price() {
        List<Extension> given = extensions("price-charged");
        if (given.isEmpty() || !(given.getFirst().getValue() instanceof Money money)) {
            settlement(null);
            return null;
        }
        Long fen = fen(money);
        if (fen == null || fen < 0) {
            refuse(
                    PRICE_AND_SETTLEMENT,
                    "extension",
                    "The price is no amount of yuan with at most two decimals, up to 1000000.00 a"
                            + " line.",
                    "Give `valueMoney` in CNY, not below zero; look for a typing error.");
        }
        settlement(fen);
        return fen;
    }

    private static @Nullable Long fen(Money money) {
        if (!money.hasValue() || (money.hasCurrency() && !"CNY".equals(money.getCurrency()))) {
            return null;
        }
        BigDecimal yuan = money.getValue();
        return yuan.abs().compareTo(MOST_YUAN) > 0 || yuan.stripTrailingZeros().scale() > 2
                ? null
                : yuan.movePointRight(2).longValueExact();
    }

    /// @param fen the price charged, null when it is not told or cannot be read
    private void settlement(@Nullable Long fen) {
        for (Extension settlement : extensions("settlement")) {
            long sum = 0;
            boolean any = false;
            for (Extension part : settlement.getExtension()) {
                if (part.getValue() instanceof Money money) {
                    Long amount = fen(money);
                    if (amount == null) {
                        unreadablePart(part.getUrl());
                        return;
                    }
                    sum += amount;
                    any = true;
                }
            }
            if (any && fen != null && sum != fen) {
                refuse(
                        PRICE_AND_SETTLEMENT,
                        "extension",
                        "The parts of the settlement sum to `"
                                + BigDecimal.valueOf(sum, 2)
                                + "`, the price is `"
                                + BigDecimal.valueOf(fen, 2)
                                + "`.",
                        "Fund, account, cash and other sum to the price charged.");
            }
        }
    }

    private void unreadablePart(String name) {
        refuse(
                PRICE_AND_SETTLEMENT,
                "extension",
                "The part `"
                        + name
                        + "` of the settlement is no amount of yuan with at most two decimals, up"
                        + " to 1000000.00.",
                "Give `valueMoney` in CNY.");
    }

    /// The id in a reference to a resource of this type, null when it is another or none of ours.
    public static @Nullable UUID id(Reference reference, String type) {
        String text = reference.getReference();
        if (text == null) {
            return null;
        }
        int slash = text.lastIndexOf('/');
        boolean right = slash < 0 || ("/" + text.substring(0, slash)).endsWith("/" + type);
        try {
            return right ? UUID.fromString(text.substring(slash + 1)) : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /// The resource without id, meta and status, its extensions first.
    private static byte[] content(byte[] json) {
        ObjectNode sent = DocumentParts.tree(json);
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
