package org.yifang.simulate;

import io.vertx.core.json.JsonObject;

import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// The service's drug catalogue, as read over its interface.
final class Shelf {
    private final Map<String, Drug> byCode = new HashMap<>();
    private final Map<String, List<Drug>> byName = new HashMap<>();
    private final Map<String, List<Drug>> bySet = new HashMap<>();

    Shelf(List<Drug> drugs) {
        // In a fixed order, so that a seed means the same day whatever order the service answers
        // in.
        for (Drug drug : drugs.stream().sorted(Comparator.comparing(Drug::code)).toList()) {
            byCode.put(drug.code(), drug);
            byName.computeIfAbsent(drug.name(), _ -> new ArrayList<>()).add(drug);
            bySet.computeIfAbsent(drug.set(), _ -> new ArrayList<>()).add(drug);
        }
    }

    /// Reads every Medication, page by page, as a pharmacy.
    static Shelf fetched(Remote remote) {
        County.Client pharmacy = County.PHARMACIES.getFirst();
        Tokens.Sender who = new Tokens.Sender(pharmacy, pharmacy.staff().getFirst());
        List<Drug> drugs = new ArrayList<>();
        String next = "/fhir/Medication?_count=200";
        while (!next.isEmpty()) {
            Answer page = remote.get("search Medication", who, next);
            if (!page.isGood()) {
                throw new IllegalStateException(
                        "The catalogue cannot be read: " + page.status() + " " + page.words());
            }
            Json.found(page.body()).map(Shelf::drug).forEach(drugs::add);
            next = nextPage(page.body());
        }
        return new Shelf(drugs);
    }

    /// Every product with that generic name.
    List<Drug> named(String genericName) {
        return byName.getOrDefault(genericName, List.of());
    }

    /// A product that may be handed over for what was prescribed: any maker's and pack of the same
    /// drug, if possible one whose packs need not be split.
    Drug standIn(String prescribedCode, int units, RandomGenerator random) {
        Drug prescribed = Objects.requireNonNull(byCode.get(prescribedCode), prescribedCode);
        List<Drug> same =
                bySet.getOrDefault(prescribed.set(), List.of()).stream()
                        .filter(drug -> drug.unit().equals(prescribed.unit()))
                        .toList();
        List<Drug> whole = same.stream().filter(one -> units % one.packFactor() == 0).toList();
        List<Drug> choice = whole.isEmpty() ? same : whole;
        return choice.get(random.nextInt(choice.size()));
    }

    private static Drug drug(JsonObject medication) {
        JsonObject code = Json.inside(medication, "code");
        JsonObject perPack = Json.inside(Json.inside(medication, "amount"), "numerator");
        return new Drug(
                Json.code(code, Json.SID + "nhsa-drug"),
                code.getString("text", ""),
                extension(medication, "substitution-set", "valueString"),
                extension(medication, "drug-kind", "valueCode"),
                perPack.getString("unit", ""),
                new BigDecimal(String.valueOf(perPack.getNumber("value", 1))).intValueExact());
    }

    private static String extension(JsonObject resource, String name, String type) {
        return Json.each(resource, "extension")
                .filter(one -> (Json.EXTENSION + name).equals(one.getString("url")))
                .map(one -> one.getString(type, ""))
                .findFirst()
                .orElse("");
    }

    private static String nextPage(JsonObject bundle) {
        return Json.each(bundle, "link")
                .filter(link -> "next".equals(link.getString("relation")))
                .map(link -> URI.create(link.getString("url")))
                .map(url -> url.getRawPath() + "?" + url.getRawQuery())
                .findFirst()
                .orElse("");
    }
}
