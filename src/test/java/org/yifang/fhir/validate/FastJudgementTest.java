package org.yifang.fhir.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import org.hl7.fhir.r5.model.StructureDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.Fhir.Format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/// Whatever is wrong with a document, the shortcuts find the same as the validator without them.
final class FastJudgementTest {
    private static final Path EXAMPLES = Path.of("fhir-profiles/examples/valid");
    private static final List<String> DOCUMENTS =
            List.of(
                    "prescription.json",
                    "prescription-herbal.json",
                    "prescription-in-packs.json",
                    "prescription-long.json",
                    "prescription-renewed-signed.json",
                    "prescription-other-order.json");

    /// Right somewhere, wrong elsewhere, and next to what the shortcuts take for plain.
    private static final List<String> VALUES =
            List.of(
                    "",
                    " ",
                    "x ",
                    " x",
                    "#here",
                    "<b>x</b>",
                    "a\u202eb",
                    "a\u0001b",
                    "2026-02-29",
                    "2026-11-21",
                    "1799-01-01",
                    "2099-12-31",
                    "2026-11-21T08:00:00",
                    "2026-11-21T08:00:00+08:00",
                    "2026-11-21T24:00:00+08:00",
                    "2026-11-31T08:00:00.123Z",
                    "urn:uuid:00000000-0000-4000-8000-00000000000g",
                    "urn:uuid:00000000-0000-4000-8000-0000000000ff",
                    "urn:oid:1",
                    "http://unitsofmeasure.org",
                    "http://unitsofmeasure.org ",
                    "active",
                    "order",
                    "oral",
                    "mg",
                    "kg kg",
                    "7",
                    "07",
                    "-1",
                    "陈秀英",
                    "王、李",
                    "true");

    private static Definitions definitions;
    private static StructureDefinition profile;

    @BeforeAll
    static void read_the_definitions() {
        CoreDefinitions core = new CoreDefinitions();
        definitions = new Definitions(core, Conformance.load());
        core.forget();
        profile =
                definitions.fetchResource(
                        StructureDefinition.class, Validation.PRESCRIPTION_DOCUMENT);
    }

    @Test
    void three_hundred_spoilt_documents_are_judged_alike() throws IOException {
        compare(300, 20261121);
    }

    @Test
    @Tag("soak")
    void twenty_thousand_spoilt_documents_are_judged_alike() throws IOException {
        compare(20_000, 7);
    }

    /// After each of them, a sound one: what the reader of narratives met must not stay with it.
    @Test
    void odd_narratives_are_judged_alike() throws IOException {
        Checker fast = new Checker(definitions);
        Checker plain = new Checker(definitions, false);
        ObjectMapper mapper = new ObjectMapper();
        byte[] sound = Files.readAllBytes(EXAMPLES.resolve("prescription.json"));
        String head = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
        for (String div :
                List.of(
                        head + "<p>甲 <b>乙</b><br/>丙</p></div>",
                        head + "&nbsp;&AElig;&lt;&#20013;</div>",
                        head + "&nothing;</div>",
                        head + "&#xZZ;</div>",
                        head + "<p>open</div>",
                        head + "<script>alert(1)</script></div>",
                        head + "<p onclick=\"x\">y</p></div>",
                        head + "<a href=\"https://example.org\">y</a></div>",
                        head + "<a href=\"#nowhere\">y</a><img src=\"data:x\"/></div>",
                        head + "one</div><div>two</div>",
                        head + "one</div>two",
                        head + "<!-- remark -->one<?what?></div>",
                        head + "<![CDATA[ x < y ]]></div>",
                        head + "  \r\n </div>",
                        head + "</div>",
                        head,
                        head.replace(">", "/>"),
                        "<div>no name space</div>",
                        "<p xmlns=\"http://www.w3.org/1999/xhtml\">no div</p>",
                        "<!DOCTYPE div [<!ENTITY a \"b\">]>" + head + "&a;</div>",
                        head + "&a;</div>",
                        " " + head + "blank before</div>",
                        "plain text",
                        "",
                        head + "x".repeat(5000) + "</div>")) {
            JsonNode document = mapper.readTree(sound);
            List<JsonNode> narratives = document.findParents("div");
            assertThat(narratives).isNotEmpty();
            narratives.forEach(text -> ((ObjectNode) text).put("div", div));
            ((ObjectNode) document.path("entry").path(1).path("resource"))
                    .putObject("text")
                    .put("status", "generated")
                    .put("div", div);
            byte[] odd = mapper.writeValueAsBytes(document);
            for (byte[] body : List.of(odd, sound)) {
                assertThat(fast.check(body, Format.JSON, profile))
                        .as(div)
                        .isEqualTo(plain.check(body, Format.JSON, profile));
            }
        }
    }

