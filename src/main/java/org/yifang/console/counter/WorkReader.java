package org.yifang.console.counter;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Puts together what the counter shows of a claimed prescription.
final class WorkReader {
    private static final String SET = "substitution-set";
    private static final int PRODUCTS_MOST = 30;

    private final Contract contract;

    WorkReader(Contract contract) {
        this.contract = contract;
    }

    /// Out of the answer of `$claim`.
    Work read(Caller caller, Page page, JsonNode claim) {
        Map<String, List<JsonNode>> parts = new LinkedHashMap<>();
        List<Trouble> warnings = new ArrayList<>();
        JsonNode task = Parameters.find(claim, "task").path("resource");
        for (JsonNode one : claim.path("parameter")) {
            JsonNode resource = one.path("resource");
            switch (one.path("name").asText()) {
                case "prescription" ->
                        parts.computeIfAbsent(
                                        resource.path("resourceType").asText(),
                                        _ -> new ArrayList<>())
                                .add(resource);
                case "warnings" -> warnings.addAll(Trouble.warnings(resource, page.en()));
                default -> {}
            }
        }
        JsonNode patient = first(parts, "Patient");
        List<Line> lines = new ArrayList<>();
        for (JsonNode line : parts.getOrDefault("MedicationRequest", List.of())) {
            lines.add(line(caller, lines.size() + 1, line));
        }
        return new Work(
                task.path("id").asText(),
                task.at("/groupIdentifier/value").asText(),
                Read.state(task),
                Codes.reason(task, page.en()),
                Parameters.find(claim, "claim-token").path("valueString").asText(),
                Parameters.find(claim, "lease-until").path("valueInstant").asText(),
                UUID.randomUUID().toString(),
                patient.at("/name/0/text").asText(),
                about(page, patient),
                first(parts, "Composition").path("title").asText(),
                parts.getOrDefault("Condition", List.of()).stream()
                        .map(one ->
                                one.at("/code/text")
                                        .asText(one.at("/code/coding/0/display").asText()))
                        .collect(Collectors.joining("；")),
                parts.getOrDefault("MedicationRequest", List.of()).stream()
                        .findFirst()
                        .map(one -> one.at("/category/0/coding/0/display").asText())
                        .orElse(""),
                parts.getOrDefault("AllergyIntolerance", List.of()).stream()
                        .map(one ->
                                one.at("/code/text")
                                        .asText(one.at("/code/coding/0/display").asText()))
                        .toList(),
                warnings,
                lines,
                handed(caller, lines));
    }

