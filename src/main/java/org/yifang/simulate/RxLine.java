package org.yifang.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/// Writes one line of a prescription: a MedicationRequest.
final class RxLine {
    private static final String UCUM = "http://unitsofmeasure.org";
    private static final String HIS_DRUG = "https://his.example/drug";
    private static final String HIS_LINE = "https://his.example/line";

    /// The line itself; who, when and why are put in by the document around it.
    ///
    /// @param number the prescription's number
    /// @param position 1 for the first line
    static JsonObject of(Complaint.Line line, String number, int position) {
        JsonObject lineNumber = Json.identifier(Json.SID + "rx-line", number + "-" + position);
        JsonObject product = Json.coding(Json.SID + "nhsa-drug", line.drug().code());
        // Systems of hospitals send their own codes and numbers beside those that count here.
        JsonObject own = Json.coding(HIS_DRUG, "D-" + line.drug().code().substring(0, 7));
        String ownNumber = number.substring(number.length() - 6) + "/" + position;
        JsonObject generic =
                Json.coding(
                        "http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution",
                        "G",
                        "generic composition");
        return new JsonObject()
                .put("resourceType", "MedicationRequest")
                .put("identifier", JsonArray.of(lineNumber, Json.identifier(HIS_LINE, ownNumber)))
                .put("status", "active")
                .put("intent", "order")
                .put("category", JsonArray.of(Json.concept(category(line.drug()))))
                .put(
                        "medicationCodeableConcept",
                        Json.concept(product, own).put("text", line.drug().name()))
                .put("groupIdentifier", Json.identifier(Json.SID + "rx-number", number))
                .put("dosageInstruction", JsonArray.of(dosage(line)))
                .put("dispenseRequest", dispenseRequest(line))
                .put(
                        "substitution",
                        new JsonObject().put("allowedCodeableConcept", Json.concept(generic)));
    }

    /// From when until when it may be fetched.
    static void validity(JsonObject request, String start, String end) {
        request.getJsonObject("dispenseRequest")
                .put("validityPeriod", new JsonObject().put("start", start).put("end", end));
    }

    private static JsonObject category(Drug drug) {
        String words = drug.kind().equals("western") ? "西药" : "中成药";
        return Json.coding(Json.CODE_SYSTEM + "prescription-type", drug.kind(), words);
    }

    private static JsonObject dosage(Complaint.Line line) {
        JsonObject repeat =
                new JsonObject()
                        .put("frequency", line.timesPerDay())
                        .put("period", 1)
                        .put("periodUnit", "d");
        JsonObject dose = new JsonObject().put("value", line.dose()).put("unit", line.doseUnit());
        if (line.doseUnit().matches("[a-zA-Z]+")) {
            dose.put("system", UCUM).put("code", line.doseUnit());
        }
        JsonObject oral = Json.coding(Json.CODE_SYSTEM + "route", "oral", "口服");
        return new JsonObject()
                .put("text", line.words())
                .put("timing", new JsonObject().put("repeat", repeat))
                .put("route", Json.concept(oral))
                .put("doseAndRate", JsonArray.of(new JsonObject().put("doseQuantity", dose)));
    }

    private static JsonObject dispenseRequest(Complaint.Line line) {
        JsonObject days =
                new JsonObject()
                        .put("value", line.days())
                        .put("unit", "天")
                        .put("system", UCUM)
                        .put("code", "d");
        return new JsonObject()
                .put("numberOfRepeatsAllowed", 0)
                .put(
                        "quantity",
                        new JsonObject()
                                .put("value", line.quantity())
                                .put("unit", line.drug().unit()))
                .put("expectedSupplyDuration", days);
    }

    private RxLine() {}
}
