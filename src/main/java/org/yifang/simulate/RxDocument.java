package org.yifang.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Writes the document Bundle of a prescription, as a hospital's own system would.
final class RxDocument {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final String LOINC = "http://loinc.org";
    private static final int VALIDITY_DAYS = 3;

    private final Visit visit;
    private final String number;
    private final String written;
    private final String until;
    private final String arrived;
    private final RandomGenerator random;
    private final JsonArray entries = new JsonArray();

    private RxDocument(Visit visit, String number, Instant arrived, Instant written) {
        this.visit = visit;
        this.number = number;
        this.arrived = stamp(arrived);
        this.written = stamp(written);
        this.until = stamp(written.plus(VALIDITY_DAYS, ChronoUnit.DAYS));
        this.random = new SplittableRandom(visit.seed());
    }

    /// The prescription that ends this visit; the same whenever these four are the same.
    ///
    /// @param number the hospital's prescription number
    /// @param arrived when the patient came in
    /// @param written when the prescriber (and the reviewing pharmacist) signed
    static JsonObject of(Visit visit, String number, Instant arrived, Instant written) {
        return new RxDocument(visit, number, arrived, written).bundle();
    }

    /// A moment as people in China write it, to the second.
    static String stamp(Instant moment) {
        return OffsetDateTime.ofInstant(moment, SHANGHAI)
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    private JsonObject bundle() {
        String composition = urn();
        String patient = urn();
        String doctor = urn();
        String hospital = urn();
        String encounter = urn();
        String condition = urn();
        boolean reviewed = visit.has(Visit.Quirk.REVIEWED_BEFORE);
        String pharmacist = reviewed ? urn() : "";
        List<String> requests = visit.complaint().lines().stream().map(_ -> urn()).toList();

        JsonArray attesters = JsonArray.of(attester("legal", doctor));
        if (reviewed) {
            attesters.add(attester("professional", pharmacist));
        }
        add(
                composition,
                composition(patient, encounter, doctor)
                        .put("attester", attesters)
                        .put("custodian", Json.reference(hospital))
                        .put("section", JsonArray.of(diagnosis(condition), lines(requests)))
                        .put("extension", JsonArray.of(circulation())));
        add(patient, patient());
        add(doctor, practitioner(visit.hospital().client().staff().get(visit.doctor())));
        if (reviewed) {
            add(pharmacist, practitioner(County.REVIEWER.staff().getFirst()));
        }
        add(hospital, hospital());
        add(encounter, encounter(patient, hospital));
        add(condition, condition(patient, encounter));
        for (int i = 0; i < requests.size(); i++) {
            Complaint.Line line = visit.complaint().lines().get(i);
            JsonObject request =
                    RxLine.of(line, number, i + 1)
                            .put("subject", Json.reference(patient))
                            .put("encounter", Json.reference(encounter))
                            .put("requester", Json.reference(doctor))
                            .put("reasonReference", JsonArray.of(Json.reference(condition)))
                            .put("authoredOn", written);
            RxLine.validity(request, written, until);
            add(requests.get(i), request);
        }
        return new JsonObject()
                .put("resourceType", "Bundle")
                .put("identifier", number())
                .put("type", "document")
                .put("timestamp", written)
                .put("entry", entries);
    }

    private JsonObject composition(String patient, String encounter, String doctor) {
        return new JsonObject()
                .put("resourceType", "Composition")
                .put("status", "final")
                .put("identifier", number())
                .put(
                        "type",
                        Json.concept(Json.coding(LOINC, "57833-6", "Prescription for medication"))
                                .put("text", "门诊处方"))
                .put("subject", Json.reference(patient))
                .put("encounter", Json.reference(encounter))
                .put("date", written)
                .put("author", JsonArray.of(Json.reference(doctor)))
                .put("title", visit.hospital().name() + " 门诊处方");
    }

    private JsonObject attester(String mode, String party) {
        return new JsonObject()
                .put("mode", mode)
                .put("time", written)
                .put("party", Json.reference(party));
    }

    private static JsonObject circulation() {
        return new JsonObject().put("url", Json.EXTENSION + "circulation").put("valueCode", "open");
    }

    private JsonObject diagnosis(String condition) {
        return section(
                "诊断",
                Json.coding(LOINC, "29548-5", "Diagnosis"),
                List.of(condition),
                visit.complaint().diagnosis());
    }

    private JsonObject lines(List<String> requests) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < requests.size(); i++) {
            words.append(i == 0 ? "" : "；").append(i + 1).append(". ");
            words.append(visit.complaint().lines().get(i).words());
        }
        return section(
                "Rp",
                Json.coding(LOINC, "57828-6", "Prescription list"),
                requests,
                words.toString());
    }

    private static JsonObject section(
            String title, JsonObject code, List<String> entries, String words) {
        JsonArray references = new JsonArray();
        entries.forEach(entry -> references.add(Json.reference(entry)));
        String div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">" + words + "</div>";
        return new JsonObject()
                .put("title", title)
                .put("code", Json.concept(code))
                .put("entry", references)
                .put("text", new JsonObject().put("status", "generated").put("div", div));
    }

    private JsonObject patient() {
        Person person = visit.patient();
        JsonObject card =
                Json.identifier(Json.IDENTITY_CARD, person.identityCard()).put("use", "official");
        return new JsonObject()
                .put("resourceType", "Patient")
                .put("identifier", JsonArray.of(card))
                .put("name", JsonArray.of(new JsonObject().put("text", person.name())))
                .put("gender", person.gender())
                .put("birthDate", person.birthDate().toString());
    }

    private static JsonObject practitioner(County.Staff staff) {
        return new JsonObject()
                .put("resourceType", "Practitioner")
                .put(
                        "identifier",
                        JsonArray.of(Json.identifier(Json.SID + "nhsa-staff", staff.number())))
                .put("name", JsonArray.of(new JsonObject().put("text", staff.name())));
    }

    private JsonObject hospital() {
        County.Hospital hospital = visit.hospital();
        return new JsonObject()
                .put("resourceType", "Organization")
                .put(
                        "identifier",
                        JsonArray.of(
                                Json.identifier(
                                        Json.SID + "nhsa-org", hospital.client().organization()),
                                Json.identifier(Json.SID + "uscc", hospital.uscc())))
                .put("name", hospital.name());
    }

    private JsonObject encounter(String patient, String hospital) {
        JsonObject ambulatory =
                Json.coding(
                        "http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", "ambulatory");
        return new JsonObject()
                .put("resourceType", "Encounter")
                .put(
                        "identifier",
                        JsonArray.of(
                                Json.identifier(Json.SID + "visit", "MZ-" + number),
                                Json.identifier("https://his.example/visit", "V" + number)))
                .put("status", "in-progress")
                .put("class", ambulatory)
                .put("subject", Json.reference(patient))
                .put("serviceType", new JsonObject().put("text", visit.complaint().department()))
                .put("serviceProvider", Json.reference(hospital))
                .put("period", new JsonObject().put("start", arrived));
    }

    private JsonObject condition(String patient, String encounter) {
        Complaint complaint = visit.complaint();
        JsonObject code =
                Json.coding(
                                "urn:oid:2.16.156.10011.2.3.3.11",
                                complaint.icd(),
                                complaint.diagnosis())
                        .put("version", "医保2.0");
        return new JsonObject()
                .put("resourceType", "Condition")
                .put(
                        "clinicalStatus",
                        Json.concept(
                                Json.coding(
                                        "http://terminology.hl7.org/CodeSystem/condition-clinical",
                                        "active")))
                .put("code", Json.concept(code).put("text", complaint.diagnosis()))
                .put("subject", Json.reference(patient))
                .put("encounter", Json.reference(encounter));
    }

    private JsonObject number() {
        return Json.identifier(Json.SID + "rx-number", number);
    }

    private void add(String url, JsonObject resource) {
        entries.add(new JsonObject().put("fullUrl", url).put("resource", resource));
    }

    /// A random UUID (version 4) that the visit's seed decides.
    private String urn() {
        long most = random.nextLong() & ~0xF000L | 0x4000L;
        long least = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return "urn:uuid:" + new UUID(most, least);
    }
}