    /// Of a prescription whose claim is over, or whose code is not at hand.
    Work finished(Caller caller, Page page, JsonNode task, String claimToken) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode input : task.path("input")) {
            if (input.at("/type/coding/0/code").asText().equals("line")) {
                String reference = input.at("/valueReference/reference").asText();
                JsonNode line = contract.get(caller, "/" + reference).json();
                lines.add(line(caller, lines.size() + 1, line));
            }
        }
        JsonNode patient = contract.get(caller, "/" + task.at("/for/reference").asText()).json();
        return new Work(
                task.path("id").asText(),
                task.at("/groupIdentifier/value").asText(),
                Read.state(task),
                Codes.reason(task, page.en()),
                claimToken,
                "",
                UUID.randomUUID().toString(),
                patient.at("/name/0/text").asText(),
                about(page, patient),
                "",
                "",
                "",
                List.of(),
                List.of(),
                lines,
                handed(caller, lines));
    }

    private static JsonNode first(Map<String, List<JsonNode>> parts, String type) {
        List<JsonNode> all = parts.getOrDefault(type, List.of());
        return all.isEmpty()
                ? com.fasterxml.jackson.databind.node.MissingNode.getInstance()
                : all.getFirst();
    }

    static String about(Page page, JsonNode patient) {
        String gender =
                switch (patient.path("gender").asText()) {
                    case "female" -> page.t("女", "female");
                    case "male" -> page.t("男", "male");
                    default -> "";
                };
        String age = Read.age(patient, page.at());
        return gender + (age.isEmpty() ? "" : " " + age + page.t("岁", " years"));
    }

    private Line line(Caller caller, int number, JsonNode line) {
        JsonNode remaining = Read.extension(line, "remaining-quantity").path("valueQuantity");
        String code = line.at("/medicationCodeableConcept/coding/0/code").asText();
        String name = line.at("/medicationCodeableConcept/text").asText(code);
        boolean exact =
                line.at("/substitution/allowedCodeableConcept/coding/0/code").asText().equals("N");
        return new Line(
                number,
                line.path("id").asText(),
                name,
                line.at("/dosageInstruction/0/text").asText(),
                Read.quantity(line.at("/dispenseRequest/quantity")),
                remaining.path("value").decimalValue(),
                remaining.path("unit").asText(),
                exact,
                products(caller, code, name, exact));
    }

    /// The prescribed product and, unless it must be that very one, what else fulfils the line and
    /// is offered here.
    private List<Line.Product> products(Caller caller, String code, String name, boolean exact) {
        Map<String, JsonNode> drugs = new LinkedHashMap<>();
        JsonNode prescribed = contract.get(caller, "/Medication/" + code).json();
        drugs.put(code, prescribed);
        String set = Read.extension(prescribed, SET).path("valueString").asText();
        if (!exact && !set.isEmpty()) {
            String search =
                    "/Medication?substitution-set="
                            + java.net.URLEncoder.encode(
                                    set, java.nio.charset.StandardCharsets.UTF_8)
                            + "&_count="
                            + PRODUCTS_MOST;
            for (JsonNode one : contract.get(caller, search).entries()) {
                drugs.putIfAbsent(one.path("id").asText(), one);
            }
        }
        Map<String, JsonNode> offers = offers(caller, drugs);
        List<Line.Product> products = new ArrayList<>();
        drugs.forEach((each, drug) -> {
            JsonNode offer = offers.get(each);
            if (offer != null || each.equals(code)) {
                products.add(product(each, each.equals(code) ? name : "", drug, offer));
            }
        });
        return products;
    }

    private Map<String, JsonNode> offers(Caller caller, Map<String, JsonNode> drugs) {
        Map<String, JsonNode> offers = new LinkedHashMap<>();
        String search =
                "/ChargeItemDefinition?seller=Organization/"
                        + caller.organizationId()
                        + "&instance="
                        + drugs.keySet().stream()
                                .map(one -> "Medication/" + one)
                                .collect(Collectors.joining(","))
                        + "&_count="
                        + PRODUCTS_MOST;
        for (JsonNode offer : contract.get(caller, search).entries()) {
            offers.put(Read.id(offer.at("/instance/0")), offer);
        }
        return offers;
    }

    private static Line.Product product(
            String code,
            String name,
            JsonNode drug,
            @org.jspecify.annotations.Nullable JsonNode offer) {
        BigDecimal price =
                offer == null
                        ? BigDecimal.ZERO
                        : offer.at("/propertyGroup/0/priceComponent/0/amount/value").decimalValue();
        BigDecimal units =
                offer == null
                        ? BigDecimal.ZERO
                        : Read.extension(offer, "offer-pack-quantity")
                                .at("/valueQuantity/value")
                                .decimalValue();
        String shown = name.isEmpty() ? drug.at("/code/coding/0/display").asText(code) : name;
        String maker = drug.at("/manufacturer/display").asText();
        return new Line.Product(code, shown, maker, price, units);
    }

    /// What has been handed out of these lines, here and elsewhere.
    List<Work.Handed> handed(Caller caller, List<Line> lines) {
        List<Work.Handed> all = new ArrayList<>();
        if (lines.isEmpty()) {
            return all;
        }
        String search =
                "/MedicationDispense?prescription="
                        + lines.stream()
                                .map(line -> "MedicationRequest/" + line.id())
                                .collect(Collectors.joining(","));
        Set<String> own =
                contract
                        .get(caller, search + "&performer=Organization/" + caller.organizationId())
                        .entries()
                        .stream()
                        .map(one -> one.path("id").asText())
                        .collect(Collectors.toSet());
        for (JsonNode one : contract.get(caller, search).entries()) {
            all.add(handed(one, lines, own.contains(one.path("id").asText())));
        }
        return all;
    }

    /// The name that the dispense gives, else that of its product.
    private static String name(JsonNode one, List<Line> lines) {
        JsonNode drug = one.path("medicationCodeableConcept");
        String code = drug.at("/coding/0/code").asText();
        return lines.stream()
                .flatMap(line -> line.products().stream())
                .filter(product -> product.code().equals(code))
                .map(Line.Product::name)
                .findFirst()
                .filter(_ -> drug.path("text").asText().isEmpty())
                .orElse(drug.path("text").asText(drug.at("/coding/0/display").asText(code)));
    }

    private static Work.Handed handed(JsonNode one, List<Line> lines, boolean own) {
        List<String> codes = new ArrayList<>();
        for (JsonNode extension : one.path("extension")) {
            if (extension.path("url").asText().endsWith("/trace-code")) {
                codes.add(extension.path("valueString").asText());
            }
        }
        JsonNode back = Read.extension(one, "taken-back");
        return new Work.Handed(
                one.path("id").asText(),
                one.at("/identifier/0/system").asText(),
                one.at("/identifier/0/value").asText(),
                name(one, lines),
                Read.quantity(one.path("quantity")),
                Read.number(one.at("/quantity/value")),
                one.at("/quantity/unit").asText(),
                Read.money(Read.extension(one, "price-charged").at("/valueMoney/value")),
                Read.extension(one, "lot").path("valueString").asText(),
                codes,
                Read.time(one.path("whenHandedOver")),
                own,
                !back.isMissingNode());
    }
}
