package org.yifang.console.counter;

import static org.yifang.console.frame.Screens.field;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Parameters;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.time.Instant;

/// Makes the call of `$dispense` out of what was filled in at the counter.
final class DispenseForm {
    private static final String EXTENSIONS = "https://yifang.org/fhir/StructureDefinition/";
    private static final String SYSTEMS = "https://yifang.org/fhir/sid/";
    private static final int LINES_MOST = 200;

    /// @param now when the browser did not say when the hand-over was
    static ObjectNode parameters(RoutingContext http, Caller caller, Instant now) {
        String staff = caller.person().id() == null ? "" : caller.person().id();
        String at =
                field(http, "handed-over").isEmpty() ? now.toString() : field(http, "handed-over");
        Parameters parameters =
                new Parameters()
                        .string("claim-token", field(http, "claim-token"))
                        .flag("checked", field(http, "checked").equals("true"));
        if (field(http, "keep").equals("true")) {
            parameters.flag("keep", true);
        }
        for (int line = 1; line <= LINES_MOST && !field(http, at(line, "id")).isEmpty(); line++) {
            BigDecimal quantity = quantity(field(http, at(line, "quantity")));
            if (quantity.signum() != 0) {
                parameters.resource("dispense", dispense(http, line, quantity, at, staff));
            }
        }
        return parameters.json();
    }

    private static String at(int line, String field) {
        return "line-" + line + "-" + field;
    }

    /// What cannot be read stays in the call, for its refusal to say so.
    private static BigDecimal quantity(String text) {
        try {
            return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
        } catch (NumberFormatException unreadable) {
            return BigDecimal.ONE.negate();
        }
    }

    private static ObjectNode dispense(
            RoutingContext http, int line, BigDecimal quantity, String at, String staff) {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("resourceType", "MedicationDispense")
                        .put("status", "completed");
        json.putArray("identifier")
                .addObject()
                .put("system", "urn:yifang:counter")
                .put("value", field(http, "once") + "-" + line);
        json.putArray("authorizingPrescription")
                .addObject()
                .put("reference", "MedicationRequest/" + field(http, at(line, "id")));
        json.putObject("medicationCodeableConcept")
                .putArray("coding")
                .addObject()
                .put("system", SYSTEMS + "nhsa-drug")
                .put("code", field(http, at(line, "product")));
        json.putObject("quantity")
                .put("value", quantity)
                .put("unit", field(http, at(line, "unit")));
        json.put("whenHandedOver", at);
        performer(json, "prepare", field(http, "prepare"));
        performer(json, "check", field(http, "check"));
        performer(json, "hand-over", staff.isEmpty() ? field(http, "check") : staff);
        extensions(http, line, json);
        return json;
    }

    private static void performer(ObjectNode json, String function, String number) {
        if (number.isEmpty()) {
            return;
        }
        ObjectNode performer = json.withArray("performer").addObject();
        performer
                .putObject("function")
                .putArray("coding")
                .addObject()
                .put("system", "https://yifang.org/fhir/CodeSystem/dispense-performer-function")
                .put("code", function);
        performer
                .putObject("actor")
                .putObject("identifier")
                .put("system", SYSTEMS + "nhsa-staff")
                .put("value", number);
    }

    private static void extensions(RoutingContext http, int line, ObjectNode json) {
        for (String code : field(http, at(line, "trace")).split("[\\s,;，；]+", -1)) {
            if (!code.isEmpty()) {
                extension(json, "trace-code").put("valueString", code);
            }
        }
        if (field(http, at(line, "split")).equals("true")) {
            extension(json, "split-pack").put("valueBoolean", true);
        }
        String lot = field(http, at(line, "lot"));
        if (!lot.isEmpty()) {
            extension(json, "lot").put("valueString", lot);
        }
        String expiry = field(http, at(line, "expiry"));
        if (!expiry.isEmpty()) {
            extension(json, "expiry").put("valueDate", expiry);
        }
        String price = field(http, at(line, "price"));
        if (!price.isEmpty()) {
            extension(json, "price-charged")
                    .putObject("valueMoney")
                    .put("value", quantity(price))
                    .put("currency", "CNY");
        }
    }

    private static ObjectNode extension(ObjectNode json, String name) {
        return json.withArray("extension").addObject().put("url", EXTENSIONS + name);
    }

    private DispenseForm() {}
}
