package org.yifang.simulate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// What a pharmacy sends when it has handed over every line of a prescription.
final class DispenseCall {
    static final String KEYS = "https://simulated-pharmacy.example/dispense";
    private static final int CHEAPEST_PACK_FEN = 380;
    private static final int DEAREST_PACK_FEN = 8_900;

    private final Counter.Claim claim;
    private final List<String> keys = new ArrayList<>();
    private final List<JsonObject> dispenses = new ArrayList<>();

    /// Chooses the products: for each line one that may stand for what was prescribed.
    DispenseCall(
            Scene scene, Rx rx, Counter.Claim claim, RandomGenerator random, Instant handedOver) {
        this.claim = claim;
        for (JsonObject request : claim.requests()) {
            String key = rx.number() + "-" + (keys.size() + 1);
            keys.add(key);
            dispenses.add(dispense(scene, key, request, random, handedOver));
        }
    }

    /// The keys of the dispenses, in the order of the lines.
    List<String> keys() {
        return List.copyOf(keys);
    }

    /// One prepares, another checks.
    Buffer byTwoPeople() {
        return body(0, 1);
    }

    /// The same person prepares and checks, which the law does not allow.
    Buffer byOnePerson() {
        return body(0, 0);
    }

    private Buffer body(int preparing, int checking) {
        List<County.Staff> staff = claim.holder().staff();
        JsonArray performers =
                JsonArray.of(
                        performer("prepare", staff.get(preparing)),
                        performer("check", staff.get(checking)),
                        performer("hand-over", staff.getLast()));
        JsonArray parameters =
                JsonArray.of(Json.parameter("claim-token", "valueString", claim.token()));
        for (JsonObject dispense : dispenses) {
            JsonObject performed = dispense.copy().put("performer", performers);
            parameters.add(new JsonObject().put("name", "dispense").put("resource", performed));
        }
        parameters.add(Json.parameter("checked", "valueBoolean", true));
        return new JsonObject()
                .put("resourceType", "Parameters")
                .put("parameter", parameters)
                .toBuffer();
    }

    private static JsonObject dispense(
            Scene scene,
            String key,
            JsonObject request,
            RandomGenerator random,
            Instant handedOver) {
        String prescribed =
                Json.code(
                        Json.inside(request, "medicationCodeableConcept"), Json.SID + "nhsa-drug");
        JsonObject quantity = Json.inside(Json.inside(request, "dispenseRequest"), "quantity");
        int units = new BigDecimal(quantity.getNumber("value").toString()).intValueExact();
        Drug product = scene.shelf().standIn(prescribed, units, random);
        int packs = (units + product.packFactor() - 1) / product.packFactor();
        JsonArray extensions = new JsonArray();
        for (String code : scene.packs().take(product, packs)) {
            extensions.add(extension("trace-code", "valueString", code));
        }
        if (units % product.packFactor() != 0) {
            extensions.add(extension("split-pack", "valueBoolean", true));
        }
        BigDecimal share = BigDecimal.valueOf((double) units / product.packFactor());
        extensions.add(extension("price-charged", "valueMoney", price(share, random)));
        JsonObject coding = Json.coding(Json.SID + "nhsa-drug", product.code());
        JsonObject own = Json.coding("https://pharmacy.example/drug", "P-" + product.code());
        return new JsonObject()
                .put("resourceType", "MedicationDispense")
                .put("identifier", JsonArray.of(Json.identifier(KEYS, key)))
                .put("status", "completed")
                .put(
                        "authorizingPrescription",
                        JsonArray.of(
                                Json.reference("MedicationRequest/" + request.getString("id"))))
                .put(
                        "medicationCodeableConcept",
                        Json.concept(coding, own).put("text", product.name()))
                .put("quantity", new JsonObject().put("value", units).put("unit", product.unit()))
                .put("whenHandedOver", handedOver.toString())
                .put("extension", extensions);
    }

    /// Whoever takes a part of a pack pays that part.
    private static JsonObject price(BigDecimal packs, RandomGenerator random) {
        int pack = random.nextInt(CHEAPEST_PACK_FEN, DEAREST_PACK_FEN);
        long fen = packs.multiply(BigDecimal.valueOf(pack)).longValue();
        return new JsonObject().put("value", BigDecimal.valueOf(fen, 2)).put("currency", "CNY");
    }

    private static JsonObject extension(String name, String type, Object value) {
        return new JsonObject().put("url", Json.EXTENSION + name).put(type, value);
    }

    private static JsonObject performer(String function, County.Staff staff) {
        JsonObject actor =
                new JsonObject()
                        .put("identifier", Json.identifier(Json.SID + "nhsa-staff", staff.number()))
                        .put("display", staff.name());
        return new JsonObject()
                .put(
                        "function",
                        Json.concept(
                                Json.coding(
                                        Json.CODE_SYSTEM + "dispense-performer-function",
                                        function)))
                .put("actor", actor);
    }
}
