package org.yifang.prescription.submit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.AntimicrobialTier;
import org.yifang.catalogue.CatalogueFile;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugClass;
import org.yifang.catalogue.DrugKind;
import org.yifang.catalogue.ReleaseForm;
import org.yifang.fhir.Fhir;
import org.yifang.platform.PrescribingLimits;
import org.yifang.platform.problem.Problem.Finding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A prescription that a test spoils in one place, and what the rules find in it.
public final class Draft {
    static final Instant NOW = Instant.parse("2026-11-20T01:30:00Z");
    static final String HOSPITAL = "H42128100001";
    static final String FIRST = "XC08CAA013A001010100001";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX")
                    .withZone(ZoneId.of("Asia/Shanghai"));
    private static final Map<String, Drug> CATALOGUE = catalogue();

    /// Products of other generic names, in tablets, that no rule watches.
    static final List<String> TABLETS =
            CATALOGUE.values().stream()
                    .filter(drug -> drug.preparationUnit().equals("片"))
                    .filter(drug -> drug.classes().isEmpty() && !drug.skinTest())
                    .filter(drug -> drug.antimicrobialTier() == AntimicrobialTier.NON_ANTIBIOTIC)
                    .filter(drug -> !drug.genericName().matches("苯磺酸氨氯地平片|阿托伐他汀钙片"))
                    .collect(java.util.stream.Collectors.groupingBy(Drug::genericName))
                    .values()
                    .stream()
                    .map(drugs -> drugs.getFirst().code().value())
                    .toList();

    public final ObjectNode document;
    final Map<String, Drug> drugs = new HashMap<>(CATALOGUE);
    PrescribingLimits settings = PrescribingLimits.NATIONAL;
    final Map<String, String> registered = new HashMap<>();
    String caller = HOSPITAL;
    Instant now = NOW;

