package org.yifang.fhir.json;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

class FhirWriterTest {
    private static final Instant NOON = Instant.parse("2026-11-28T04:00:00.123456Z");

    @Test
    void what_is_null_or_empty_is_left_out() {
        byte[] json =
                FhirWriter.resource(
                        "Basic",
                        one -> {
                            one.string("id", null).instant("created", null);
                            one.reference("subject", "Patient", (UUID) null);
                            one.concept("code", "urn:codes", null, null);
                            one.period("period", null, null);
                            one.list("extension", all -> all.element(_ -> {}));
                            one.object("author", who -> who.list("identifier", _ -> {}));
                            one.list("more", all -> all.elements("[]".getBytes(UTF_8)));
                        });
        assertThat(json).asString(UTF_8).isEqualTo("{\"resourceType\":\"Basic\"}");
    }

    @Test
    void lists_and_objects_nest() {
        byte[] json =
                FhirWriter.object(one -> {
                    one.list(
                            "extension",
                            all -> {
                                all.extension(
                                        "a",
                                        x ->
                                                x.list(
                                                        "extension",
                                                        parts -> {
                                                            parts.part(
                                                                    "b",
                                                                    y ->
                                                                            y.number(
                                                                                    "valueInteger",
                                                                                    1));
                                                            parts.element(_ -> {});
                                                            parts.part(
                                                                    "c",
                                                                    y ->
                                                                            y.truth(
                                                                                    "valueBoolean",
                                                                                    true));
                                                        }));
                                all.elements("[{\"url\":\"d\"}]".getBytes(UTF_8));
                            });
                    one.meta(2, NOON);
                });
        assertThat(json)
                .asString(UTF_8)
                .isEqualTo(
                        """
                        {"extension":[{"url":"https://yifang.org/fhir/StructureDefinition/a",\
                        "extension":[{"url":"b","valueInteger":1},{"url":"c",\
                        "valueBoolean":true}]},\
                        {"url":"d"}],"meta":{"versionId":"2",\
                        "lastUpdated":"2026-11-28T12:00:00.123+08:00"}}\
                        """);
    }

    @Test
    void amounts_keep_their_digits() {
        byte[] json =
                FhirWriter.object(one -> {
                    one.quantity("dose", new BigDecimal("1E+1"), "mg");
                    one.quantity("exact", new BigDecimal("5.10"), "mg");
                    one.money("price", 1_205);
                });
        assertThat(json)
                .asString(UTF_8)
                .isEqualTo(
                        """
                        {"dose":{"value":10,"unit":"mg"},"exact":{"value":5.10,"unit":"mg"},\
                        "price":{"value":12.05,"currency":"CNY"}}\
                        """);
    }

    @Test
    void each_kind_of_part_has_one_shape() {
        UUID id = new UUID(0, 7);
        byte[] json =
                FhirWriter.object(one -> {
                    one.identifier("identifier", "urn:numbers", "1\"2");
                    one.concept("code", "urn:codes", "c", "药");
                    one.reference("subject", "Patient", id);
                    one.period("period", NOON, null);
                    one.list(
                            "part",
                            all ->
                                    all.element(x ->
                                            x.string("name", "p")
                                                    .raw("resource", "{}".getBytes(UTF_8))));
                });
        assertThat(json)
                .asString(UTF_8)
                .isEqualTo(
                        """
                        {"identifier":{"system":"urn:numbers","value":"1\\"2"},\
                        "code":{"coding":[{"system":"urn:codes","code":"c"}],"text":"药"},\
                        "subject":{"reference":"Patient/00000000-0000-0000-0000-000000000007"},\
                        "period":{"start":"2026-11-28T12:00:00.123+08:00"},\
                        "part":[{"name":"p","resource":{}}]}\
                        """);
    }
}