    /// FHIRPath fails over what is no number, which is a finding of its own.
    @Test
    void numbers_that_are_none_are_judged_alike() throws IOException {
        Checker fast = new Checker(definitions);
        Checker plain = new Checker(definitions, false);
        ObjectMapper mapper = new ObjectMapper();
        for (String file : List.of("prescription.json", "prescription-herbal.json")) {
            for (String value : List.of("MZ2026", "", " ", "1e400", "1.", ".5", "+1", "0x1", "七")) {
                JsonNode document = mapper.readTree(Files.readAllBytes(EXAMPLES.resolve(file)));
                for (JsonNode parent : document.findParents("unit")) {
                    ((ObjectNode) parent).put("value", value);
                }
                byte[] body = mapper.writeValueAsBytes(document);
                assertThat(fast.check(body, Format.JSON, profile))
                        .as("%s in %s", value, file)
                        .isEqualTo(plain.check(body, Format.JSON, profile));
            }
        }
    }

    /// HAPI's registry takes 8 MB for each validator, for a question that ours never asks.
    @Test
    void the_registry_of_object_identifiers_is_the_empty_one() throws IOException {
        var found = getClass().getClassLoader().getResource("oidregistry.csv");
        assertThat(new String(found.openStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .hasSize(1);
    }

    private static void compare(int rounds, long seed) throws IOException {
        // The fast one judges sound and spoilt documents in turn and remembers from all of them.
        Checker fast = new Checker(definitions);
        Checker plain = new Checker(definitions, false);
        ObjectMapper mapper = new ObjectMapper();
        Random random = new Random(seed);
        List<JsonNode> documents = new ArrayList<>();
        for (String file : DOCUMENTS) {
            documents.add(mapper.readTree(Files.readAllBytes(EXAMPLES.resolve(file))));
        }
        int faulty = 0;
        for (int round = 0; round < rounds; round++) {
            JsonNode document = documents.get(random.nextInt(documents.size())).deepCopy();
            int spoils = random.nextInt(3);
            for (int i = 0; i < spoils; i++) {
                spoil(document, random);
            }
            byte[] body = mapper.writeValueAsBytes(document);
            var expected = plain.check(body, Format.JSON, profile);
            assertThat(fast.check(body, Format.JSON, profile))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
            faulty += expected.isEmpty() ? 0 : 1;
            if (round % 1000 == 999) {
                System.out.printf("%,d of %,d documents judged alike%n", round + 1, rounds);
            }
        }
        assertThat(faulty).as("documents with a finding").isGreaterThan(rounds / 4);
    }

    /// Changes, takes out, doubles or moves something at random.
    private static void spoil(JsonNode document, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        objects(document, objects);
        ObjectNode place = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        place.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        JsonNode old = place.get(name);
        switch (random.nextInt(6)) {
            case 0 -> place.remove(name);
            case 1 -> place.put(name + "X", "x");
            case 2 -> {
                if (old instanceof ArrayNode many) {
                    many.add(many.get(0).deepCopy());
                } else {
                    place.set("id", TextNode.valueOf("one"));
                }
            }
            case 3 -> {
                ObjectNode other = objects.get(random.nextInt(objects.size()));
                if (!name.equals("resource")) {
                    other.set(name, old.deepCopy());
                }
            }
            default -> {
                if (old.isTextual()) {
                    place.put(name, VALUES.get(random.nextInt(VALUES.size())));
                } else if (old.isNumber()) {
                    place.put(name, random.nextInt(20) - 5);
                } else if (old instanceof ArrayNode many) {
                    many.remove(0);
                }
            }
        }
    }

    private static void objects(JsonNode node, List<ObjectNode> found) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            found.add(object);
        }
        for (Iterator<JsonNode> all = node.elements(); all.hasNext(); ) {
            objects(all.next(), found);
        }
    }
}