    /// Two drugs against high blood pressure and lipids for seven days, as it may be prescribed.
    Draft() {
        try {
            String text =
                    new String(bytes("/workflow/prescription.json"), StandardCharsets.UTF_8)
                            .replace("@NOW@", stamp(NOW))
                            .replace("@END@", stamp(NOW.plusSeconds(3 * 86_400)))
                            .replace("@NUMBER@", HOSPITAL + "-1");
            document = (ObjectNode) JSON.readTree(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The same with its first line alone.
    public static Draft single() {
        Draft draft = new Draft();
        ((ArrayNode) draft.document.get("entry")).remove(7);
        return draft;
    }

    private static byte[] bytes(String resource) throws IOException {
        try (var in = Draft.class.getResourceAsStream(resource)) {
            return Objects.requireNonNull(in, resource).readAllBytes();
        }
    }

    private static Map<String, Drug> catalogue() {
        try {
            Map<String, Drug> drugs = new HashMap<>();
            CatalogueFile.read(bytes("/demonstration/catalogue.csv"), _ -> Optional.empty())
                    .accepted()
                    .forEach(drug -> drugs.put(drug.code().value(), drug));
            return drugs;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String stamp(Instant at) {
        return STAMP.format(at);
    }

    /// The resource at a place of the document, from 0.
    public ObjectNode entry(int place) {
        return (ObjectNode) document.at("/entry/" + place + "/resource");
    }

    ObjectNode composition() {
        return entry(0);
    }

    ObjectNode patient() {
        return entry(1);
    }

    ObjectNode practitioner() {
        return entry(2);
    }

    ObjectNode condition() {
        return entry(5);
    }

    /// A line, from 0.
    ObjectNode line(int number) {
        return entry(6 + number);
    }

    int lines() {
        return document.get("entry").size() - 6;
    }

    /// Adds a resource to the document.
    ObjectNode add(ObjectNode resource) {
        ObjectNode entry = ((ArrayNode) document.get("entry")).addObject();
        int number = document.get("entry").size();
        entry.put("fullUrl", "urn:uuid:00000000-0000-4000-8000-0000000001%02d".formatted(number));
        entry.set("resource", resource);
        return resource;
    }

    /// Adds a line like the first with another product.
    Draft also(String code) {
        ObjectNode line = add(line(0).deepCopy());
        Drug drug = Objects.requireNonNull(drugs.get(code), code);
        ((ObjectNode) line.at("/medicationCodeableConcept/coding/0")).put("code", code);
        ((ObjectNode) line.get("medicationCodeableConcept")).put("text", drug.display());
        ((ObjectNode) line.at("/dispenseRequest/quantity")).put("unit", drug.preparationUnit());
        ((ObjectNode) line.at("/dosageInstruction/0/doseAndRate/0/doseQuantity"))
                .put("unit", drug.preparationUnit());
        return this;
    }

    /// Every line for so many days, one unit a day.
    Draft days(int days) {
        return days(days, days);
    }

    Draft days(int days, int units) {
        for (int i = 0; i < lines(); i++) {
            ((ObjectNode) line(i).at("/dispenseRequest/expectedSupplyDuration")).put("value", days);
            ((ObjectNode) line(i).at("/dispenseRequest/quantity")).put("value", units);
        }
        return this;
    }

    Draft validUntil(Instant until) {
        for (int i = 0; i < lines(); i++) {
            ((ObjectNode) line(i).at("/dispenseRequest/validityPeriod")).put("end", stamp(until));
        }
        return this;
    }

    Draft emergency() {
        ((ObjectNode) entry(4).get("class")).put("code", "EMER");
        return this;
    }

    Draft extended() {
        for (int i = 0; i < lines(); i++) {
            line(i).withArray("extension")
                    .addObject()
                    .put("url", SubmissionReader.EXTENDED)
                    .put("valueString", "慢性病，病情稳定");
        }
        return this;
    }

    /// A long prescription of so many fills.
    Draft continuous(int fills) {
        for (int i = 0; i < lines(); i++) {
            line(i).putObject("courseOfTherapyType")
                    .putArray("coding")
                    .addObject()
                    .put("code", "continuous");
            ((ObjectNode) line(i).get("dispenseRequest")).put("numberOfRepeatsAllowed", fills - 1);
        }
        return this;
    }

    Draft inHouse() {
        ((ObjectNode) composition().at("/extension/0")).put("valueCode", "issuing-hospital");
        return this;
    }

    Draft diagnosis(String code) {
        ((ObjectNode) condition().at("/code/coding/0")).put("code", code);
        return this;
    }

    Draft title(String code) {
        practitioner()
                .putArray("qualification")
                .addObject()
                .putObject("code")
                .putArray("coding")
                .addObject()
                .put("code", code);
        return this;
    }

    /// Another birth date, proved by a passport, so that no card number contradicts it.
    Draft born(String date) {
        patient().put("birthDate", date);
        ObjectNode identifier = (ObjectNode) patient().at("/identifier/0");
        identifier.put("system", "urn:oid:2.16.156.10011.1.24").put("value", "E00000001");
        return this;
    }

    Draft weighed() {
        ObjectNode weight = JSON.createObjectNode().put("resourceType", "Observation");
        weight.put("status", "final");
        weight.putObject("code")
                .putArray("coding")
                .addObject()
                .put("system", "http://loinc.org")
                .put("code", "29463-7");
        add(weight);
        return this;
    }

    /// Adds a professional attester with this staff number; none leaves it a mere name.
    Draft attested(@Nullable String staff) {
        ObjectNode attester =
                composition().withArray("attester").addObject().put("mode", "professional");
        attester.put("time", stamp(NOW));
        if (staff == null) {
            attester.putObject("party").put("display", "李药师");
            return this;
        }
        ObjectNode person = JSON.createObjectNode().put("resourceType", "Practitioner");
        person.putArray("identifier")
                .addObject()
                .put("system", "https://yifang.org/fhir/sid/nhsa-staff")
                .put("value", staff);
        person.putArray("name").addObject().put("text", "李药师");
        add(person);
        attester.putObject("party")
                .put(
                        "reference",
                        document.get("entry")
                                .get(document.get("entry").size() - 1)
                                .get("fullUrl")
                                .asText());
        return this;
    }

    /// Whether the hospital has reviewed it, as the prescription will be kept.
    boolean reviewed() {
        return read().reviewed();
    }

    /// A line's part by pointer.
    ObjectNode supply(int number) {
        return (ObjectNode) line(number).get("dispenseRequest");
    }

    /// A skin test with a result in words, null for none.
    public Draft skinTest(String name, @Nullable String result) {
        ObjectNode test = JSON.createObjectNode().put("resourceType", "Observation");
        test.put("status", "final").putObject("code").put("text", name);
        if (result != null) {
            test.put("valueString", result);
        }
        add(test);
        return this;
    }

    /// The first line prescribes this product instead, one unit a day for a day.
    public Draft of(String code) {
        Drug drug = Objects.requireNonNull(drugs.get(code), code);
        ObjectNode line = line(0);
        ((ObjectNode) line.at("/medicationCodeableConcept/coding/0")).put("code", code);
        ((ObjectNode) line.get("medicationCodeableConcept")).put("text", drug.display());
        supply(0).putObject("quantity").put("value", 1).put("unit", drug.preparationUnit());
        ((ObjectNode) line.at("/dosageInstruction/0/doseAndRate/0"))
                .putObject("doseQuantity")
                .put("value", 1)
                .put("unit", drug.preparationUnit());
        return this;
    }

    /// The first product of a generic name.
    public static String named(String generic) {
        return CATALOGUE.values().stream()
                .filter(drug -> drug.genericName().equals(generic))
                .map(drug -> drug.code().value())
                .sorted()
                .findFirst()
                .orElseThrow();
    }

    public ObjectNode allergy(String text) {
        ObjectNode allergy = JSON.createObjectNode().put("resourceType", "AllergyIntolerance");
        allergy.putObject("code").put("text", text);
        return add(allergy);
    }

    Draft made(DrugClass... classes) {
        return made(ReleaseForm.OTHER, classes);
    }

    /// Makes the drug of the first line one of these classes.
    Draft made(ReleaseForm form, DrugClass... classes) {
        Drug drug = Objects.requireNonNull(drugs.get(FIRST));
        return put(drug, Set.of(classes), form, drug.antimicrobialTier(), drug.kind());
    }

    Draft made(AntimicrobialTier tier) {
        Drug drug = Objects.requireNonNull(drugs.get(FIRST));
        return put(drug, drug.classes(), drug.releaseForm(), tier, drug.kind());
    }

    Draft made(DrugKind kind) {
        Drug drug = Objects.requireNonNull(drugs.get(FIRST));
        return put(drug, drug.classes(), drug.releaseForm(), drug.antimicrobialTier(), kind);
    }

    private Draft put(
            Drug like,
            Set<DrugClass> classes,
            ReleaseForm form,
            AntimicrobialTier tier,
            DrugKind kind) {
        drugs.put(
                FIRST,
                new Drug(
                        like.code(),
                        like.genericName(),
                        like.form(),
                        like.strength(),
                        like.preparationUnit(),
                        like.packUnit(),
                        like.packFactor(),
                        like.maker(),
                        like.approvalNumber(),
                        kind,
                        form,
                        classes,
                        tier,
                        like.skinTest(),
                        like.volumePurchased(),
                        like.dailyDose(),
                        like.atc(),
                        like.narrowTherapeuticIndex()));
        return this;
    }

    private Submission read() {
        byte[] json = document.toString().getBytes(StandardCharsets.UTF_8);
        Bundle bundle = Fhir.parse(Bundle.class, json, Fhir.Format.JSON);
        return SubmissionReader.read(bundle, code -> Optional.ofNullable(drugs.get(code)));
    }

    public List<Finding> findings() {
        return SubmissionRules.check(read(), caller, now, settings, registered::get);
    }

    /// Codes of what is refused, in order.
    public List<String> refused() {
        return codes(false);
    }

    public List<String> warned() {
        return codes(true);
    }

    private List<String> codes(boolean warnings) {
        return findings().stream()
                .filter(one -> one.warning() == warnings)
                .map(one -> one.code().code())
                .toList();
    }
}
