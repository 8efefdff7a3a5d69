package org.yifang.console.hospital;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Read;
import org.yifang.platform.Caller;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Makes the document Bundle of a prescription that was written on the page.
final class DocumentWriter {
    private static final Duration VALID = Duration.ofDays(3);
    private static final String SID = "https://yifang.org/fhir/sid/";
    private static final String SYSTEMS = "https://yifang.org/fhir/CodeSystem/";
    private static final String IDENTITY_CARD = "urn:oid:2.16.156.10011.1.3";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX")
                    .withZone(ZoneId.of("Asia/Shanghai"));

    private final Draft draft;
    private final Caller caller;
    private final JsonNode hospital;
    private final String number;
    private final Instant now;
    private final ObjectNode bundle = node().put("resourceType", "Bundle");
    private final String patient = urn();
    private final String doctor = urn();
    private final String custodian = urn();
    private final String visit = urn();
    private final String condition = urn();

    /// @param hospital its Organization
    /// @param number of the prescription
    DocumentWriter(Draft draft, Caller caller, JsonNode hospital, String number, Instant now) {
        this.draft = draft;
        this.caller = caller;
        this.hospital = hospital;
        this.number = number;
        this.now = now;
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String urn() {
        return "urn:uuid:" + UUID.randomUUID();
    }

    ObjectNode write() {
        bundle.set("identifier", identifier(SID + "rx-number", number));
        bundle.put("type", "document").put("timestamp", STAMP.format(now));
        List<String> lines = draft.lines().stream().map(_ -> urn()).toList();
        composition(lines);
        patient();
        doctor();
        hospital();
        visit();
        condition();
        for (int i = 0; i < lines.size(); i++) {
            line(lines.get(i), draft.lines().get(i), i + 1);
        }
        return bundle;
    }

    private ObjectNode entry(String url, String type) {
        ObjectNode entry = bundle.withArray("entry").addObject().put("fullUrl", url);
        return entry.putObject("resource").put("resourceType", type);
    }

    private static ObjectNode identifier(String system, String value) {
        return node().put("system", system).put("value", value);
    }

    private static ObjectNode reference(String to) {
        return node().put("reference", to);
    }

    private static ObjectNode coding(String system, String code, String display) {
        ObjectNode coding = node().put("system", system).put("code", code);
        return display.isEmpty() ? coding : coding.put("display", display);
    }

    private void composition(List<String> lines) {
        ObjectNode json = entry(urn(), "Composition").put("status", "final");
        json.set("identifier", identifier(SID + "rx-number", number));
        ObjectNode type = json.putObject("type").put("text", "门诊处方");
        type.putArray("coding")
                .add(coding("http://loinc.org", "57833-6", "Prescription for medication"));
        json.set("subject", reference(patient));
        json.set("encounter", reference(visit));
        json.put("date", STAMP.format(now)).put("title", hospital.path("name").asText() + " 门诊处方");
        json.putArray("author").add(reference(doctor));
        ObjectNode attester = json.putArray("attester").addObject();
        attester.put("mode", "legal")
                .put("time", STAMP.format(now))
                .set("party", reference(doctor));
        json.set("custodian", reference(custodian));
        section(json, "诊断", "29548-5", "Diagnosis", List.of(condition), draft.coded()[1]);
        List<String> words = new ArrayList<>();
        draft.lines()
                .forEach(line ->
                        words.add(
                                (words.size() + 1)
                                        + ". "
                                        + line.drug()
                                        + " "
                                        + line.words()
                                        + " 共"
                                        + line.quantity()
                                        + line.unit()));
        section(json, "Rp", "57828-6", "Prescription list", lines, String.join("；", words));
        json.putArray("extension")
                .addObject()
                .put("url", "https://yifang.org/fhir/StructureDefinition/circulation")
                .put("valueCode", "open");
    }

    private static void section(
            ObjectNode json,
            String title,
            String code,
            String display,
            List<String> entries,
            String words) {
        ObjectNode section = json.withArray("section").addObject().put("title", title);
        section.putObject("code").putArray("coding").add(coding("http://loinc.org", code, display));
        entries.forEach(one -> section.withArray("entry").add(reference(one)));
        String safe = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        section.putObject("text")
                .put("status", "generated")
                .put("div", "<div xmlns=\"http://www.w3.org/1999/xhtml\">" + safe + "</div>");
    }

    /// Sex and day of birth stand in the number of the card.
    private void patient() {
        ObjectNode json = entry(patient, "Patient");
        String card = draft.number();
        json.putArray("identifier").add(identifier(IDENTITY_CARD, card).put("use", "official"));
        json.putArray("name").addObject().put("text", draft.name());
        if (card.matches("\\d{17}[0-9X]")) {
            boolean male = (card.charAt(16) - '0') % 2 == 1;
            json.put("gender", male ? "male" : "female");
            json.put(
                    "birthDate",
                    card.substring(6, 10)
                            + "-"
                            + card.substring(10, 12)
                            + "-"
                            + card.substring(12, 14));
        }
    }

    private void doctor() {
        ObjectNode json = entry(doctor, "Practitioner");
        Caller.Person person = caller.person();
        json.putArray("identifier")
                .add(identifier(SID + "nhsa-staff", String.valueOf(person.id())));
        json.putArray("name").addObject().put("text", String.valueOf(person.name()));
    }

    private void hospital() {
        ObjectNode json = entry(custodian, "Organization");
        json.putArray("identifier").add(identifier(SID + "nhsa-org", caller.organization()));
        String uscc = Read.identifier(hospital, "uscc");
        if (!uscc.isEmpty()) {
            json.withArray("identifier").add(identifier(SID + "uscc", uscc));
        }
        json.put("name", hospital.path("name").asText());
    }

    private void visit() {
        ObjectNode json = entry(visit, "Encounter").put("status", "in-progress");
        json.putArray("identifier").add(identifier(SID + "visit", "MZ-" + number));
        json.set(
                "class",
                coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", "ambulatory"));
        json.set("subject", reference(patient));
        json.putObject("serviceType")
                .put("text", draft.department().isEmpty() ? "全科" : draft.department());
        json.set("serviceProvider", reference(custodian));
        json.putObject("period").put("start", STAMP.format(now));
    }

    private void condition() {
        ObjectNode json = entry(condition, "Condition");
        json.putObject("clinicalStatus")
                .putArray("coding")
                .add(
                        coding(
                                "http://terminology.hl7.org/CodeSystem/condition-clinical",
                                "active",
                                ""));
        String[] coded = draft.coded();
        ObjectNode code = json.putObject("code");
        if (!coded[0].isEmpty()) {
            code.putArray("coding")
                    .add(
                            coding("urn:oid:2.16.156.10011.2.3.3.11", coded[0], coded[1])
                                    .put("version", "医保2.0"));
        }
        code.put("text", coded[1]);
        json.set("subject", reference(patient));
        json.set("encounter", reference(visit));
    }

    private void line(String url, Draft.Line line, int place) {
        ObjectNode json =
                entry(url, "MedicationRequest").put("status", "active").put("intent", "order");
        json.putArray("identifier").add(identifier(SID + "rx-line", number + "-" + place));
        json.putArray("category")
                .addObject()
                .putArray("coding")
                .add(
                        coding(
                                SYSTEMS + "prescription-type",
                                line.kind(),
                                Codes.text("prescription-type", line.kind(), false)));
        ObjectNode drug = json.putObject("medicationCodeableConcept");
        drug.putArray("coding").add(coding(SID + "nhsa-drug", line.code(), ""));
        drug.put("text", line.drug());
        json.set("subject", reference(patient));
        json.set("encounter", reference(visit));
        json.put("authoredOn", STAMP.format(now)).set("requester", reference(doctor));
        json.putArray("reasonReference").add(reference(condition));
        json.set("groupIdentifier", identifier(SID + "rx-number", number));
        dosage(json, line);
        supply(json, line);
        json.putObject("substitution")
                .putObject("allowedCodeableConcept")
                .putArray("coding")
                .add(
                        coding(
                                "http://terminology.hl7.org/CodeSystem/"
                                        + "v3-substanceAdminSubstitution",
                                "G",
                                "generic composition"));
    }

    private static void dosage(ObjectNode json, Draft.Line line) {
        ObjectNode dosage =
                json.putArray("dosageInstruction").addObject().put("text", line.words());
        dosage.putObject("timing")
                .putObject("repeat")
                .put("frequency", line.times())
                .put("period", 1)
                .put("periodUnit", "d");
        dosage.putObject("route")
                .putArray("coding")
                .add(
                        coding(
                                SYSTEMS + "route",
                                line.route(),
                                Codes.text("route", line.route(), false)));
        dosage.putArray("doseAndRate")
                .addObject()
                .putObject("doseQuantity")
                .put("value", new java.math.BigDecimal(line.dose()))
                .put("unit", line.doseUnit());
    }

    private void supply(ObjectNode json, Draft.Line line) {
        ObjectNode supply = json.putObject("dispenseRequest");
        supply.putObject("validityPeriod")
                .put("start", STAMP.format(now))
                .put("end", STAMP.format(now.plus(VALID)));
        supply.put("numberOfRepeatsAllowed", 0);
        supply.putObject("quantity")
                .put("value", new java.math.BigDecimal(line.quantity()))
                .put("unit", line.unit());
        supply.putObject("expectedSupplyDuration")
                .put("value", line.days())
                .put("unit", "天")
                .put("system", "http://unitsofmeasure.org")
                .put("code", "d");
    }
}
